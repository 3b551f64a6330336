/** Loading the rows that a plan names. A command's transaction is IMMEDIATE, so no other can change them until it ends. */
import type { Database } from 'better-sqlite3';
import type { State } from '../../core/commands/decide.ts';
import type { Instant } from '../../core/model.ts';
import type { AnyRead, Due, Each, One, Reads } from '../../core/plan.ts';
import type { AnyTable, Where } from '../../core/table.ts';
import { columnList, conditionOf, type Mark, selectSql } from '../rows/sql.ts';
import { bindable, mark, Statements } from './statements.ts';

/** Begins a load, whose reads can come in several parts. */
export type Loader = (now: Instant) => (reads: Reads) => State;

export function prepareLoader(database: Database): Loader {
  return loaderOf(new Rows(database));
}

export function loaderOf(rows: Rows): Loader {
  return (now) => {
    const before: LoadedOne[] = [];
    return (reads) => {
      const state: Record<string, unknown> = {};
      for (const name in reads) {
        state[name] = load(rows, reads[name] as AnyRead, now, before);
      }
      return state;
    };
  };
}

/** A row that was read for this state already: the tenant of the caller is mostly the tenant of the command. */
interface LoadedOne {
  readonly read: One<object>;
  readonly row: object | undefined;
}

function load(rows: Rows, read: AnyRead, now: Instant, before: LoadedOne[]): unknown {
  switch (read.read) {
    case 'one':
      return loadOne(rows, read, before);
    case 'each':
      return loadEach(rows, read);
    case 'all':
      return read.where === undefined ? [] : rows.all(read.table, read.where);
    case 'due':
      return rows.due(read, now);
  }
}

function loadOne(rows: Rows, read: One<object>, before: LoadedOne[]): object | undefined {
  const { table, where } = read;
  if (where === undefined) {
    return undefined;
  }
  for (const each of before) {
    if (each.read.table === table && isSame(each.read.where, where)) {
      return each.row;
    }
  }
  const row = rows.one(table, where);
  before.push({ read, row });
  return row;
}

function loadEach(rows: Rows, { table, where }: Each<object>): object[] {
  return where.map((each) => rows.one(table, each)).filter((row) => row !== undefined);
}

/**
 * A bare `?` beside a part of a key makes SQLite prepare the statement anew at every execution, for its statistics may tell of the value;
 * `(SELECT ?)` does not (docs/decisions/0017).
 */
const inner: Mark = () => '(SELECT ?)';

type Values = Readonly<Record<string, unknown>>;

/** Bytes differ unless they are the same object; then the row is read again, and nothing is lost. */
function isSame(one: Where<object> | undefined, other: Where<object>): boolean {
  const [a, b] = [one as Values, other as Values];
  const fields = Object.keys(b);
  return Object.keys(a).length === fields.length && fields.every((field) => a[field] === b[field]);
}

/** Reads of one connection. */
export class Rows {
  readonly #selects: Statements;
  readonly #dues: Statements;

  constructor(database: Database) {
    this.#selects = new Statements(database);
    this.#dues = new Statements(database);
  }

  one(table: AnyTable, where: Where<object>): object | undefined {
    const { statement, values } = this.#select(table, where);
    const row = statement.get(values) as unknown[] | undefined;
    return row && table.fromRow(row);
  }

  all(table: AnyTable, where: Where<object>): object[] {
    const { statement, values } = this.#select(table, where);
    return (statement.all(values) as unknown[][]).map((row) => table.fromRow(row));
  }

  due({ table, where, time, furthestMs, limit }: Due<object>, now: Instant): object[] {
    const { sql, values } = conditionOf(table.toColumns(where), mark);
    const statement = this.#dues.of(table, `${time} ${sql}`, () => dueSql(table, sql, time));
    const bound = bindable(values);
    return (statement.all([...bound, now, ...bound, now + furthestMs, limit]) as unknown[][]).map((row) =>
      table.fromRow(row),
    );
  }

  #select(table: AnyTable, where: Where<object>) {
    const { sql, values } = conditionOf(table.toColumns(where), inner);
    return { statement: this.#selects.of(table, sql, () => selectSql(table, sql)), values: bindable(values) };
  }
}

/** The longest due first. */
export function dueSql(table: AnyTable, condition: string, time: string): string {
  const [column] = table.columnsOf(time);
  const order = [column?.name, ...table.keyColumns].join(', ');
  const select = `SELECT ${columnList(table)} FROM ${table.name} WHERE ${condition} AND ${column?.name}`;
  // Two ends of one index: an OR would read all that lies between.
  return `${select} <= ? UNION ALL ${select} > ? ORDER BY ${order} LIMIT ?`;
}
