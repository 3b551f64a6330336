/** Prepared statements, kept by table and by the text that tells them apart. */
import type { Database, Statement } from 'better-sqlite3';
import type { AnyTable, Stored } from '../../core/table.ts';
import type { Mark } from '../rows/sql.ts';

export const mark: Mark = () => '?';

/** Statements of one kind. There are as many as there are shapes in the code, so none is ever let go. */
export class Statements {
  readonly #database: Database;
  readonly #byTable = new Map<AnyTable, Map<string, Statement>>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** `shape` tells the statements of a table apart; `write` writes the one of that shape, once. */
  of(table: AnyTable, shape: string, write: () => string): Statement {
    const known = this.#byTable.get(table)?.get(shape);
    return known ?? this.#prepare(table, shape, write());
  }

  #prepare(table: AnyTable, shape: string, sql: string): Statement {
    const statement = this.#database.prepare(sql);
    const ofTable = this.#byTable.get(table) ?? new Map<string, Statement>();
    this.#byTable.set(table, ofTable.set(shape, statement.reader ? statement.raw() : statement));
    return statement;
  }
}

/** SQLite has no booleans: 0 and 1. */
export function bindable(values: readonly Stored[]): Exclude<Stored, boolean>[] {
  return values.map((value) => (typeof value === 'boolean' ? Number(value) : value));
}
