/** A real server with tokens of all kinds, and what each framework must answer whom. */
import { type IncomingMessage, type Server, request as startRequest } from 'node:http';
import { connect, type Http2Server, type IncomingHttpHeaders } from 'node:http2';
import { createServer } from 'node:net';
import { status as grpcStatus } from '@grpc/grpc-js';
import { expect } from 'vitest';
import { Client } from '../../../../sdk/typescript/client/src/index.ts';
import { Verifier, type VerifierOptions } from '../../../../sdk/typescript/server/src/index.ts';
import type { DemoRecord } from '../../../../src/server/demo.ts';
import { dataDirectory, ServerProcess } from '../../../process/server-process.ts';

let count = 0;

export const REALM = 'the "shop"';
const REALM_TOLD = 'realm="the \\"shop\\""';

/** What was sent, and what came back. `told`: `WWW-Authenticate`. */
export interface Answer {
  /** Of HTTP, or the name of that of gRPC. */
  readonly status: number | string;
  readonly told: string | undefined;
  /** Whether it says after how long to repeat. */
  readonly isRepeatable: boolean;
  readonly text: string;
}

/** Which of the routes of a service: `read` and `write` need that scope. */
export type Route = 'open' | 'read' | 'write' | 'lost';

/** Sends a request with these `authorization` headers to a route of the service under test. */
export type Ask = (route: Route, authorization: readonly string[]) => Promise<Answer>;

export class Bed implements AsyncDisposable {
  readonly verifier: Verifier;
  /** Of a server that is not there. */
  readonly lost: Verifier;
  readonly #server: ServerProcess;
  readonly #client: Client;
  readonly #data: ReturnType<typeof dataDirectory>;
  /** The clients that handlers were called for. */
  readonly handled: string[] = [];

  private constructor(server: ServerProcess, data: ReturnType<typeof dataDirectory>, lostPort: number) {
    const { grpc: address, service, admin } = server.demo;
    this.#server = server;
    this.#data = data;
    this.#client = new Client({ address, clientId: admin.client_id, clientSecret: admin.client_secret });
    const options = { clientId: service.client_id, clientSecret: service.client_secret, onWatchEnd: () => {} };
    this.verifier = new Verifier({ address, ...options });
    this.lost = new Verifier({ address: `127.0.0.1:${lostPort}`, ...options });
  }

  static async start(): Promise<Bed> {
    const data = dataDirectory();
    const server = await ServerProcess.startDemo({ dataDir: data.path });
    return new Bed(server, data, await portOfNobody());
  }

  get demo(): DemoRecord {
    return this.#server.demo;
  }

  /** Of a verifier. */
  get options(): VerifierOptions {
    const { grpc: address, service } = this.demo;
    return { address, clientId: service.client_id, clientSecret: service.client_secret };
  }

  /** A live token of the admin's client. */
  async token(scopes: readonly string[]): Promise<string> {
    const { client_id: clientId, client_secret: clientSecret } = this.#server.demo.admin;
    const credential = { $case: 'clientSecret', value: { clientId, clientSecret } } as const;
    const { result } = await this.#client.tokens.issue({ credential, scopes: [...scopes] });
    return result?.$case === 'tokens' ? result.value.accessToken : '';
  }

  /** A device of a new user and one of nobody, a token of the user, and one of a client that the user granted nothing. */
  async lamps() {
    const { devices, tokens, users } = this.#client;
    const [loginName, password] = [`ann-${++count}`, 'correct horse battery'];
    const { user } = await users.registerUser({ loginName, password });
    const userId = user?.userId ?? '';
    const make = async () =>
      (await devices.registerDevice({ vendorId: `lamp-${++count}`, password })).device?.deviceId ?? '';
    const [mine, others] = [await make(), await make()];
    await devices.addDeviceOwner({ device: { device: { $case: 'deviceId', value: mine } }, userId });
    const credential = { $case: 'userPassword', value: { username: loginName, password } } as const;
    const { result } = await tokens.issue({ credential });
    const token = result?.$case === 'tokens' ? result.value.accessToken : '';
    const account = { username: loginName, password };
    return { mine, others, token, userId, account, application: await this.#applicationToken() };
  }

  async #applicationToken(): Promise<string> {
    const { grpc: address, service } = this.demo;
    using client = new Client({ address, clientId: service.client_id, clientSecret: service.client_secret });
    const value = { clientId: service.client_id, clientSecret: service.client_secret };
    const { result } = await client.tokens.issue({ credential: { $case: 'clientSecret', value } });
    return result?.$case === 'tokens' ? result.value.accessToken : '';
  }

  /** Answers when no verifier lets anybody at it. */
  async disable(deviceId: string): Promise<void> {
    await this.#client.devices.disableDevice({ device: { device: { $case: 'deviceId', value: deviceId } }, wait: 1 });
  }

  /** Answers when no verifier takes it for live. */
  async revoke(token: string): Promise<void> {
    await this.#client.tokens.revoke({ target: { $case: 'token', value: token }, wait: 1 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.verifier.close();
    this.lost.close();
    this.#client.close();
    await this.#server.kill();
    this.#data[Symbol.dispose]();
  }
}

