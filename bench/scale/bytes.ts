/**
 * `node bench/scale.ts bytes`: what a login and a refresh take on disk and in the write-ahead log, asked of a real PostgreSQL. It
 * goes through the port, so the rows are those that a server writes.
 */
import { randomBytes } from 'node:crypto';
import type { Client } from 'pg';
import { clientId, ID_BYTES, userId } from '../../src/core/ids.ts';
import type { Digest } from '../../src/core/model.ts';
import { PostgresStore } from '../../src/store/postgres/store.ts';
import { PostgresServer } from '../../test/postgres.ts';
import { clientOf, issueOf, refreshOf, subjectOf, tenantOf } from '../../test/store/fixtures.ts';
import { postgresOptions } from '../../test/store/postgres/options.ts';

const LOGINS = 20_000;
const REFRESHES = 20_000;
/** Enough to keep the writers of the store busy, and not so many that the machine is. */
const AT_ONCE = 16;
const REVOCATIONS = 5_000;
const TABLES = ['family', 'token', 'revocation', 'issue_record', 'subject'];

interface Sizes {
  readonly tables: Map<string, number>;
  readonly walBytes: number;
}

async function sizesOf(admin: Client): Promise<Sizes> {
  const tables = new Map<string, number>();
  for (const table of TABLES) {
    const { rows } = await admin.query(`SELECT pg_total_relation_size('${table}')::float8 AS bytes`);
    tables.set(table, rows[0].bytes);
  }
  const { rows } = await admin.query(`SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 AS bytes`);
  return { tables, walBytes: rows[0].bytes };
}

async function each(count: number, work: (i: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) {
      await work(next++);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

function report(what: string, count: number, before: Sizes, after: Sizes): void {
  const parts = TABLES.map((table) => {
    const bytes = ((after.tables.get(table) ?? 0) - (before.tables.get(table) ?? 0)) / count;
    return { table, bytes };
  }).filter(({ bytes }) => Math.abs(bytes) >= 0.5);
  const total = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  const wal = (after.walBytes - before.walBytes) / count;
  const detail = parts.map(({ table, bytes }) => `${table} ${bytes.toFixed(0)}`).join(', ');
  console.log(`${what}: ${total.toFixed(0)} bytes on disk (${detail}), ${wal.toFixed(0)} bytes of WAL`);
}

export async function measureBytes(): Promise<void> {
  await using server = await PostgresServer.start();
  // Full pages go to the log once after each checkpoint; with none in between, what is counted is the records themselves.
  const admin = await server.connect();
  await admin.query(`ALTER SYSTEM SET checkpoint_timeout = '1h'`);
  await admin.query(`ALTER SYSTEM SET max_wal_size = '8GB'`);
  await admin.query('SELECT pg_reload_conf()');
  const store = await PostgresStore.open(postgresOptions(server.url));
  await store.execute(tenantOf('acme', { defaultTokenLifetimeMs: 3_600_000 }));
  const [app, subjectId] = [clientId(randomBytes(ID_BYTES)), userId(randomBytes(ID_BYTES))];
  await store.execute(clientOf(app));
  await store.execute(subjectOf({ subjectId }));
  // The first rows pay for the first pages.
  await each(200, () => store.execute(issueOf({ clientId: app, subjectId })));
  const empty = await sizesOf(admin);

  const refreshDigests: Digest[] = [];
  const familyIds: string[] = [];
  await each(LOGINS, async () => {
    const command = issueOf({ clientId: app, subjectId });
    refreshDigests.push(command.tokens.refreshDigest);
    familyIds.push(command.familyId);
    await store.execute(command);
  });
  report(`a login (${LOGINS} of them)`, LOGINS, empty, await sizesOf(admin));
  await admin.query('VACUUM');
  const issued = await sizesOf(admin);
  report('the same after VACUUM', LOGINS, empty, issued);

  const refreshAll = (generation: number) =>
    each(REFRESHES, async (i) => {
      const command = refreshOf(refreshDigests[i] as Digest, { clientId: app });
      refreshDigests[i] = command.tokens.refreshDigest;
      await store.execute(command);
      // As the first use of the new access token does it.
      await store.execute({ kind: 'confirm', familyId: familyIds[i] as string, generation });
    });
  await refreshAll(1);
  await admin.query('VACUUM');
  const refreshed = await sizesOf(admin);
  report(`a first refresh, confirmed (${REFRESHES}), after VACUUM`, REFRESHES, issued, refreshed);
  await refreshAll(2);
  await admin.query('VACUUM');
  const refreshedAgain = await sizesOf(admin);
  report(`a second refresh, confirmed (${REFRESHES}), after VACUUM`, REFRESHES, refreshed, refreshedAgain);

  const begin = performance.now();
  await each(REVOCATIONS, (i) =>
    store.execute({ kind: 'revoke', tenantId: 'acme', target: { by: 'token', digest: refreshDigests[i] as Digest } }),
  );
  const seconds = (performance.now() - begin) / 1_000;
  report(`a revocation (${REVOCATIONS})`, REVOCATIONS, refreshedAgain, await sizesOf(admin));
  const turnMs = (seconds * 1_000) / REVOCATIONS;
  console.log(
    `revocations of one tenant, no replica: ${(1_000 / turnMs).toFixed(0)}/s, so a turn takes ${turnMs.toFixed(2)} ms`,
  );
  const { rows } = await admin.query(
    `SELECT pg_indexes_size('token')::float8 / count(*) AS indexes, pg_table_size('token')::float8 / count(*) AS rows FROM token`,
  );
  console.log(`a token: ${rows[0].rows.toFixed(0)} bytes, and ${rows[0].indexes.toFixed(0)} in its indexes`);
  await store.close();
  await admin.end();
}
