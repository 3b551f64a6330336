/** `symbolon store copy` as an operator runs it: from a server on SQLite to one on PostgreSQL, and killed on the way. */
import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IssuedTokens } from '../../gen/ts/symbolon/v1/token_service.ts';
import type { DemoRecord } from '../../src/server/demo.ts';
import { Cluster } from '../../src/store/postgres/cluster.ts';
import { openDatabase } from '../../src/store/postgres/open.ts';
import { PostgresServer } from '../postgres.ts';
import { TokenClient } from '../process/grpc-client.ts';
import { type Ended, eventually, type RunOptions, runProgram, startProgram } from '../process/program.ts';
import { dataDirectory, FREE_PORTS, ServerProcess } from '../process/server-process.ts';
import { PATIENT, postgresOptions } from '../store/postgres/options.ts';
import { fieldsOf } from './workspace.ts';

/** Several batches of 2,000. */
const MORE_LOGINS = 7_000;
const STUCK_INSERT = fileURLToPath(new URL('stuck-insert.ts', import.meta.url));
const EVERY_COMMAND = [['serve'], ['tenant', 'create', 'acme'], ['init']];

interface Source {
  readonly directory: string;
  readonly demo: DemoRecord;
  readonly live: IssuedTokens;
  readonly revoked: IssuedTokens;
  readonly counts: Readonly<Record<string, number>>;
}

let directory: ReturnType<typeof dataDirectory>;
let server: PostgresServer;
let source: Source;

beforeAll(async () => {
  directory = dataDirectory();
  server = await PostgresServer.start();
  source = await makeSource();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  directory[Symbol.dispose]();
});

