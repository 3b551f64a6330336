/** SIGTERM while calls wait for verifiers, verifiers watch, and batches are under way: each gets an answer, and nothing is lost. */
import { expect, it } from 'vitest';
import { MAX_BATCH } from '../../src/core/operations/batch-introspect.ts';
import { MAX_WAIT_MS } from '../../src/core/verifiers.ts';
import { AcknowledgingVerifier } from './acknowledging-verifier.ts';
import { TokenClient } from './grpc-client.ts';
import { eventually } from './program.ts';
import { dataDirectory, ServerProcess } from './server-process.ts';

const WAITS = 3;
const CLEAN = { code: 0, signal: null };

/** A verifier that acknowledges nothing, and revocations that are done and wait for it. */
async function waiting(server: ServerProcess, client: TokenClient) {
  const { demo } = server;
  const frozen = new AcknowledgingVerifier(server.grpcAddress, demo.admin);
  await eventually('open', () => frozen.known >= 0 || undefined);
  frozen.isFrozen = true;
  const tokens: string[] = [];
  for (let at = 0; at < WAITS; at += 1) {
    tokens.push((await client.issueToClient(demo.admin)).accessToken);
  }
  const { accessToken: other } = await client.issueToClient(demo.admin);
  const answers = Promise.allSettled(tokens.map((token) => client.revokeAndWait(token)));
  for (const token of tokens) {
    await eventually('revoked', async () => !(await client.isActive(token)) || undefined);
  }
  return { frozen, tokens, other, answers };
}

async function expectEnded(dataDir: string, tokens: readonly string[], other: string): Promise<void> {
  await using again = await ServerProcess.startDemo({ dataDir });
  using after = TokenClient.admin(again.demo);
  expect(await Promise.all(tokens.map((token) => after.isActive(token)))).toEqual(tokens.map(() => false));
  expect(await after.isActive(other)).toBe(true);
}

it('within the grace they are answered as ever, watchers are told to connect elsewhere, and the process ends', async () => {
  using directory = dataDirectory();
  await using server = await ServerProcess.startDemo({ dataDir: directory.path, args: ['--drain-grace', '1h'] });
  using client = TokenClient.admin(server.demo);
  const { frozen, tokens, other, answers } = await waiting(server, client);
  using _ = frozen;
  using healthy = new AcknowledgingVerifier(server.grpcAddress, server.demo.admin);
  await eventually('open', () => healthy.known >= 0 || undefined);
  const batches = Promise.allSettled(
    Array.from({ length: 8 }, () => client.batchIntrospect(Array.from({ length: MAX_BATCH }, () => other))),
  );
  const ending = server.running.end('SIGTERM');
  for (const batch of await batches) {
    // What had not reached the server is refused, and is for another.
    expect(batch).toMatchObject(
      batch.status === 'fulfilled' ? { value: { length: MAX_BATCH } } : { reason: { status: 'UNAVAILABLE' } },
    );
  }
  for (const answer of await answers) {
    // Of a machine that stalls it may have been answered before the signal.
    const { verifiers } = (answer as PromiseFulfilledResult<Awaited<ReturnType<TokenClient['revokeAndWait']>>>).value;
    const { seconds = 0, nanos = 0 } = verifiers?.waited ?? {};
    expect(verifiers?.waitedOut).toBeGreaterThan(0);
    expect(seconds * 1_000 + nanos / 1_000_000).toBeGreaterThanOrEqual(MAX_WAIT_MS - 1);
  }
  for (const verifier of [frozen, healthy]) {
    await eventually('told', () => verifier.end?.includes('UNAVAILABLE') || undefined);
  }
  expect(await ending).toEqual(CLEAN);
  await expectEnded(directory.path, tokens, other);
});

it('without a grace they are told UNAVAILABLE, and what was revoked is revoked', async () => {
  using directory = dataDirectory();
  await using server = await ServerProcess.startDemo({ dataDir: directory.path, args: ['--drain-grace', '1ms'] });
  using client = TokenClient.admin(server.demo);
  const { frozen, tokens, other, answers } = await waiting(server, client);
  using _ = frozen;
  expect(await server.running.end('SIGTERM')).toEqual(CLEAN);
  for (const answer of await answers) {
    // Or it was answered before the signal came.
    expect(answer.status === 'fulfilled' || answer.reason.status).toSatisfy(
      (told) => told === true || told === 'UNAVAILABLE' || told === 'CANCELLED',
    );
  }
  await expectEnded(directory.path, tokens, other);
});
