/** Statements that write rows of src/store/rows. All name their columns, for a table may have some that came later. */
import type { Database } from 'better-sqlite3';
import type { Change } from '../../core/changes.ts';

type Kind = Change['change'];

/** What applies each kind of change. */
export type Appliers = { [K in Kind]: (change: Extract<Change, { change: K }>) => void };

/** Takes a row with these columns, and maybe others. */
type Writer = (row: object) => void;

export function prepareInsert(
  database: Database,
  table: string,
  columns: readonly string[],
  verb: 'INSERT' | 'INSERT OR REPLACE' = 'INSERT',
): Writer {
  const values = columns.map(() => '?').join(', ');
  const statement = database.prepare(`${verb} INTO ${table} (${columns.join(', ')}) VALUES (${values})`);
  return (row) => statement.run(valuesOf(row, columns));
}

/** Sets columns of the row that has the key. */
export function prepareUpdate(database: Database, table: string, key: string, columns: readonly string[]): Writer {
  const settings = columns.map((column) => `${column} = ?`).join(', ');
  const statement = database.prepare(`UPDATE ${table} SET ${settings} WHERE ${key} = ?`);
  const parameters = [...columns, key];
  return (row) => statement.run(valuesOf(row, parameters));
}

/** SQLite has no booleans. A column that the row lacks can't be bound, and fails. */
function valuesOf(row: object, columns: readonly string[]): unknown[] {
  const values = row as Readonly<Record<string, unknown>>;
  return columns.map((column) => (typeof values[column] === 'boolean' ? Number(values[column]) : values[column]));
}