async function makeSource(): Promise<Source> {
  const { path } = directory;
  await using running = await ServerProcess.startDemo({ dataDir: path });
  const { demo } = running;
  using client = TokenClient.admin(demo);
  const [live, revoked] = [await client.issueToClient(demo.admin), await client.issueToClient(demo.admin)];
  await client.revokeToken(revoked.accessToken);
  await running.kill();
  const database = new Database(join(path, 'symbolon.db'));
  database.exec(
    `WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ${MORE_LOGINS})
    INSERT INTO family (family_id, tenant_id, client_id, subject_id, kind, scopes, generation, issue_revision, issue_time,
      expire_time, key_id, access_digest, access_issue_time, access_expire_time)
    SELECT randomblob(16), 'gone', 'gone', 'more-' || n, 0, '', 0, 0, 0, 4102444800000, '0', randomblob(32), 0, 1 FROM number`,
  );
  const tables = database
    .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'probe'`)
    .pluck()
    .all() as string[];
  const counts = Object.fromEntries(
    tables.map((name) => [name, Number(database.prepare(`SELECT count(*) FROM ${name}`).pluck().get())]),
  );
  database.close();
  return { directory: path, demo, live, revoked, counts };
}

function at(name: string): string {
  return join(directory.root, name);
}

async function newDatabase(): Promise<string> {
  return server.urlOf(await server.createDatabase());
}

function connect(url: string): Promise<pg.Client> {
  return server.connect(new URL(url).pathname.slice(1));
}

function argumentsOf(from: string, to: string): string[] {
  return ['store', 'copy', '--from', from, '--to', to];
}

function copy(from: string, to: string, ...args: string[]): Promise<Ended> {
  return runProgram([...argumentsOf(from, to), '--json', ...args]);
}

/** What a copy printed that ended well. */
async function copied(from: string, to: string): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await copy(from, to);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return JSON.parse(stdout) as Record<string, unknown>;
}

async function refusal(args: readonly string[], options?: RunOptions): Promise<string> {
  const { code, stdout, stderr } = await runProgram(args, options);
  expect(stderr).toMatch(/^error: [^\n]+\n/);
  expect(stdout).toBe('');
  expect(code).toBeGreaterThan(0);
  return stderr;
}

describe('store copy', () => {
  it('moves a service to PostgreSQL and back: what was answered holds', async () => {
    const url = await newDatabase();
    const { code, stdout, stderr } = await runProgram(argumentsOf(`sqlite:${source.directory}`, url));
    // On a busy machine it tells how far it is in between.
    expect(code).toBe(0);
    expect(stderr).toBe('');
    const numbers = Object.entries(source.counts).map(([name, count]) => [name, String(count)]);
    expect(fieldsOf(stdout)).toEqual({
      from: `sqlite:${source.directory}`,
      to: `postgres://${new URL(url).host}${new URL(url).pathname}`,
      resumed: 'false',
      verified: 'true',
      ...Object.fromEntries(numbers),
    });
    expect(stdout).toContain('\n\nBoth hold the same now. Serve the copy, and never again the one that it was copied');
    expect(stdout).toContain(
      '\nServe it with the same key file: copy symbolon.key into the data directory, or name it with --key-file.\n',
    );
    const keyFile = join(source.directory, 'symbolon.key');
    const without = ['serve', '--data-dir', at('node'), '--store', url, ...FREE_PORTS];
    expect(await refusal(without)).toBe(
      `error: the store has a key, and ${at('node')}/symbolon.key is not there. Put the first server’s key file there, or name ` +
        'it with --key-file; when it is lost, run `symbolon key replace`\n',
    );
    const first = await serveAndTry(at('node'), ['--store', url, '--key-file', keyFile]);
    const back = at('back');
    expect(await copied(url, `sqlite:${back}`)).toMatchObject({ resumed: false, verified: true });
    copyFileSync(keyFile, join(back, 'symbolon.key'));
    await serveAndTry(back, [], first);
    const verified = await audited(`sqlite:${source.directory}`);
    expect(verified.records).toBeGreaterThan(0);
    expect(await audited(url)).toEqual(verified);
    expect(await audited(`sqlite:${back}`)).toEqual(verified);
  });

  /** What `audit verify` says of the demo tenant’s log. */
  async function audited(place: string): Promise<Record<string, unknown>> {
    const where = place.startsWith('sqlite:') ? ['--data-dir', place.slice('sqlite:'.length)] : ['--store', place];
    const { code, stdout, stderr } = await runProgram(['audit', 'verify', '--tenant', 'demo', '--json', ...where]);
    expect([code, stderr]).toEqual([0, '']);
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  /** Answers tokens that it issued. */
  async function serveAndTry(dataDir: string, args: string[], issued?: IssuedTokens): Promise<IssuedTokens> {
    await using running = await ServerProcess.start({ dataDir, args });
    using client = TokenClient.admin({ ...source.demo, grpc: running.grpcAddress }).persistently();
    expect(await client.isActive(source.live.accessToken)).toBe(true);
    expect(await client.isActive(source.revoked.accessToken)).toBe(false);
    if (issued !== undefined) {
      expect(await client.isActive(issued.accessToken)).toBe(true);
    }
    const { user } = source.demo;
    expect(await client.logIn(user.login_name, user.password)).toBeDefined();
    return await client.issueToClient(source.demo.admin);
  }

  it('takes addresses from the environment, and prints no password', async () => {
    const url = new URL(await newDatabase());
    url.password = 'hunter2';
    const env = { SYMBOLON_FROM: `sqlite:${source.directory}`, SYMBOLON_TO: url.href };
    const { code, stdout, stderr } = await runProgram(['store', 'copy'], { env });
    expect(code).toBe(0);
    expect(stdout + stderr).not.toContain('hunter2');
  });

  it('that was stopped after its last step and is run again says that it is finished', async () => {
    const url = await newDatabase();
    const directory = at('finished');
    for (const [from, to] of [
      [`sqlite:${source.directory}`, url],
      [url, `sqlite:${directory}`],
    ] as const) {
      await copied(from, to);
      const { code, stdout, stderr } = await runProgram(argumentsOf(from, to));
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toContain('The copy is finished and verified; nothing was left to do.\nBoth hold the same now.');
      expect(await copied(from, to)).toMatchObject({ resumed: true, verified: true, ...source.counts });
    }
    expect(dump(directory)).toEqual(dump(source.directory));
  });

  it('refuses a store that holds anything else', async () => {
    const url = await newDatabase();
    await copied(`sqlite:${source.directory}`, url);
    const client = await connect(url);
    await client.query(
      `DELETE FROM family WHERE family_id = (SELECT family_id FROM family ORDER BY family_id LIMIT 1)`,
    );
    await client.end();
    expect(await refusal(argumentsOf(`sqlite:${source.directory}`, url))).toContain(
      `error: postgres://${new URL(url).host}${new URL(url).pathname} is not empty: its table tenant has rows. A copy replaces ` +
        'nothing; name an empty store with --to\n',
    );
  });
});

/** The id, in hex, of the n-th login, from 0, in the order in which they are copied. */
function familyAt(n: number): string {
  const database = new Database(join(source.directory, 'symbolon.db'), { readonly: true });
  const id = database.prepare('SELECT hex(family_id) FROM family ORDER BY family_id LIMIT 1 OFFSET ?').pluck().get(n);
  database.close();
  return String(id);
}

