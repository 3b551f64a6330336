import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TABLES } from '../../../src/core/tables/index.ts';
import { prepareApplier } from '../../../src/store/sqlite/apply.ts';
import { openWriter } from '../../../src/store/sqlite/connection.ts';
import { Lists } from '../../../src/store/sqlite/lists.ts';
import { prepareLoader } from '../../../src/store/sqlite/load.ts';
import { migrate } from '../../../src/store/sqlite/migrations.ts';
import { preparePurger } from '../../../src/store/sqlite/purge.ts';
import { temporaryDirectory } from '../../support.ts';
import { NULLABLE } from '../contract/table-rows.ts';
import { tables } from '../contract/tables.ts';

let directory: ReturnType<typeof temporaryDirectory>;
let database: ReturnType<typeof openWriter>;

beforeEach(() => {
  directory = temporaryDirectory();
  const path = join(directory.path, 'symbolon.db');
  database = openWriter(path);
  migrate(database, path);
});

afterEach(() => {
  database.close();
  directory.remove();
});

describe('SQLite keeps every table', () => {
  tables({
    apply: async (changes) => {
      const apply = prepareApplier(database);
      database.transaction(() => changes.forEach(apply))();
    },
    load: async (reads, now) => prepareLoader(database)(now)(reads),
    list: async (list, by, page) => new Lists(database).page(list, by, page),
    purge: async (now, limit) => preparePurger(database)(now, limit),
  });
});

/** As SQLite names the kinds of columns. */
const TYPES = { text: 'TEXT', integer: 'INTEGER', flag: 'INTEGER', bytes: 'BLOB' } as const;

interface ColumnInfo {
  readonly name: string;
  readonly type: string;
  readonly notnull: number;
  /** Its place in the primary key, from 1. */
  readonly pk: number;
}

function columnsIn(name: string): readonly ColumnInfo[] {
  return database.pragma(`table_info(${name})`) as ColumnInfo[];
}

describe('the schema has what the description says', () => {
  it.each(TABLES.map((table) => [table.name, table] as const))('of %s', (name, table) => {
    const described = table.columns.map((column) => [column.name, TYPES[column.kind]]);
    const columns = columnsIn(name);
    const key = columns.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk);
    // Of an INTEGER PRIMARY KEY, SQLite does not say that it is never NULL.
    const nullable = columns.filter(({ notnull, pk }) => notnull === 0 && pk === 0);

    expect(columns.map(({ name: column, type }) => [column, type]).sort()).toEqual(described.sort());
    expect(key.map((column) => column.name)).toEqual(table.keyColumns);
    expect(nullable.map((column) => column.name).sort()).toEqual([...(NULLABLE[name] ?? [])].sort());
  });

  it('and no other table', () => {
    const names = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").pluck().all();

    expect(names).toEqual([...TABLES.map(({ name }) => name), 'probe'].sort());
  });
});
