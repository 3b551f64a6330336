/** Statements that write rows of src/store/rows. All name their columns: a newer version may have added some. */
import type { Change } from '../../core/changes.ts';
import type { Statement } from './batch.ts';
import type { Session } from './connections.ts';

export type Kind = Change['change'];
export type Applier<K extends Kind> = (session: Session, change: Extract<Change, { change: K }>) => Promise<unknown>;
/** What applies each kind of change: it sends it, and what comes next need not wait for it. */
export type Appliers = { [K in Kind]: Applier<K> };

/** Takes a row with its columns, and maybe others. */
export type Writer = (session: Session, row: object) => Promise<unknown>;

export function inserter(table: string, columns: readonly string[]): Writer {
  return writer([`insert_${table}`, insertion(table, columns)], columns);
}

/** Inserts a row, or puts it in the place of the one that has its key. */
export function putter(table: string, key: readonly string[], columns: readonly string[]): Writer {
  const settings = columns.filter((column) => !key.includes(column)).map((column) => `${column} = excluded.${column}`);
  const conflict = `ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${settings.join(', ')}`;
  return writer([`put_${table}`, `${insertion(table, columns)} ${conflict}`], columns);
}

/** Sets columns of the row that has the key. */
export function updater(table: string, key: string, columns: readonly string[]): Writer {
  const settings = columns.map((column, i) => `${column} = $${i + 2}`).join(', ');
  return writer([`update_${table}`, `UPDATE ${table} SET ${settings} WHERE ${key} = $1`], [key, ...columns]);
}

function insertion(table: string, columns: readonly string[]): string {
  return `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map((_, i) => `$${i + 1}`).join(', ')})`;
}

function writer(statement: Statement, columns: readonly string[]): Writer {
  return (session, row) => {
    const values = row as Readonly<Record<string, unknown>>;
    return session.query(
      statement,
      columns.map((column) => values[column]),
    );
  };
}