function beginOfBatch(n: number): number {
  return Math.floor(n / 2_000) * 2_000;
}

describe('a copy to PostgreSQL that is killed in the middle of a batch', () => {
  it.each([
    [0, true],
    [1_000, false],
    [2_000, true],
    [5_999, false],
    [MORE_LOGINS - 1, true],
  ])('at login %i is resumed, and right (the server finishes the statement: %s)', async (n, doesFinish) => {
    const { url, client } = await killedAt(n, doesFinish);
    const { rows } = await client.query(`SELECT row_count::int AS rows FROM copy_progress WHERE name = 'family'`);
    const logins = source.counts.family ?? 0;
    expect(rows).toEqual([{ rows: doesFinish ? Math.min(beginOfBatch(n) + 2_000, logins) : beginOfBatch(n) }]);
    await client.end();
    await expectClosed(['--store', url]);
    expect(await copied(`sqlite:${source.directory}`, url)).toMatchObject({ resumed: true, ...source.counts });
    await expectSame(url);
  });

  it('and altered then is found out, and stays closed', async () => {
    const { url, client } = await killedAt(2_000, true);
    await client.query(
      `UPDATE family SET expire_time = expire_time + 1
      WHERE family_id = (SELECT family_id FROM family WHERE expire_time > 0 ORDER BY family_id LIMIT 1)`,
    );
    await client.end();
    const { stderr, code } = await copy(`sqlite:${source.directory}`, url);
    expect(stderr).toContain('the copy differs from its source in the table family, with ');
    expect(code).toBe(1);
    await expectClosed(['--store', url], EVERY_COMMAND);
  });

  /** A row that is not committed stops the server's process at the n-th login; there the program is killed, and perhaps the process too. */
  async function killedAt(n: number, doesFinish: boolean): Promise<{ url: string; client: pg.Client }> {
    const url = await newDatabase();
    await openDatabase({ ...postgresOptions(url), ...PATIENT }, new Cluster());
    const client = await connect(url);
    const holder = await connect(url);
    await holder.query('BEGIN');
    await holder.query(
      `INSERT INTO family (family_id, tenant_id, client_id, subject_id, kind, scopes, generation, issue_revision, issue_time, key_id,
        access_digest, access_issue_time, access_expire_time)
      VALUES ('\\x${familyAt(n)}', '', '', '', 0, '', 0, 0, 0, '', '', 0, 0)`,
    );
    const running = startProgram(argumentsOf(`sqlite:${source.directory}`, url));
    const pid = await eventually('the copy waiting for that row', async () => {
      const { rows } = await client.query(`SELECT pid FROM pg_locks WHERE locktype = 'transactionid' AND NOT granted`);
      return rows[0]?.pid as number | undefined;
    });
    expect((await running.end('SIGKILL')).signal).toBe('SIGKILL');
    if (!doesFinish) {
      await client.query('SELECT pg_terminate_backend($1)', [pid]);
    }
    await holder.query('ROLLBACK');
    await holder.end();
    await eventually('the end of its connection', async () => {
      const { rowCount } = await client.query('SELECT FROM pg_stat_activity WHERE pid = $1', [pid]);
      return rowCount === 0;
    });
    return { url, client };
  }
});

