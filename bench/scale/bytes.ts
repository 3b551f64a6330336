/**
 * `node bench/scale.ts bytes`: what a login and a refresh take on disk and in the write-ahead log, asked of a real PostgreSQL. It
 * goes through the port, so the rows are those that a server writes.
 */
import { randomBytes } from 'node:crypto';
import type { Client } from 'pg';
import type { Issue } from '../../src/core/commands/issue.ts';
import { clientId, ID_BYTES, userId } from '../../src/core/ids.ts';
import { PostgresStore } from '../../src/store/postgres/store.ts';
import { PostgresServer } from '../../test/postgres.ts';
import {
  aFamilyId,
  clientOf,
  generationIn,
  type Holder,
  issueOf,
  refreshOf,
  revokeFamily,
  subjectOf,
  tenantOf,
} from '../../test/store/fixtures.ts';
import { postgresOptions } from '../../test/store/postgres/options.ts';
import { make } from '../../test/support.ts';
import { Chance } from './random.ts';

const LOGINS = 20_000;
/** After so many refreshes of every login there is a look at the tables. */
const LOOKS = [1, 2, 10];
/** Enough to keep the writers of the store busy, and not so many that the machine is. */
const AT_ONCE = 16;
const REVOCATIONS = 5_000;
const TABLES = ['family', 'revocation', 'kept_answer', 'subject'];

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

/** What is on disk by login, and the WAL by what was done. */
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

async function reportFamilies(admin: Client): Promise<void> {
  const { rows } = await admin.query(
    `SELECT count(*) AS count, pg_table_size('family')::float8 / count(*) AS rows,
        pg_indexes_size('family')::float8 / count(*) AS indexes FROM family`,
  );
  const [{ count, rows: bytes, indexes }] = rows;
  console.log(`${count} logins, each: ${bytes.toFixed(0)} bytes, and ${indexes.toFixed(0)} in its three indexes`);
}

async function reportHotUpdates(admin: Client): Promise<void> {
  const { rows } = await admin.query(
    `SELECT n_tup_upd::float8 AS all, n_tup_hot_upd::float8 AS hot FROM pg_stat_user_tables WHERE relname = 'family'`,
  );
  const [{ all, hot }] = rows;
  console.log(`updates of family that touched no index: ${(hot / all).toFixed(3)} (${hot} / ${all})`);
}

/** Who logged in together is refreshed at different times. */
function shuffled(count: number, chance: Chance): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = chance.below(i + 1);
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
  return order;
}

export async function measureBytes(): Promise<void> {
  await using server = await PostgresServer.start();
  // Full pages go to the log once after each checkpoint; with none in between, what is counted is the records themselves.
  const admin = await server.connect();
  await admin.query(`ALTER SYSTEM SET checkpoint_timeout = '1h'`);
  await admin.query(`ALTER SYSTEM SET max_wal_size = '8GB'`);
  await admin.query('SELECT pg_reload_conf()');
  const store = await PostgresStore.open(postgresOptions(server.url));
  await make(store, tenantOf('acme', { defaultTokenLifetimeMs: 3_600_000 }));
  const [app, subjectId] = [clientId(randomBytes(ID_BYTES)), userId(randomBytes(ID_BYTES))];
  await make(store, clientOf(app));
  await make(store, subjectOf({ subjectId }));
  const login = async (): Promise<Issue> => {
    const command = issueOf({ clientId: app, subjectId, familyId: aFamilyId(Date.now()) });
    await make(store, command);
    return command;
  };
  // The first rows pay for the first pages.
  await each(200, login);
  const empty = await sizesOf(admin);

  const holders: Holder[] = [];
  await each(LOGINS, async (i) => {
    holders[i] = await login();
  });
  report(`a login (${LOGINS} of them)`, LOGINS, empty, await sizesOf(admin));
  await admin.query('VACUUM');
  await reportFamilies(admin);

  const chance = new Chance(7);
  let done = 0;
  for (const refreshes of LOOKS) {
    const before = await sizesOf(admin);
    const rounds = refreshes - done;
    for (; done < refreshes; done++) {
      const order = shuffled(LOGINS, chance);
      await each(LOGINS, async (n) => {
        const i = order[n] as number;
        const command = refreshOf(holders[i] as Holder, { clientId: app });
        holders[i] = command;
        await make(store, command);
        // As the first use of the new access token does it.
        await make(store, { kind: 'confirm', familyId: command.familyId, generation: generationIn(command) });
      });
      // As autovacuum does it, which is not waited for.
      await admin.query('VACUUM');
    }
    const after = await sizesOf(admin);
    report(`after ${refreshes} refreshes of each, confirmed: what was added`, LOGINS, before, after);
    console.log(`  WAL of a refresh: ${((after.walBytes - before.walBytes) / LOGINS / rounds).toFixed(0)} bytes`);
    await reportFamilies(admin);
  }
  await reportHotUpdates(admin);

  const refreshed = await sizesOf(admin);
  const begin = performance.now();
  await each(REVOCATIONS, (i) => make(store, { ...revokeFamily((holders[i] as Holder).familyId), tenantId: 'acme' }));
  const turnMs = (performance.now() - begin) / REVOCATIONS;
  report(`a revocation (${REVOCATIONS})`, REVOCATIONS, refreshed, await sizesOf(admin));
  console.log(
    `revocations of one tenant, no replica: ${(1_000 / turnMs).toFixed(0)}/s, so a turn takes ${turnMs.toFixed(2)} ms`,
  );
  await store.close();
  await admin.end();
}
