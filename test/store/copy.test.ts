/** Copies between real SQLite files and real PostgreSQL databases. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../src/core/store.ts';
import { copyStore } from '../../src/store/copy/copy.ts';
import type { Place } from '../../src/store/copy/end.ts';
import { TABLES } from '../../src/store/copy/tables.ts';
import { Cluster } from '../../src/store/postgres/cluster.ts';
import { openDatabase } from '../../src/store/postgres/open.ts';
import { eventually } from '../process/program.ts';
import { CopyBed, countsOf, NAMES, type PostgresPlace, rowsOf, type SqlitePlace } from './copy/bed.ts';
import { ANN, answerOf, refreshOf } from './fixtures.ts';
import { postgresOptions } from './postgres/options.ts';

/** Fewer than most tables have rows, so that every edge of a batch is met. */
const SMALL = { batchRows: 3 };
/** PostgreSQL's engine adds as much to client versions with each promotion of a standby. */
const TIMELINE = 2 ** 40;

const ABSENT = [
  ...['expire_time', 'password_hash', 'login_name', 'email', 'phone', 'vendor_id', 'revoked_revision', 'last_sealed'],
  ...[
    'last_repeat_until',
    'last_token_id',
    'last_issue_time',
    'last_expire_time',
    'refresh_expire_time',
    'lock_end_time',
  ],
  ...['sealed', 'last_error', 'token_expire_time', 'actor_token_id', 'actor_address', 'actor_request_id'],
];

const PAGE = { limit: 1_000 };
const ANN_HERSELF = { subjectKind: 'user', subjectId: ANN } as const;

let bed: CopyBed;
let rows: ReturnType<typeof rowsOf>;

beforeAll(async () => {
  bed = await CopyBed.open();
  rows = rowsOf(bed.full);
});
afterAll(() => bed[Symbol.asyncDispose]());

class Interrupted extends Error {}

/** Copies until `stop` says so, as a process that dies there. */
async function copyUntil(from: Place, to: Place, stop: (table: string, count: number) => boolean): Promise<void> {
  const onProgress = (table: string, count: number) => {
    if (stop(table, count)) {
      throw new Interrupted();
    }
  };
  await expect(copyStore(from, to, { ...SMALL, onProgress })).rejects.toThrow(/failed: .*run it again/);
}

/** Copies everything, and dies before it is verified. */
async function copyUnverified(from: Place, to: Place): Promise<void> {
  const onVerify = () => {
    throw new Interrupted();
  };
  await expect(copyStore(from, to, { ...SMALL, onVerify })).rejects.toThrow();
}

/** Of the moment when the copy is in the middle of the tokens. */
async function during(from: Place, to: Place, work: () => Promise<void>): Promise<void> {
  let hasWorked = false;
  const onProgress = async (table: string) => {
    if (table === 'token' && !hasWorked) {
      hasWorked = true;
      await work();
    }
  };
  await copyStore(from, to, { ...SMALL, onProgress });
  expect(hasWorked).toBe(true);
}

async function readAll(store: Store): Promise<unknown> {
  const { tokens, clients, tenants, handles } = bed.filled;
  const read = await Promise.all([
    ...tokens.map(({ tenantId, digest }) => store.readToken(tenantId, digest)),
    ...tokens.map(({ digest }) => store.readBearer(digest)),
    ...clients.map((id) => store.readClient(id)),
    ...tenants.map((id) => store.readTenant(id)),
    ...handles.map(({ tenantId, handle }) => store.findSubject(tenantId, handle)),
    store.readLoginFailures('small', ['ann', 'bob', 'bob@example.com']),
    store.listSubjects('acme', 'user', PAGE),
    store.listSubjects('acme', 'device', PAGE),
    store.listFamilies('acme', ANN_HERSELF, { now: 0, leastRevision: 0 }, PAGE),
    store.listMessages('acme', PAGE),
    store.listAuditRecords('acme', PAGE),
    store.readTotp('acme', 'person'),
  ]);
  return JSON.parse(JSON.stringify(read), (name, value) => (name === 'clientVersion' ? value % TIMELINE : value));
}

