/** The cluster that the tests of faults stand on: each fault does what it says, and what was acknowledged is kept. */
import { describe, expect, it } from 'vitest';
import { PatroniCluster } from './cluster.ts';
import { psql } from './psql.ts';
import { waitUntil } from './waiting.ts';

const LONGEST_MS = 400_000;
/** A commit waits until the new leader has a standby. */
const WRITABLE_MS = 60_000;

const missing = PatroniCluster.missing();
if (missing !== undefined) {
  // biome-ignore lint/suspicious/noConsole: who runs the tests must see that they did not run, and why.
  console.warn(`no cluster is tested: ${missing}`);
}

/** Writes a row until that is acknowledged; an attempt without an answer may have written it. */
async function write(cluster: PatroniCluster, row: number): Promise<void> {
  const sql = `INSERT INTO kept VALUES (${row}) ON CONFLICT (row) DO UPDATE SET row = excluded.row`;
  await waitUntil({ what: `row ${row} to be acknowledged`, timeoutMs: WRITABLE_MS, logs: cluster.logs }, async () => {
    await psql(cluster.primaryUrl, sql);
    return true;
  });
}

function rows(url: string): Promise<string> {
  return psql(url, "SELECT string_agg(row::text, ',' ORDER BY row) FROM kept");
}

async function roleOf(cluster: PatroniCluster, node: string): Promise<string | undefined> {
  return (await cluster.members()).find(({ name }) => name === node)?.role;
}

describe.skipIf(missing !== undefined)('a cluster of three', () => {
  it(
    'survives a killed leader, one that is cut off, and a killed Patroni',
    async () => {
      await using cluster = await PatroniCluster.start();
      await psql(cluster.primaryUrl, 'CREATE TABLE kept (row integer PRIMARY KEY)');
      await write(cluster, 1);

      const killed = await cluster.leader();
      await cluster.killNode(killed);
      const second = await cluster.waitForLeader(killed);
      await write(cluster, 2);
      expect(await rows(cluster.primaryUrl)).toBe('1,2');
      await cluster.restartNode(killed);
      await cluster.waitUntilHealthy();

      cluster.isolate(second);
      const third = await cluster.waitForLeader(second);
      await write(cluster, 3);
      cluster.heal(second);
      await cluster.waitUntilHealthy();
      expect(await cluster.leader()).toBe(third);
      expect(await roleOf(cluster, second)).toMatch(/^(replica|sync_standby)$/);
      // What is acknowledged is on the standby's disk; a moment later it can be read there.
      await waitUntil(
        { what: 'the rows on the old leader', timeoutMs: WRITABLE_MS, logs: cluster.logs },
        async () => (await rows(cluster.directUrl(second))) === '1,2,3',
      );

      await cluster.killPatroniOnly(third);
      await cluster.waitForLeader(third);
      await write(cluster, 4);
      expect(await psql(cluster.directUrl(third), 'SELECT pg_is_in_recovery()')).toBe('f');
      expect(await rows(cluster.directUrl(third))).toBe('1,2,3');
      expect(await rows(cluster.primaryUrl)).toBe('1,2,3,4');
    },
    LONGEST_MS,
  );
});
