/** A revocation that waits for verifiers on several nodes, of which one stands still, and is killed: no answer comes too soon. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PostgresServer } from '../postgres.ts';
import { AcknowledgingVerifier } from '../process/acknowledging-verifier.ts';
import { TokenClient } from '../process/grpc-client.ts';
import { eventually } from '../process/program.ts';
import { Nodes } from './cluster.ts';

const VERIFIERS = 10;

let postgres: PostgresServer;
let nodes: Nodes;
let client: TokenClient;
let verifiers: AcknowledgingVerifier[] = [];

beforeAll(async () => {
  postgres = await PostgresServer.start();
  const store = postgres.urlOf(await postgres.createDatabase());
  nodes = await Nodes.start([store, store]);
  client = TokenClient.admin(nodes.demo).persistently();
  verifiers = Array.from(
    { length: VERIFIERS },
    (_, i) => new AcknowledgingVerifier(nodes.addresses[i % 2] ?? '', nodes.demo.admin),
  );
});

afterAll(async () => {
  for (const verifier of verifiers) {
    verifier[Symbol.dispose]();
  }
  client[Symbol.dispose]();
  await nodes[Symbol.asyncDispose]();
  await postgres[Symbol.asyncDispose]();
});

/** No check that begins after the answer is answered from memory without the revocation. */
async function revoke() {
  const { accessToken } = await client.issueToClient(nodes.demo.admin);
  const { revision, verifiers: awaited } = await client.revokeAndWait(accessToken);
  expect(verifiers.filter(({ isOpen, known }) => isOpen && known < revision)).toEqual([]);
  return awaited;
}

/** Until an answer comes before the longest wait, for everybody is known: so many verifiers at least. */
function untilEarly(count: number) {
  return eventually(`an early answer of ${count}`, async () => {
    const { acknowledged = 0, unknownWaitedOut = true, waitedOut = 0 } = (await revoke()) ?? {};
    return acknowledged >= count && !unknownWaitedOut && waitedOut === 0;
  });
}

it('is not answered too soon while a node stands still, when it goes on, and when it is killed', async () => {
  await untilEarly(VERIFIERS);
  const [, other] = nodes.servers;
  process.kill(other?.pid as number, 'SIGSTOP');
  await revoke();
  // Once it has answered nobody for so long that none of its verifiers can be open, nobody waits for it.
  await untilEarly(VERIFIERS / 2);
  process.kill(other?.pid as number, 'SIGCONT');
  await revoke();
  // It is asked again, whether or not those that watched there come again.
  verifiers.push(new AcknowledgingVerifier(other?.grpcAddress ?? '', nodes.demo.admin));
  await untilEarly(VERIFIERS / 2 + 1);
  await other?.kill();
  await revoke();
  await untilEarly(VERIFIERS / 2);
});
