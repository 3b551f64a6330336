/** Copies between real SQLite files and real PostgreSQL databases. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { all } from '../../src/core/plan.ts';
import type { Store } from '../../src/core/services/store.ts';
import { CLIENT } from '../../src/core/tables/clients.ts';
import { FAMILIES, FAMILY } from '../../src/core/tables/families.ts';
import { TABLES } from '../../src/core/tables/index.ts';
import { MESSAGES } from '../../src/core/tables/messages.ts';
import { TENANTS } from '../../src/core/tables/tenants.ts';
import { copyStore } from '../../src/store/copy/copy.ts';
import { NULLABLE, SINGLE } from './contract/table-rows.ts';
import { CopyBed, countsOf, NAMES, type PostgresPlace, rowsOf, type SqlitePlace } from './copy/bed.ts';
import { SMALL } from './copy/interrupting.ts';
import { ANN, APP, aDigest, answerOf, TENANT } from './fixtures.ts';

/** PostgreSQL's engine adds as much to client versions with each promotion of a standby. */
const TIMELINE = 2 ** 40;
const PAGE = { limit: 1_000 };

let bed: CopyBed;
let rows: ReturnType<typeof rowsOf>;

beforeAll(async () => {
  bed = await CopyBed.open();
  rows = rowsOf(bed.full);
});
afterAll(() => bed[Symbol.asyncDispose]());

/** Of the largest number and a timeline, the sum is not exact. */
function versionIn(value: number): number {
  return value < Number.MAX_SAFE_INTEGER ? value % TIMELINE : TIMELINE;
}

async function readAll(store: Store): Promise<unknown> {
  const tables = await store.read(Object.fromEntries(TABLES.map((table) => [table.name, all(table, {})])));
  const { families, clients } = await store.read({ families: all(FAMILY, {}), clients: all(CLIENT, {}) });
  const read = await Promise.all([
    ...families.map(({ familyId, tenantId }) => store.readFamily(tenantId, familyId)),
    ...families.map(({ familyId }) => store.readFamily(null, familyId)),
    ...clients.map(({ clientId }) => store.readClient(clientId)),
    store.list(TENANTS, {}, PAGE),
    store.list(FAMILIES, { tenantId: TENANT, subjectId: ANN }, PAGE),
    store.list(MESSAGES, { tenantId: TENANT }, PAGE),
  ]);
  return JSON.parse(JSON.stringify([tables, read]), (name, value) =>
    name === 'clientVersion' ? versionIn(value) : value,
  );
}

describe('the rows of the test', () => {
  it('are in every table, with and without what may be absent, and up to the largest number', () => {
    const fewest = (name: string) => (SINGLE.includes(name) ? 1 : 2);
    expect(Object.entries(rows).filter(([name, found]) => found.length < fewest(name))).toEqual([]);
    for (const [name, columns] of Object.entries(NULLABLE)) {
      const found = rows[name] as Record<string, unknown>[];
      for (const column of columns) {
        expect(new Set(found.map((row) => row[column] === null)), `${name}.${column}`).toEqual(new Set([true, false]));
      }
    }
    const values = Object.values(rows).flat() as Record<string, unknown>[];
    expect(values.flatMap((row) => Object.values(row))).toContain(BigInt(Number.MAX_SAFE_INTEGER));
  });
});

describe('a copy', () => {
  let database: PostgresPlace;
  let back: SqlitePlace;

  beforeAll(async () => {
    database = await bed.newDatabase();
    back = bed.newDirectory();
    expect(await copyStore(bed.full, database, SMALL)).toEqual({
      resumed: false,
      wasFinished: false,
      rows: countsOf(rows),
    });
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
    expect(JSON.stringify(answers[0])).toContain('"generation":1,');
  });

  it('goes on as the source would: repeats the answer to a refresh, and counts versions', async () => {
    const store = await bed.openPostgres(database);
    const { familyId, presented, last } = bed.refreshed;
    const tokens = { keyId: '0', accessDigest: aDigest(), refreshDigest: aDigest() };
    const refresh = { familyId, generation: 0, digest: presented, tag: 'genuine', tokens } as const;
    const again = answerOf(
      await store.execute({
        kind: 'refresh',
        authority: 'server',
        tenantId: TENANT,
        clientId: APP,
        ...refresh,
        box: new Uint8Array(40),
      }),
    );
    expect('repeated' in again && new Uint8Array(again.pair.box)).toEqual(last.box);
    const before = (await store.readClient(APP))?.clientVersion ?? 0;
    answerOf(
      await store.execute({
        kind: 'cut_off',
        authority: 'server',
        tenantId: TENANT,
        target: { kind: 'client', id: APP },
        cause: 'revoked',
      }),
    );
    expect((await store.readClient(APP))?.clientVersion).toBe(before + 1);
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