describe('the rows of the test', () => {
  it('are in every table, with and without what may be absent, and up to the largest number', () => {
    const fewest = (name: string) => (name === 'server_key' ? 1 : 2);
    expect(Object.entries(rows).filter(([name, found]) => found.length < fewest(name))).toEqual([]);
    const values = Object.values(rows).flat() as Record<string, unknown>[];
    for (const column of ABSENT) {
      const found = values.filter((row) => column in row).map((row) => row[column] === null);
      expect(new Set(found), column).toEqual(new Set([true, false]));
    }
    expect(values.flatMap((row) => Object.values(row))).toContain(BigInt(Number.MAX_SAFE_INTEGER));
  });
});

describe('the list of tables', () => {
  it('is what SQLite has', () => {
    const database = new Database(join(bed.full.directory, 'symbolon.db'), { readonly: true });
    const names = database.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`).pluck().all() as string[];
    const types = { text: 'TEXT', integer: 'INTEGER', flag: 'INTEGER', bytes: 'BLOB' };
    expect(names.filter((name) => name !== 'probe').sort()).toEqual([...NAMES].sort());
    for (const { name, columns, key } of TABLES) {
      const found = database.pragma(`table_info(${name})`) as { name: string; type: string; pk: number }[];
      expect(found.map((column) => [column.name, column.type])).toEqual(
        columns.map((column) => [column.name, types[column.kind]]),
      );
      const primary = found.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk);
      expect(primary.map((column) => column.name)).toEqual(key.map((i) => columns[i]?.name));
    }
    database.close();
  });

  it('is what PostgreSQL has, with keys that are ordered by their bytes', async () => {
    const types = { text: 'text', integer: 'bigint', flag: 'boolean', bytes: 'bytea' };
    await bed.withClient(await bed.newEmptyStore(), async (client) => {
      const { rows: found } = await client.query(
        `SELECT table_name, column_name, data_type, collation_name FROM information_schema.columns
        WHERE table_schema = 'public' AND table_name NOT IN ('heartbeat', 'schema_version') ORDER BY ordinal_position`,
      );
      expect([...new Set(found.map((column) => column.table_name))].sort()).toEqual([...NAMES].sort());
      for (const { name, columns, key } of TABLES) {
        const own = found.filter((column) => column.table_name === name);
        expect(own.map((column) => [column.column_name, column.data_type])).toEqual(
          columns.map((column) => [column.name, types[column.kind]]),
        );
        const keys = key.map((i) => own[i]).filter((column) => column.data_type === 'text');
        expect(keys.map((column) => column.collation_name)).toEqual(keys.map(() => 'C'));
        const primary = await client.query(
          `SELECT attname FROM pg_index, unnest(indkey) WITH ORDINALITY AS part (attribute, place), pg_attribute
          WHERE indrelid = $1::regclass AND indisprimary AND attrelid = indrelid AND attnum = attribute ORDER BY place`,
          [name],
        );
        expect(primary.rows.map(({ attname }) => attname)).toEqual(key.map((i) => columns[i]?.name));
      }
    });
  });
});

describe('a copy', () => {
  let database: PostgresPlace;
  let back: SqlitePlace;

  beforeAll(async () => {
    database = await bed.newDatabase();
    back = bed.newDirectory();
    expect(await copyStore(bed.full, database, SMALL)).toEqual({ resumed: false, rows: countsOf(rows) });
    await copyStore(database, back, SMALL);
  });

  it('there and back again has every value of every row, and nothing else', () => {
    expect(rowsOf(back)).toEqual(rows);
    const copied = new Database(join(back.directory, 'symbolon.db'));
    const original = new Database(join(bed.full.directory, 'symbolon.db'));
    const schema = (of: Database.Database) =>
      of.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY name').all();
    expect(schema(copied)).toEqual(schema(original));
    expect(copied.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(copied.pragma('foreign_key_check')).toEqual([]);
    copied.close();
    original.close();
  });

  it('leaves the source as it was', () => {
    expect(rowsOf(bed.full)).toEqual(rows);
  });

  it('answers every read as the source does', async () => {
    const answers = await Promise.all(
      [bed.full, database, back].map(async (place) => {
        const store = await bed.openStore(place);
        try {
          return await readAll(store);
        } finally {
          await store.close();
        }
      }),
    );
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
    expect(JSON.stringify(answers[0])).toContain('"generation":1');
  });

  it('goes on as the source would: repeats the answer to a refresh, and counts versions', async () => {
    const store = await bed.openPostgres(database);
    const { digest, sealed } = bed.filled.refreshed;
    const again = answerOf(await store.execute(refreshOf(digest)));
    expect('repeated' in again && new Uint8Array(again.sealed)).toEqual(sealed);
    const before = (await store.readClient('app'))?.clientVersion ?? 0;
    answerOf(
      await store.execute({
        kind: 'cut_off',
        tenantId: 'acme',
        principal: { kind: 'client', id: 'app' },
        cause: 'revoked',
      }),
    );
    expect((await store.readClient('app'))?.clientVersion).toBe(before + 1);
    await store.close();
  });

  it('leaves nothing of its own behind in PostgreSQL', async () => {
    await bed.withClient(database, async (client) => {
      const { rows: left } = await client.query(
        `SELECT relname AS name FROM pg_class WHERE relname LIKE 'copy%' UNION ALL
        SELECT proname FROM pg_proc WHERE proname LIKE 'copy%' UNION ALL
        SELECT tgname FROM pg_trigger WHERE tgname LIKE 'copy%'`,
      );
      expect(left).toEqual([]);
    });
  });

  it('keeps all bits of a number, though no number of ours has so many', async () => {
    const from = bed.newDirectory();
    await copyStore(bed.full, from);
    await bed.alter(from, 'UPDATE revocation SET event_time = 9223372036854775807');
    const [through, to] = [await bed.newDatabase(), bed.newDirectory()];
    await copyStore(from, through);
    await copyStore(through, to);
    expect(rowsOf(to)).toEqual(rowsOf(from));
  });

  it.each(['sqlite', 'postgres'])('goes from %s to the same engine as well', async (kind) => {
    const from = kind === 'sqlite' ? bed.full : await bed.newDatabase();
    const to = kind === 'sqlite' ? bed.newDirectory() : await bed.newDatabase();
    if (kind === 'postgres') {
      await copyStore(bed.full, from);
    }
    expect((await copyStore(from, to)).rows).toEqual(countsOf(rows));
    const last = kind === 'sqlite' ? (to as SqlitePlace) : bed.newDirectory();
    if (kind === 'postgres') {
      await copyStore(to, last);
    }
    expect(rowsOf(last)).toEqual(rows);
  });

  it('of an empty store is an empty store', async () => {
    const from = bed.newDirectory();
    await (await bed.openSqlite(from)).close();
    const to = await bed.newDatabase();
    expect((await copyStore(from, to)).rows).toEqual(Object.fromEntries(NAMES.map((name) => [name, 0])));
    await (await bed.openPostgres(to)).close();
  });
});

describe('a copy that is interrupted', () => {
  it.each(['postgres', 'sqlite'])('after each batch goes on there, into %s', async (kind) => {
    const other = await bed.newDatabase();
    await copyStore(bed.full, other);
    const [from, to] = kind === 'postgres' ? [bed.full, await bed.newDatabase()] : [other, bed.newDirectory()];
    const batches = Object.values(rows).reduce((sum, { length }) => sum + Math.ceil(length / SMALL.batchRows), 0);
    const steps: string[] = [];
    for (let attempt = 1; attempt <= batches; attempt++) {
      await copyUntil(from, to, (table, count) => steps.push(`${table} ${count}`) > 0);
      await expect(bed.openStore(to)).rejects.toThrow('it is an unfinished copy of another store');
    }
    expect(new Set(steps).size).toBe(batches);
    expect(await copyStore(from, to, SMALL)).toEqual({ resumed: true, rows: countsOf(rows) });
    const last = kind === 'postgres' ? bed.newDirectory() : (to as SqlitePlace);
    if (kind === 'postgres') {
      await copyStore(to, last);
    }
    expect(rowsOf(last)).toEqual(rows);
  });

  it.each(['postgres', 'sqlite'])('after its last batch is verified when it goes on, into %s', async (kind) => {
    const other = await bed.newDatabase();
    await copyStore(bed.full, other);
    const [from, to] = kind === 'postgres' ? [bed.full, await bed.newDatabase()] : [other, bed.newDirectory()];
    await copyUnverified(from, to);
    await expect(bed.openStore(to)).rejects.toThrow('it is an unfinished copy');
    expect(await copyStore(from, to)).toEqual({ resumed: true, rows: countsOf(rows) });
    await (await bed.openStore(to)).close();
  });

  it('is no store to copy from', async () => {
    for (const to of [await bed.newDatabase(), bed.newDirectory()] as const) {
      await copyUntil(bed.full, to, (table) => table === 'family');
      await expect(copyStore(to, bed.newDirectory())).rejects.toThrow('it is an unfinished copy of another store');
      await expect(copyStore(to, await bed.newDatabase())).rejects.toThrow('it is an unfinished copy of another store');
    }
  });

  it('is no store to copy another into', async () => {
    const another = bed.newDirectory();
    await copyStore(bed.full, another);
    for (const to of [await bed.newDatabase(), bed.newDirectory()]) {
      await copyUntil(bed.full, to, (table) => table === 'family');
      await expect(copyStore(another, to)).rejects.toThrow('is an unfinished copy of another store than the one');
    }
  });

  it('lets no heartbeat through in PostgreSQL, so that a node that was there before serves nothing', async () => {
    const to = await bed.newEmptyStore();
    await copyUntil(bed.full, to, (table) => table === 'family');
    const beat = `INSERT INTO heartbeat VALUES ('old', 1, clock_timestamp())`;
    await expect(bed.alter(to, beat)).rejects.toThrow('the store is an unfinished copy');
    await copyStore(bed.full, to);
    await bed.alter(to, beat);
  });
});

/** One change of each table that keeps every constraint. */
const CHANGES: Record<string, string> = {
  tenant: `UPDATE tenant SET display_name = display_name || ' ' WHERE tenant_id = 'odd-3'`,
  client: `UPDATE client SET cutoff = cutoff + 1 WHERE client_id = 'admin'`,
  client_secret: `UPDATE client_secret SET expire_time = NULL WHERE secret_id = 'cs_expiring'`,
  subject: `UPDATE subject SET login_name = '' WHERE subject_id = 'device'`,
  handle: `DELETE FROM handle WHERE key = 'barred'`,
  family: `UPDATE family SET revoked_revision = NULL`,
  token: `UPDATE token SET is_refresh = NOT is_refresh WHERE token_id = (SELECT max(token_id) FROM token)`,
  issue_record: `UPDATE issue_record SET refresh_expire_time = 0 WHERE refresh_expire_time IS NULL`,
  login_failures: `UPDATE login_failures SET count = count + 1 WHERE lock_end_time IS NULL`,
  revocation: `INSERT INTO revocation VALUES ('odd-1', 9007199254740991, 'tenant', 'odd-1', 'revoked', 1)`,
  code: `UPDATE code SET attempts_left = attempts_left - 1 WHERE purpose = 'verify_phone'`,
  message: `UPDATE message SET last_error = NULL`,
  totp: `UPDATE totp SET active = NOT active WHERE subject_id = 'person'`,
  mfa_challenge: `UPDATE mfa_challenge SET token_expire_time = 0 WHERE token_expire_time IS NULL`,
  audit: `UPDATE audit SET details = details || ' ' WHERE tenant_id = 'acme' AND sequence = 1`,
  server_key: `UPDATE server_key SET fingerprint = (SELECT audit_hash FROM tenant WHERE tenant_id = 'acme')`,
};

describe('the verification', () => {
  it.each(NAMES)('finds a change of the copy in %s, and keeps the copy closed', async (name) => {
    for (const to of [await bed.newDatabase(), bed.newDirectory()]) {
      await copyUnverified(bed.full, to);
      await bed.alter(to, CHANGES[name] ?? '');
      await expect(copyStore(bed.full, to, SMALL)).rejects.toThrow(
        `differs from its source in the table ${name}, with`,
      );
      await expect(bed.openStore(to)).rejects.toThrow('it is an unfinished copy');
    }
  });

  it('finds a change of the source since the copy was begun', async () => {
    const from = bed.newDirectory();
    await copyStore(bed.full, from);
    const to = await bed.newDatabase();
    await copyUntil(from, to, (table) => table === 'issue_record');
    await bed.alter(from, `DELETE FROM token WHERE token_id = (SELECT min(token_id) FROM token)`);
    const total = rows.token?.length ?? 0;
    await expect(copyStore(from, to)).rejects.toThrow(
      `differs from its source in the table token, with ${total - 1} rows there and ${total} in the copy`,
    );
  });

  it('sees the difference between nothing and an empty text', async () => {
    const to = await bed.newDatabase();
    await copyUnverified(bed.full, to);
    await bed.alter(to, `UPDATE subject SET email = '' WHERE subject_id = 'device'`);
    await expect(copyStore(bed.full, to)).rejects.toThrow('in the table subject');
  });
});

describe('a copy keeps others away:', () => {
  it('servers and writers from a SQLite source', async () => {
    const { lockDirectory } = await import('../../src/store/sqlite/directory.ts');
    await during(bed.full, await bed.newDatabase(), async () => {
      expect(() => lockDirectory(bed.full.directory)).toThrow('is in use');
      const writer = new Database(join(bed.full.directory, 'symbolon.db'), { timeout: 0 });
      expect(() => writer.exec('UPDATE probe SET probe_time = 1')).toThrow('database is locked');
      writer.close();
    });
  });

  it('writers and heartbeats from a PostgreSQL source', async () => {
    const from = await bed.newDatabase();
    await copyStore(bed.full, from);
    await during(from, bed.newDirectory(), async () => {
      for (const name of [...NAMES, 'heartbeat']) {
        const locked = bed.alter(from, `SET lock_timeout = 1`, `DELETE FROM ${name} WHERE false`);
        await expect(locked, name).rejects.toThrow('lock timeout');
      }
    });
  });

  it('another copy into the same target', async () => {
    const second = bed.newDirectory();
    await copyStore(bed.full, second);
    for (const to of [await bed.newDatabase(), bed.newDirectory()]) {
      await during(bed.full, to, () => expect(copyStore(second, to)).rejects.toThrow(/another copy into|is in use/));
    }
  });
});

describe('a copy refuses', () => {
  it.each(NAMES)('a target with a row in %s', async (name) => {
    for (const to of [await bed.newDatabase(), bed.newDirectory()]) {
      await copyStore(bed.full, to);
      const others = [...NAMES].reverse().filter((other) => other !== name);
      const off = to.kind === 'sqlite' ? 'PRAGMA foreign_keys = OFF' : `SET session_replication_role = 'replica'`;
      await bed.alter(to, off, ...others.map((other) => `DELETE FROM ${other}`));
      await expect(copyStore(bed.full, to)).rejects.toThrow(`is not empty: its table ${name} has rows`);
    }
  });

  it('a source that is not there', async () => {
    const nowhere: Place = { kind: 'sqlite', directory: join(bed.full.directory, 'nowhere') };
    const target = bed.newDirectory();
    const empty = bed.newDirectory();
    writeFileSync(join(empty.directory, 'symbolon.db'), '');
    for (const from of [nowhere, bed.newDirectory(), empty, await bed.newDatabase()]) {
      await expect(copyStore(from, target)).rejects.toThrow('there is no store in');
    }
    await expect(bed.openSqlite(target).then((store) => store.readTenant('acme'))).resolves.toBeUndefined();
  });

  it('databases that are not there, without their passwords', async () => {
    const url = new URL((await bed.newDatabase()).url);
    url.pathname = '/nothing';
    url.password = 'top-secret';
    const missing: Place = { kind: 'postgres', url: url.href };
    for (const [from, to] of [
      [missing, bed.newDirectory()],
      [bed.full, missing],
    ] as const) {
      const error = await copyStore(from, to).catch((reason: Error) => reason);
      expect(error).toMatchObject({ message: expect.stringContaining(`/nothing: database "nothing" does not exist`) });
      expect(String((error as Error).message)).not.toContain('top-secret');
    }
  });

  it('a store as both ends', async () => {
    const database = await bed.newDatabase();
    await copyStore(bed.full, database);
    const dotted: Place = {
      kind: 'sqlite',
      directory: join(bed.full.directory, '..', bed.full.directory.split('/').at(-1) ?? ''),
    };
    const named: Place = { kind: 'postgres', url: database.url.replace('127.0.0.1', 'localhost') };
    await expect(copyStore(bed.full, dotted)).rejects.toThrow('--from and --to both lead to sqlite:');
    await expect(copyStore(database, named)).rejects.toThrow('--from and --to both lead to postgres://localhost');
  });

  it('schemas of a newer version', async () => {
    const ends = [await bed.newEmptyStore(), bed.newDirectory()] as const;
    await (await bed.openSqlite(ends[1])).close();
    await bed.alter(ends[0], 'UPDATE schema_version SET version = 99');
    await bed.alter(ends[1], 'PRAGMA user_version = 99');
    for (const place of ends) {
      await expect(copyStore(place, bed.newDirectory())).rejects.toThrow('has schema 99; this version of Symbolon');
      await expect(copyStore(bed.full, place)).rejects.toThrow('has schema 99; this version of Symbolon');
    }
  });

  it('a source or target that a node serves', async () => {
    const served = await bed.newDatabase();
    const store = await bed.openPostgres(served);
    await expect(copyStore(served, bed.newDirectory())).rejects.toThrow('is being served: a node wrote its heartbeat');
    await expect(copyStore(bed.full, served)).rejects.toThrow('is being served: a node wrote its heartbeat');
    await store.close();
  });

  it.each(['source', 'target'])('a %s that a node begins to serve in the same moment', async (end) => {
    const database = await bed.newDatabase();
    await (end === 'source'
      ? copyStore(bed.full, database)
      : openDatabase(postgresOptions(database.url), new Cluster()));
    const [from, to] = end === 'source' ? [database, bed.newDirectory()] : [bed.full, database];
    await bed.withClient(database, async (client) => {
      await client.query(`BEGIN; INSERT INTO heartbeat VALUES ('new', 1, clock_timestamp())`);
      const refused = expect(copyStore(from, to)).rejects.toThrow('is being served: a node wrote its heartbeat');
      await eventually('the copy waiting for the heartbeats', async () => {
        const { rowCount } = await bed.withClient(database, (other) =>
          other.query('SELECT FROM pg_locks WHERE NOT granted'),
        );
        return (rowCount ?? 0) > 0;
      });
      await client.query('COMMIT');
      await refused;
    });
  });

  it('nobody whose nodes have just ended, and waits for that', async () => {
    const to = await bed.newDatabase();
    await (await bed.openPostgres(to)).close();
    expect((await copyStore(bed.full, to)).rows).toEqual(countsOf(rows));
  });

  it('a source that is being written', async () => {
    const from = await bed.newDatabase();
    await copyStore(bed.full, from);
    await bed.withClient(from, async (client) => {
      await client.query('BEGIN; DELETE FROM revocation');
      await expect(copyStore(from, bed.newDirectory())).rejects.toThrow('is being written. Stop whoever does');
    });
  });

  it('what PostgreSQL can’t hold, and names the table', async () => {
    const from = bed.newDirectory();
    await copyStore(bed.full, from);
    await bed.alter(from, `UPDATE client SET display_name = 'a' || char(0) WHERE client_id = 'app'`);
    await expect(copyStore(from, await bed.newDatabase())).rejects.toThrow(
      'failed: table client: invalid byte sequence',
    );
    await bed.alter(from, `UPDATE client SET display_name = 'a', disabled = 2 WHERE client_id = 'app'`);
    await expect(copyStore(from, await bed.newDatabase())).rejects.toThrow('client.disabled holds 2');
  });
});
