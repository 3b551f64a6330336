/** Statements that derive from the description of a table. `mark` writes the n-th parameter of a dialect: `?`, or `$n`. */
import { type AnyTable, anyTable, type ColumnValues, type List } from '../../core/table.ts';

export type Mark = (n: number) => string;

/** A WHERE clause and how many parameters it takes: NULL is compared by IS NULL, and takes none. */
export interface Condition {
  /** Of one text are conditions of the same columns, so it can name a prepared statement. */
  readonly sql: string;
  readonly values: ColumnValues['values'];
}

export function columnList({ columns }: AnyTable, prefix = ''): string {
  return columns.map(({ name }) => prefix + name).join(', ');
}

/** `first` is the number of its first parameter. No columns: true. */
export function conditionOf({ names, values }: ColumnValues, mark: Mark, first = 1, prefix = ''): Condition {
  let next = first;
  const parts = names.map((name, i) =>
    values[i] === null ? `${prefix}${name} IS NULL` : `${prefix}${name} = ${mark(next++)}`,
  );
  return { sql: parts.length === 0 ? 'true' : parts.join(' AND '), values: values.filter((value) => value !== null) };
}

export function insertSql(table: AnyTable, mark: Mark): string {
  const marks = table.columns.map((_, i) => mark(i + 1)).join(', ');
  return `INSERT INTO ${table.name} (${columnList(table)}) VALUES (${marks})`;
}

/** Inserts a row, or puts it in the place of the one that has its key. */
export function putSql(table: AnyTable, mark: Mark): string {
  const rest = table.columns.map(({ name }) => name).filter((name) => !table.keyColumns.includes(name));
  const settings = rest.map((name) => `${name} = excluded.${name}`).join(', ');
  return `${insertSql(table, mark)} ON CONFLICT (${table.keyColumns.join(', ')}) DO UPDATE SET ${settings}`;
}

/** Sets columns of the rows that meet a condition, whose parameters follow those of the columns. */
export function setSql(table: AnyTable, names: readonly string[], condition: string, mark: Mark): string {
  const settings = names.map((name, i) => `${name} = ${mark(i + 1)}`).join(', ');
  return `UPDATE ${table.name} SET ${settings} WHERE ${condition}`;
}

export function dropSql(table: AnyTable, condition: string): string {
  return `DELETE FROM ${table.name} WHERE ${condition}`;
}

/** In the order of the key, so that all engines answer alike. */
export function selectSql(table: AnyTable, condition: string): string {
  return `SELECT ${columnList(table)} FROM ${table.name} WHERE ${condition} ORDER BY ${table.keyColumns.join(', ')}`;
}

export function orderColumnsOf<T>({ table, order }: List<T>): string[] {
  return order.flatMap((field) => table.columnsOf(field).map(({ name }) => name));
}

/** A page of a list: parameters of `by`, then those of the position where there is one, then the limit. */
export function listSql<T>(list: List<T>, by: Condition, hasPosition: boolean, mark: Mark): string {
  const order = orderColumnsOf(list);
  const first = by.values.length + 1;
  const position = order.map((_, i) => mark(first + i)).join(', ');
  const later = hasPosition ? ` AND (${order.join(', ')}) > (${position})` : '';
  const limit = mark(first + (hasPosition ? order.length : 0));
  const table = anyTable(list.table);
  return `SELECT ${columnList(table)} FROM ${table.name} WHERE ${by.sql}${later} ORDER BY ${order.join(', ')} LIMIT ${limit}`;
}