/** Every way of being refused, and that no handler ran for one of them. `isGrpc`: whose status `ask` tells. */
export async function expectGuarded(bed: Bed, ask: Ask, isGrpc: boolean): Promise<void> {
  const refusal = (http: number, grpc: keyof typeof grpcStatus, told: string | undefined, isRepeatable = false) => ({
    ...{ status: isGrpc ? grpc : http, told, isRepeatable },
  });
  const [token, other] = [await bed.token(['read']), await bed.token(['read', 'write'])];
  const missing = refusal(401, 'UNAUTHENTICATED', `Bearer ${REALM_TOLD}`);
  const wrong = refusal(400, 'INVALID_ARGUMENT', `Bearer ${REALM_TOLD}, error="invalid_request"`);
  const dead = refusal(401, 'UNAUTHENTICATED', `Bearer ${REALM_TOLD}, error="invalid_token"`);
  const lacking = refusal(
    ...([403, 'PERMISSION_DENIED', `Bearer ${REALM_TOLD}, error="insufficient_scope", scope="write"`] as const),
  );
  const live = { status: isGrpc ? 'OK' : 200, told: undefined, isRepeatable: false, text: 'demo-admin' };
  expect(await ask('read', [])).toMatchObject(missing);
  expect(await ask('read', ['Basic YTpi'])).toMatchObject(missing);
  expect(await ask('read', ['Bearer'])).toMatchObject(wrong);
  expect(await ask('read', [`Bearer ${token}, Bearer ${token}`])).toMatchObject(wrong);
  expect(await ask('read', [`Bearer ${token}`, `Bearer ${token}`])).toMatchObject(wrong);
  expect(await ask('read', ['', `Bearer ${token}`])).toMatchObject(wrong);
  expect(await ask('read', ['Bearer made-up'])).toMatchObject(dead);
  expect(await ask('read', [`Bearer ${token.slice(0, -1)}`])).toMatchObject(dead);
  expect(await ask('write', [`Bearer ${token}`])).toMatchObject(lacking);
  expect(await ask('lost', [`Bearer ${token}`])).toMatchObject(refusal(503, 'UNAVAILABLE', undefined, true));
  expect(bed.handled).toEqual([]);
  expect(await ask('read', [`Bearer ${token}`])).toMatchObject(live);
  expect(await ask('read', [`bearer  ${token}`])).toMatchObject(live);
  expect(await ask('write', [`Bearer ${other}`])).toMatchObject(live);
  expect(await ask('open', [])).toMatchObject({ ...live, text: 'nobody' });
  expect(bed.handled.splice(0)).toEqual(['demo-admin', 'demo-admin', 'demo-admin', 'nobody']);
  await bed.revoke(token);
  expect(await ask('read', [`Bearer ${token}`])).toMatchObject(dead);
  expect(bed.handled).toEqual([]);
}

/** Over HTTP/1.1, each header in a line of its own. `json`: the body. */
export async function askHttp(
  port: number,
  path: string,
  authorization: readonly string[],
  method = 'GET',
  json?: string,
): Promise<Answer> {
  const own = authorization.flatMap((value) => ['Authorization', value]);
  const type = json === undefined ? [] : ['Content-Type', 'application/json'];
  const headers = ['Host', '127.0.0.1', ...type, ...own];
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const request = startRequest({ host: '127.0.0.1', port, path, method, headers, agent: false }, resolve);
  request.on('error', reject).end(json);
  const response = await promise;
  const text = Buffer.concat(await Array.fromAsync(response as AsyncIterable<Buffer>)).toString();
  const { 'www-authenticate': told, 'retry-after': after, 'cache-control': kept } = response.headers;
  if ([400, 401, 403, 503].includes(response.statusCode ?? 0)) {
    expect(kept, 'Cache-Control of a refusal').toBe('no-store');
  }
  return { status: response.statusCode ?? 0, told, isRepeatable: Number(after) >= 1, text };
}

/** One call of gRPC with an empty message, over HTTP/2. `read` makes a text of what is answered. */
export async function askGrpc(
  port: number,
  path: string,
  authorization: readonly string[],
  read: (message: Buffer) => string,
): Promise<Answer & { readonly message: string }> {
  using session = {
    // Without it Node sends no header twice. Its types don't have it yet.
    client: connect(`http://127.0.0.1:${port}`, { strictSingleValueFields: false } as object),
    [Symbol.dispose]: () => session.client.destroy(),
  };
  // The stream tells of it.
  session.client.on('error', () => {});
  const fixed = { ':method': 'POST', ':path': path, ':scheme': 'http', ':authority': 'test', te: 'trailers' };
  const own = authorization.flatMap((value) => ['authorization', value]);
  const stream = session.client.request([
    ...[...Object.entries(fixed).flat(), 'content-type', 'application/grpc+proto'],
    ...own,
  ]);
  const headers: IncomingHttpHeaders = {};
  stream.on('response', (each) => Object.assign(headers, each)).on('trailers', (each) => Object.assign(headers, each));
  stream.end(Buffer.alloc(5));
  const bytes = Buffer.concat(await Array.fromAsync(stream as AsyncIterable<Buffer>));
  const code = Number(headers['grpc-status']);
  const isRepeatable = String(headers['grpc-status-details-bin'] ?? '') !== '';
  const text = code === 0 ? read(bytes.subarray(5)) : '';
  const message = decodeURIComponent(String(headers['grpc-message'] ?? ''));
  return { status: grpcStatus[code] ?? '', told: headers['www-authenticate'], isRepeatable, text, message };
}

/** Serves until the end of the scope. */
export async function listen(server: Server | Http2Server): Promise<AsyncDisposable & { readonly port: number }> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const close = async () => {
    if ('closeAllConnections' in server) {
      server.closeAllConnections();
    }
    await new Promise((resolve) => server.close(resolve));
  };
  return { port, [Symbol.asyncDispose]: close };
}

/** One where nobody listens, and nobody will while the process lives and asks for no other. */
export async function portOfNobody(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
