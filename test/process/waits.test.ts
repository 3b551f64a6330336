/** Revoke with a wait, over real sockets: when it is answered, no verifier anywhere answers from memory without it. */
import { describe, expect, it } from 'vitest';
import { MAX_WAIT_MS } from '../../src/core/verifiers.ts';
import type { DemoRecord } from '../../src/server/demo.ts';
import { Nodes } from '../nodes/cluster.ts';
import { PostgresServer } from '../postgres.ts';
import { AcknowledgingVerifier } from './acknowledging-verifier.ts';
import { TokenClient } from './grpc-client.ts';
import { eventually } from './program.ts';
import { dataDirectory, ServerProcess } from './server-process.ts';

const PATIENTLY = { timeout: 50_000, interval: 20 };

class Watched implements Disposable {
  readonly demo: DemoRecord;
  readonly client: TokenClient;
  readonly verifiers: AcknowledgingVerifier[];

  constructor(demo: DemoRecord, addresses: readonly string[], count: number) {
    this.demo = demo;
    this.client = TokenClient.admin(demo).persistently();
    this.verifiers = Array.from(
      { length: count },
      (_, i) => new AcknowledgingVerifier(addresses[i % addresses.length] ?? '', demo.admin),
    );
  }

  /** Resolves when each of them has been open. */
  async untilOpen(): Promise<void> {
    for (const verifier of this.verifiers) {
      await expect.poll(() => verifier.known >= 0 && verifier.isOpen, PATIENTLY).toBe(true);
    }
  }

  /** Revokes a login; answers what the wait came to, and who answers from memory without it all the same. */
  async revoke() {
    const { accessToken } = await this.client.issueToClient(this.demo.admin);
    const { revision, verifiers } = await this.client.revokeAndWait(accessToken);
    const wrong = this.verifiers.filter(({ isOpen, known }) => isOpen && known < revision);
    const { seconds = 0, nanos = 0 } = verifiers?.waited ?? {};
    return { wrong, verifiers, waitedMs: seconds * 1_000 + nanos / 1_000_000 };
  }

  [Symbol.dispose](): void {
    this.client[Symbol.dispose]();
    for (const verifier of this.verifiers) {
      verifier[Symbol.dispose]();
    }
  }
}

describe('a revocation that waits for verifiers', () => {
  it('is known to all fifty when it is answered, also where one is frozen, and where the server is another', async () => {
    using directory = dataDirectory();
    {
      await using server = await ServerProcess.startDemo({ dataDir: directory.path });
      using watched = new Watched(server.demo, [server.grpcAddress], 50);
      await watched.untilOpen();
      let acknowledged = 0;
      for (let round = 0; round < 10; round += 1) {
        const { wrong, verifiers } = await watched.revoke();
        expect(wrong).toEqual([]);
        acknowledged += verifiers?.acknowledged ?? 0;
      }
      expect(acknowledged).toBeGreaterThan(0);
      const [frozen] = watched.verifiers as [AcknowledgingVerifier];
      frozen.isFrozen = true;
      const { wrong, verifiers, waitedMs } = await watched.revoke();
      expect(wrong).toEqual([]);
      expect(verifiers?.waitedOut).toBeGreaterThan(0);
      expect(waitedMs).toBeGreaterThanOrEqual(MAX_WAIT_MS);
    }
    await using server = await ServerProcess.startDemo({ dataDir: directory.path });
    using watched = new Watched(server.demo, [server.grpcAddress], 1);
    expect((await watched.revoke()).wrong).toEqual([]);
  });

  it('is known on two nodes on PostgreSQL', async () => {
    await using postgres = await PostgresServer.start();
    const store = postgres.urlOf(await postgres.createDatabase());
    await using nodes = await Nodes.start([store, store]);
    using watched = new Watched(nodes.demo, nodes.addresses, 10);
    await watched.untilOpen();
    // Right after the start there may be verifiers of servers before. On a machine that stands still some are waited out.
    const all = await eventually('a wait in which all acknowledge', async () => {
      const { wrong, verifiers } = await watched.revoke();
      expect(wrong).toEqual([]);
      return verifiers?.acknowledged === 10 && !verifiers.unknownWaitedOut && verifiers;
    });
    expect(all.waitedOut).toBe(0);
  });
});