describe('a copy to SQLite that is killed in the middle of a batch', () => {
  it.each([0, 2_001, MORE_LOGINS - 1])('at login %i is resumed, and right', async (n) => {
    const url = await newDatabase();
    await copied(`sqlite:${source.directory}`, url);
    const target = at(`killed-${n}`);
    await runProgram(['init', '--data-dir', target]);
    const database = new Database(join(target, 'symbolon.db'), { timeout: 0 });
    const running = startProgram(argumentsOf(url, `sqlite:${target}`), {
      nodeArgs: ['--import', STUCK_INSERT],
      env: { TEST_STUCK_AT: familyAt(n) },
    });
    await eventually('the batch', () => {
      const isNext = progressOf(database, 'handle') > 0 && progressOf(database, 'family') === beginOfBatch(n);
      return isNext && isWriting(database);
    });
    expect((await running.end('SIGKILL')).signal).toBe('SIGKILL');
    expect(database.prepare('SELECT count(*) FROM family').pluck().get()).toBe(beginOfBatch(n));
    expect(progressOf(database, 'family')).toBe(beginOfBatch(n));
    database.close();
    await expectClosed(['--data-dir', target], n === 0 ? EVERY_COMMAND : undefined);
    expect(await copied(url, `sqlite:${target}`)).toMatchObject({ resumed: true, ...source.counts });
    expect(dump(target)).toEqual(dump(source.directory));
  });

  /** Whether somebody else is in the middle of a transaction. */
  function isWriting(database: Database.Database): boolean {
    try {
      database.exec('BEGIN IMMEDIATE; ROLLBACK');
      return false;
    } catch {
      return true;
    }
  }

  function progressOf(database: Database.Database, table: string): number {
    const isThere = database.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'copy_progress'`).get() !== undefined;
    const select = () => database.prepare('SELECT row_count FROM copy_progress WHERE name = ?').pluck().get(table);
    return isThere ? Number(select()) : -1;
  }
});

/** Copied back, it is what it was. */
async function expectSame(url: string): Promise<void> {
  const back = at(new URL(url).pathname.slice(1));
  await copied(url, `sqlite:${back}`);
  expect(dump(back)).toEqual(dump(source.directory));
}

function dump(path: string): unknown {
  const database = new Database(join(path, 'symbolon.db'), { readonly: true });
  const dumped = Object.keys(source.counts).map((name) =>
    JSON.stringify(database.prepare(`SELECT * FROM ${name}`).all()),
  );
  database.close();
  return dumped;
}

/** Neither servers nor the operator's commands open it. */
async function expectClosed(store: string[], commands: readonly string[][] = [['serve']]): Promise<void> {
  for (const command of commands) {
    expect(await refusal([...command, ...store]), command.join(' ')).toContain(
      'it is an unfinished copy of another store, which nothing may serve. Run the same `symbolon store copy` again',
    );
  }
}

describe('store copy refuses', () => {
  it.each([
    [['store', 'copy'], "required option '--from <store>' not specified"],
    [['store', 'copy', '--from', 'sqlite:x'], "required option '--to <store>' not specified"],
    [
      argumentsOf('mysql://a:hunter2@b/c', 'sqlite:x'),
      '--from (or SYMBOLON_FROM) names no store. Say sqlite:<data dir',
    ],
    [
      argumentsOf('sqlite:x', 'data'),
      '--to (or SYMBOLON_TO) names no store. Say sqlite:<data directory> or postgres://',
    ],
    [argumentsOf('sqlite:', 'data'), '--from (or SYMBOLON_FROM) names no store.'],
    [argumentsOf('sqlite:x', 'postgres://b:hunter2@/'), '--to (or SYMBOLON_TO) is not the address of a database.'],
    [argumentsOf('sqlite:x', 'postgres://b:hunter2@c/d?a=b'), '--to (or SYMBOLON_TO) has the parameter a'],
    [
      [...argumentsOf('sqlite:x', 'postgres://b/c'), '--store-tls-cert', 'c.pem'],
      '--store-tls-cert and --store-tls-key',
    ],
  ])('%j', async (args, message) => {
    const line = await refusal(args);
    expect(line).toContain(message);
    expect(line).not.toContain('hunter2');
  });

  it('a source that is not there, in one line', async () => {
    const line = await refusal(argumentsOf(`sqlite:${at('nowhere')}`, `sqlite:${at('never')}`));
    expect(line).toBe(`error: there is no store in sqlite:${at('nowhere')}. Name another with --from\n`);
    expect(existsSync(at('nowhere')) || existsSync(at('never'))).toBe(false);
  });

  it('a directory that a server holds, and a server refuses one that is copied', async () => {
    const served = at('served');
    await using running = await ServerProcess.start({ dataDir: served });
    const inUse = `is in use by another symbolon server (process ${running.pid}). Stop that one, or name another directory with`;
    const url = await newDatabase();
    expect(await refusal(argumentsOf(`sqlite:${served}`, url))).toContain(`${inUse} --from`);
    expect(await refusal(argumentsOf(`sqlite:${source.directory}`, `sqlite:${served}`))).toContain(`${inUse} --to`);
  });

  it('a database that a server is on', async () => {
    const url = await newDatabase();
    await using _running = await ServerProcess.start({ dataDir: at('on-postgres'), args: ['--store', url] });
    const message = 'is being served: a node wrote its heartbeat in the last 5 seconds. Stop all of them for the time';
    expect(await refusal(argumentsOf(url, `sqlite:${at('from-served')}`))).toContain(message);
    expect(await refusal(argumentsOf(`sqlite:${source.directory}`, url))).toContain(message);
  });

  it('to speak plain text to another machine, and to leave a server unchecked', async () => {
    const url = new URL(await newDatabase());
    const args = argumentsOf(`sqlite:${source.directory}`, url.href);
    expect(await refusal([...args, '--store-tls', 'on'])).toContain('The server does not support SSL connections');
  });
});
