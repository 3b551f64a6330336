/** A service that calls the others with a token of its own. */
import { promisify } from 'node:util';
import { credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { Client } from '@symbolon/client';
import { Orders, options, setting } from './services.ts';

const { address, clientId, clientSecret } = options();
using symbolon = new Client({ address, clientId, clientSecret });
const { result } = await symbolon.tokens.issue({
  credential: { $case: 'clientSecret', value: { clientId, clientSecret } },
  scopes: ['read'],
});
const token = result?.$case === 'tokens' ? result.value.accessToken : '';

using grpc = {
  orders: new Orders(setting('ORDERS'), credentials.createInsecure()),
  [Symbol.dispose]: () => grpc.orders.close(),
};

/** What a method answers, as a line of text. */
async function call(method: 'List' | 'Cancel', authorization?: string): Promise<string> {
  const metadata = new Metadata();
  if (authorization !== undefined) {
    metadata.set('authorization', authorization);
  }
  try {
    const run = promisify(grpc.orders[method]?.bind(grpc.orders) as Unary);
    const { orders, client_id } = await run({}, metadata, { deadline: Date.now() + 5_000 });
    return `${orders?.join(' and ')}, for ${client_id}`;
  } catch (error) {
    const { code, metadata: trailers } = error as ServiceError;
    return `${status[code]}, ${trailers.get('www-authenticate')}`;
  }
}

type Answer = { readonly orders?: readonly string[]; readonly client_id?: string };
type Unary = (
  ...args: [request: object, metadata: Metadata, options: object, done: (error: unknown, answer: Answer) => void]
) => void;

async function fetchOrders(method: 'GET' | 'DELETE', authorization?: string): Promise<string> {
  const headers = authorization === undefined ? {} : { authorization };
  const response = await fetch(`http://${setting('SHOP')}/orders`, { method, headers });
  const { orders, client_id } = (response.ok ? await response.json() : {}) as Answer;
  const told = response.ok ? `${orders?.join(' and ')}, for ${client_id}` : response.headers.get('www-authenticate');
  return `${response.status}, ${told}`;
}

const say = (line: string) => process.stdout.write(`${line}\n`);
say(`gRPC with the token: ${await call('List', `Bearer ${token}`)}`);
say(`gRPC without a token: ${await call('List')}`);
say(`gRPC for a scope that the token lacks: ${await call('Cancel', `Bearer ${token}`)}`);
say(`HTTP with the token: ${await fetchOrders('GET', `Bearer ${token}`)}`);
say(`HTTP without a token: ${await fetchOrders('GET')}`);
say(`HTTP for a scope that the token lacks: ${await fetchOrders('DELETE', `Bearer ${token}`)}`);

// With `wait`, the answer comes when no service takes the token for live any more.
await symbolon.tokens.revoke({ target: { $case: 'token', value: token }, wait: 1 });
const [overGrpc, overHttp] = await Promise.all([
  call('List', `Bearer ${token}`),
  fetchOrders('GET', `Bearer ${token}`),
]);
say(`revoked: gRPC ${overGrpc.split(',')[0]}, HTTP ${overHttp.split(',')[0]}`);
