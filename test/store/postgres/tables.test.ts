/** The two halves of a transaction, and what the schema has of the tables of src/core/tables. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AnyTable } from '../../../src/core/table.ts';
import { TABLES } from '../../../src/core/tables/index.ts';
import { changeSteps, sendAll } from '../../../src/store/postgres/apply.ts';
import { Connections, type Session } from '../../../src/store/postgres/connections.ts';
import { freeLoadingOf, load } from '../../../src/store/postgres/load.ts';
import { purge } from '../../../src/store/postgres/purge.ts';
import { listStep, send } from '../../../src/store/postgres/statements.ts';
import { NULLABLE } from '../contract/table-rows.ts';
import { tables } from '../contract/tables.ts';
import { postgresOptions } from './options.ts';
import { Rig } from './rig.ts';

let rig: Rig;
let connections: Connections;

beforeAll(async () => {
  rig = await Rig.start();
  await (await rig.open()).close();
  connections = new Connections(postgresOptions(rig.url), 1, async () => 1);
});
afterAll(async () => {
  await connections.end();
  await rig[Symbol.asyncDispose]();
});

function using<T>(work: (session: Session) => Promise<T>): Promise<T> {
  return connections.use(work);
}

describe('PostgreSQL keeps every table', () => {
  beforeEach(() =>
    rig.sql(
      [...TABLES]
        .reverse()
        .map(({ name }) => `DELETE FROM ${name};`)
        .join(''),
    ),
  );

  tables({
    apply: async (changes) => {
      await using((session) => sendAll(session, changeSteps(changes)));
    },
    load: (reads, now) => using((session) => load(session, freeLoadingOf({ locks: [], reads }, now))),
    list: async (list, by, page) => {
      const { rows } = await using((session) => send(session, listStep(list, by, page)));
      return rows.map((row) => list.table.fromRow(row));
    },
    purge: (now, limit) => using((session) => purge(session, now, limit)),
  });
});

/** As PostgreSQL names the kinds of columns. */
const TYPES = { text: 'text', integer: 'bigint', flag: 'boolean', bytes: 'bytea' } as const;

interface ColumnInfo extends Record<string, unknown> {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly collation: string | null;
  /** Its place in the primary key, from 1. */
  readonly place: number | null;
}

function columnsIn(table: string): Promise<ColumnInfo[]> {
  return rig.sql<ColumnInfo>(`
    SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, NOT a.attnotnull AS nullable,
      l.collname AS collation, array_position(i.indkey::int[], a.attnum::int) AS place
    FROM pg_attribute a LEFT JOIN pg_collation l ON l.oid = a.attcollation
      LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
    WHERE a.attrelid = '${table}'::regclass AND a.attnum > 0 AND NOT a.attisdropped`);
}

describe('the schema has what the description says', () => {
  it.each(TABLES.map((table) => [table.name, table] as const))('of %s', async (name, table) => {
    const columns = await columnsIn(name);
    const described = table.columns.map((column) => [column.name, TYPES[column.kind]]);
    expect(columns.map(({ name: column, type }) => [column, type]).sort()).toEqual(described.sort());

    const nullable = columns.filter((column) => column.nullable).map((column) => column.name);
    expect(nullable.sort()).toEqual([...(NULLABLE[name] ?? [])].sort());
    // A vector counts its places from 0.
    const key = columns.filter(({ place }) => place !== null).sort((a, b) => Number(a.place) - Number(b.place));
    expect(key.map((column) => column.name)).toEqual(table.keyColumns);
  });

  it('and compares by bytes what is a key or in an index', async () => {
    const rows = await rig.sql<{ name: string }>(`
      SELECT DISTINCT t.relname || '.' || a.attname AS name
      FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = ANY (i.indkey)
        JOIN pg_collation l ON l.oid = a.attcollation
      WHERE n.nspname = 'public' AND l.collname <> 'C'`);
    expect(rows).toEqual([]);
  });

  it('and no other table, no function, and no trigger of its own', async () => {
    const names = await rig.sql<{ name: string }>(
      `SELECT relname::text AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`,
    );
    expect(names.map(({ name }) => name).sort()).toEqual(
      [...TABLES.map(({ name }: AnyTable) => name), 'heartbeat', 'history', 'schema_version'].sort(),
    );
    expect(await rig.sql('SELECT tgname FROM pg_trigger WHERE NOT tgisinternal')).toEqual([]);
    expect(await rig.sql(`SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace`)).toEqual([]);
  });
});
