/** Calls that wait for verifiers, which watch at several threads: whichever thread is called, all are asked. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MAX_WAIT_MS } from '../../../src/core/verifiers.ts';
import { PostgresServer } from '../../postgres.ts';
import { AcknowledgingVerifier } from '../../process/acknowledging-verifier.ts';
import { TokenClient } from '../../process/grpc-client.ts';
import { eventually } from '../../process/program.ts';
import { PATIENT, postgresOptions } from '../../store/postgres/options.ts';
import { type ServingThreads, serveWithThreads } from './serving-threads.ts';

/** That all of them watch at one of two threads happens once in two thousand runs. */
const VERIFIERS = 12;

/** Where the store is. */
const STORES = {
  SQLite: async () => ({ changes: {}, stop: async () => undefined }),
  PostgreSQL: async () => {
    const postgres = await PostgresServer.start();
    const { clock: _, ...options } = postgresOptions(postgres.urlOf(await postgres.createDatabase()));
    const store = { kind: 'postgres' as const, ...options, ...PATIENT };
    return { changes: { store }, stop: () => postgres[Symbol.asyncDispose]() };
  },
};

describe.each(Object.entries(STORES))('on %s', (_name, open) => {
  let store: Awaited<ReturnType<typeof open>>;
  let server: ServingThreads;
  let client: TokenClient;
  let verifiers: AcknowledgingVerifier[];

  beforeEach(async () => {
    store = await open();
    server = await serveWithThreads(2, store.changes);
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
    await store.stop();
  });

  /** Ends a login with a wait; none that has not heard of it may answer from memory then. */
  async function revoke() {
    const { accessToken } = await client.issueToClient(server.demo.admin);
    const { revision, verifiers: awaited } = await client.revokeAndWait(accessToken);
    expect(verifiers.filter(({ known, isOpen }) => isOpen && known < revision)).toEqual([]);
    return { awaited };
  }

  it('tells all of them of a revocation, and waits until all have acknowledged it', async () => {
    // Right after the start there may be verifiers of a server before. On a machine that stands still all are waited out.
    const all = await eventually('a wait in which all acknowledge', async () => {
      const { awaited } = await revoke();
      return awaited?.acknowledged === VERIFIERS && !awaited.unknownWaitedOut && awaited;
    });
    expect(all.waitedOut).toBe(0);
  });

  it('does not answer early when a thread died that may have had watchers', async () => {
    await new Promise((resolve) => setTimeout(resolve, MAX_WAIT_MS));
    await eventually('a wait right after the end of a thread', async () => {
      await server.threads.at(-1)?.terminate();
      const ended = performance.now();
      const outcome = await eventually('an answer', () => revoke().catch(retryUnanswered));
      const mayBeEarly = performance.now() - ended < MAX_WAIT_MS;
      expect(mayBeEarly && outcome.awaited?.unknownWaitedOut === false).toBe(false);
      // A machine that stood still for so long shows nothing: another thread ends.
      return outcome.awaited?.unknownWaitedOut === true;
    });
  });
});

/** A call to the thread that ended has no answer. */
function retryUnanswered(error: unknown): undefined {
  if (!(error instanceof Error && 'code' in error)) {
    throw error;
  }
  return undefined;
}
