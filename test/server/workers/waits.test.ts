/** Calls that wait for verifiers, which watch at several threads: whichever thread is called, all are asked. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { MAX_WAIT_MS } from '../../../src/core/verifiers.ts';
import { AcknowledgingVerifier } from '../../process/acknowledging-verifier.ts';
import { TokenClient } from '../../process/grpc-client.ts';
import { eventually } from '../../process/program.ts';
import { type ServingThreads, serveWithThreads } from './serving-threads.ts';

/** That all of them watch at one of two threads happens once in two thousand runs. */
const VERIFIERS = 12;

let server: ServingThreads;
let client: TokenClient;
let verifiers: AcknowledgingVerifier[];

beforeEach(async () => {
  server = await serveWithThreads(2);
  client = TokenClient.admin(server.demo);
  const { grpc, service } = server.demo;
  verifiers = Array.from({ length: VERIFIERS }, () => new AcknowledgingVerifier(grpc, service));
  await eventually('all that watch', () => verifiers.every(({ known, isOpen }) => known >= 0 && isOpen));
});

afterEach(async () => {
  for (const verifier of verifiers) {
    verifier[Symbol.dispose]();
  }
  client[Symbol.dispose]();
  await server.stop();
});

it('tells all of them of a revocation, and waits until all have acknowledged it', async () => {
  // Right after the start there may be verifiers of a server before.
  await eventually('the end of what nobody knows of', async () => {
    const { accessToken } = await client.issueToClient(server.demo.admin);
    return (await client.revokeAndWait(accessToken)).verifiers?.unknownWaitedOut === false;
  });
  const { accessToken } = await client.issueToClient(server.demo.admin);
  const answer = await client.revokeAndWait(accessToken);
  const wrong = verifiers.filter(({ known, isOpen }) => isOpen && known < answer.revision);

  expect(answer.verifiers).toMatchObject({ acknowledged: VERIFIERS, waitedOut: 0, unknownWaitedOut: false });
  expect(wrong).toEqual([]);
});

it('does not answer early when a thread died that may have had watchers', async () => {
  await new Promise((resolve) => setTimeout(resolve, MAX_WAIT_MS));
  const { accessToken } = await client.issueToClient(server.demo.admin);
  await server.threads[0]?.terminate();

  const answer = await eventually('an answer', () => client.revokeAndWait(accessToken).catch(() => undefined));
  expect(answer.verifiers?.unknownWaitedOut).toBe(true);
});
