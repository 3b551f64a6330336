/**
 * Claim: with 10 million logins a server on SQLite answers at least 0.9 of the calls of Introspect and of Issue that it answers with 10
 * thousand. The same 10 thousand are asked for, and the others lie between them. `LOGINS=1000000 npm run bench many-logins` is shorter.
 */
import { cpSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { issue } from './compare/calls.ts';
import { introspectingThese, issuing } from './contenders.ts';
import { newDataDir, ONE_WORKER, startSymbolonIn } from './processes.ts';
import { runRounds } from './rounds.ts';
import { type Row, row, times } from './rows.ts';

const LOGINS = Number(process.env.LOGINS ?? 10_000_000);
const REAL = 10_000;
/** Real ones whose others are made in one transaction. */
const AT_ONCE = 100;
const STREAMS = 32;
const SERVER_CPU = 0;
const LOAD_CPU = 1;
/** Columns of a login that differ from those of any other. The rest is the real one's. */
const RANDOM: Readonly<Record<string, string>> = {
  // The time of the login, and what makes it different from others of that millisecond.
  family_id: 'CAST(substr(family_id, 1, 8) || randomblob(8) AS BLOB)',
  access_digest: 'randomblob(32)',
  refresh_digest: 'randomblob(32)',
};

export async function benchManyLogins(): Promise<readonly Row[]> {
  const [fewDirectory, manyDirectory] = [newDataDir(), newDataDir()];
  const first = await startSymbolonIn(fewDirectory, SERVER_CPU, 'sqlite', ONE_WORKER);
  const logins = await issue({ server: first, client: first.demo.service }, REAL);
  await first.stop();
  cpSync(fewDirectory, manyDirectory, { recursive: true });
  console.log(`${LOGINS} logins against ${REAL} on SQLite; the server on core 0, the load on core 1:`);
  multiply(join(manyDirectory, 'symbolon.db'));
  const few = await startSymbolonIn(fewDirectory, SERVER_CPU, 'sqlite', ONE_WORKER);
  const many = await startSymbolonIn(manyDirectory, SERVER_CPU, 'sqlite', ONE_WORKER);
  const [fewName, manyName] = [`Introspect, ${REAL}`, `Introspect, ${LOGINS}`];
  const introspect = await runRounds(
    [introspectingThese(fewName, few, logins), introspectingThese(manyName, many, logins)],
    LOAD_CPU,
  );
  const issues = await runRounds(
    [
      { ...issuing(few, STREAMS), name: `Issue, ${REAL}` },
      { ...issuing(many, STREAMS), name: `Issue, ${LOGINS}` },
    ],
    LOAD_CPU,
  );
  await Promise.all([few.stop(), many.stop()]);
  for (const directory of [fewDirectory, manyDirectory]) {
    rmSync(directory, { recursive: true, force: true });
  }
  const [introspects, issued] = [introspect(manyName), issues(`Issue, ${LOGINS}`)];
  const ofProcessor = `by processor time ${times(1 / introspects.cpuPerCallUs)}; ${times(1 / issued.cpuPerCallUs)}`;
  const reached = `${times(introspects.callsPerSecond)}; ${times(issued.callsPerSecond)} (${ofProcessor})`;
  return [row(`${LOGINS} logins against ${REAL}: Introspect; Issue`, 'at least 0.9', reached)];
}

/** Puts others between the logins of a store that nobody has open, until there are as many as wanted. */
function multiply(path: string): void {
  const begin = performance.now();
  const database = new Database(path);
  // A run that is cut off here begins anew with another file.
  database.pragma('journal_mode = MEMORY');
  database.pragma('synchronous = OFF');
  database.pragma('cache_size = -262144');
  const columns = database.pragma('table_info(family)') as { name: string }[];
  const names = columns.map(({ name }) => name);
  const each = Math.round(LOGINS / REAL) - 1;
  database.exec('CREATE TEMP TABLE login AS SELECT * FROM family ORDER BY family_id');
  const insert = database.prepare(
    `WITH RECURSIVE copy(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM copy WHERE number < ${each})
    INSERT INTO family (${names.join(', ')})
    SELECT ${names.map((name) => RANDOM[name] ?? name).join(', ')} FROM temp.login, copy
    WHERE login.rowid > ? AND login.rowid <= ?`,
  );
  for (let from = 0; from < REAL && each > 0; from += AT_ONCE) {
    insert.run(from, from + AT_ONCE);
  }
  const count = database.prepare('SELECT count(*) FROM family').pluck().get();
  database.pragma('journal_mode = WAL');
  database.close();
  const gib = (statSync(path).size / 2 ** 30).toFixed(1);
  console.log(`  ${count} logins in ${gib} GiB, made in ${Math.round((performance.now() - begin) / 1_000)} s`);
}
