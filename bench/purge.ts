/**
 * Claim: purging keeps up with 5,000 logins that expire in a second, and Introspect's p99 is at most twice what it is without. The logins
 * are written into the store before it is served.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import pg from 'pg';
import { FAMILY } from '../src/core/tables/families.ts';
import { PostgresStore } from '../src/store/postgres/store.ts';
import { SqliteStore } from '../src/store/sqlite/store.ts';
import { PostgresServer } from '../test/postgres.ts';
import { issueOf, makeAcme } from '../test/store/fixtures.ts';
import { make } from '../test/support.ts';
import { introspecting } from './contenders.ts';
import { median, newDataDir, runLoad, startSymbolonIn } from './processes.ts';
import { type Row, row, times } from './rows.ts';

const A_SECOND = 5_000;
/** Calls of Introspect a second, each counted from when it was due. */
const RATE = 1_000;
/** For how long logins expire. */
const SECONDS = 40;
/** From the end of writing them until the first expires: the server's first purge is half a minute after its start. */
const LEAD_MS = 45_000;
const WINDOW_SECONDS = 5;

/** A store with logins in it. */
interface Filled {
  readonly name: string;
  readonly store: string;
  readonly dataDir: string;
  /** When the first of them expires. */
  readonly begin: number;
  /** How many have expired and are there still. */
  readonly count: () => Promise<number>;
  readonly storePid?: number;
}

export async function benchPurge(): Promise<Row[]> {
  const onSqlite = await measure(await fillSqlite());
  await using server = await PostgresServer.start(undefined, ['shared_buffers=512MB']);
  return [onSqlite, await measure(await fillPostgres(server))];
}

async function measure({ name, store, dataDir, begin, count, storePid }: Filled): Promise<Row> {
  console.log(
    `${A_SECOND} logins that expire in a second, for ${SECONDS} s, beside ${RATE} Introspects/s on ${name}; both cores:`,
  );
  const server = await startSymbolonIn(dataDir, undefined, store);
  const plan = await (await introspecting(name, server, storePid === undefined ? {} : { storePid })).plan();
  // The compiler is warm after it.
  await runLoad(plan);
  const paced = { ...plan, rate: RATE, streams: 1_000, warmupSeconds: 0.5, seconds: WINDOW_SECONDS };
  const window = async () => {
    const { p50Ms, p99Ms, failed, server: used, storeBusy } = await runLoad(paced);
    const seconds = ((Date.now() - begin) / 1_000).toFixed(0);
    const busy = Math.round((used.busy + storeBusy) * 100);
    const behind = await count();
    console.log(
      `  ${seconds.padStart(3)} s: p50 ${p50Ms} ms, p99 ${p99Ms} ms, ${failed} failed; ${behind} expired; ${busy} %`,
    );
    return { p99Ms, behind };
  };
  const before: number[] = [];
  while (Date.now() + (WINDOW_SECONDS + 1) * 1_000 < begin) {
    before.push((await window()).p99Ms);
  }
  await sleep(Math.max(begin - Date.now(), 0));
  const during: Awaited<ReturnType<typeof window>>[] = [];
  while (Date.now() + WINDOW_SECONDS * 1_000 < begin + SECONDS * 1_000) {
    during.push(await window());
  }
  while ((await count()) > 0) {
    await sleep(1_000);
  }
  console.log(`  all were purged ${((Date.now() - begin) / 1_000 - SECONDS).toFixed(0)} s after the last expired`);
  for (let i = 0; i < 3; i++) {
    before.push((await window()).p99Ms);
  }
  const [idle, purging] = [median(before), median(during.map(({ p99Ms }) => p99Ms))];
  const behind = Math.max(...during.map(({ behind: rows }) => rows));
  console.log(
    `  p99 while nothing expires ${idle} ms, meanwhile ${purging} ms: ${times(purging / idle)} times (goal: at most 2); ` +
      `at most ${behind} rows that had expired were there\n`,
  );
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
  const what = `Introspect's p99 while ${A_SECOND} logins expire in a second on ${name}, against idle; rows not purged yet`;
  return row(what, '<= 2 times', `${times(purging / idle)}; ${behind} at most`);
}

/** All columns are those of one login, but what tells logins apart: ids begin with a time, and expire in that order. */
function columnsOf(expressions: Readonly<Record<string, string>>) {
  const names = FAMILY.columns.map(({ name }) => name);
  return { names: names.join(), values: names.map((name) => expressions[name] ?? name).join() };
}

async function fillSqlite(): Promise<Filled> {
  const dataDir = newDataDir();
  const path = join(dataDir, 'symbolon.db');
  const store = await SqliteStore.open({ path, clock: Date.now });
  await makeAcme(store);
  await make(store, issueOf());
  await store.close();
  const database = new Database(path);
  const begin = Date.now() + LEAD_MS;
  const { names, values } = columnsOf({
    family_id: `unhex(printf('%08x%04x', ${Math.floor(begin / 1_000)} + i / ${A_SECOND}, i % ${A_SECOND}) || hex(randomblob(10)))`,
    subject_id: `'user-' || (random() % 1000000)`,
    expire_time: `${begin} + i * 1000 / ${A_SECOND}`,
  });
  database.exec(
    `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${A_SECOND * SECONDS - 1})
     INSERT INTO family (${names}) SELECT ${values} FROM n, (SELECT * FROM family LIMIT 1)`,
  );
  database.close();
  const count = async () => {
    const reader = new Database(path, { readonly: true });
    const expired = reader.prepare('SELECT count(*) FROM family WHERE expire_time <= ?').pluck().get(Date.now());
    reader.close();
    return Number(expired);
  };
  return { name: 'SQLite', store: 'sqlite', dataDir, begin, count };
}

async function fillPostgres(server: PostgresServer): Promise<Filled> {
  const url = server.urlOf(await server.createDatabase());
  const options = { url, poolSize: 4, statementTimeoutMs: 3_000, answerTimeoutMs: 4_000, clock: Date.now };
  const store = await PostgresStore.open(options);
  await makeAcme(store);
  await make(store, issueOf());
  await store.close();
  const client = new pg.Client({ connectionString: url, options: '-c statement_timeout=0' });
  await client.connect();
  const begin = Date.now() + LEAD_MS;
  const { names, values } = columnsOf({
    family_id: `decode(lpad(to_hex(${Math.floor(begin / 1_000)} + i / ${A_SECOND}), 8, '0') || lpad(to_hex(i % ${A_SECOND}), 4, '0') || substr(md5(random()::text), 1, 20), 'hex')`,
    subject_id: `'user-' || (random() * 1000000)::int`,
    expire_time: `${begin} + i::bigint * 1000 / ${A_SECOND}`,
  });
  await client.query(
    `INSERT INTO family (${names})
     SELECT ${values} FROM generate_series(0, ${A_SECOND * SECONDS - 1}) AS n (i), (SELECT * FROM family LIMIT 1) AS one`,
  );
  await client.query('ANALYZE family');
  await client.end();
  const count = async () => {
    const reader = new pg.Client({ connectionString: url });
    await reader.connect();
    const { rows } = await reader.query('SELECT count(*) FROM family WHERE expire_time <= $1', [Date.now()]);
    await reader.end();
    return Number(rows[0].count);
  };
  const dataDir = newDataDir();
  return { name: 'PostgreSQL', store: url, dataDir, begin, count, storePid: server.pid };
}
