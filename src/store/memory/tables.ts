/** The rows of all tables, by table and key, and the changes to them: all or none. */
import type { Change } from '../../core/changes.ts';
import type { Instant } from '../../core/model.ts';
import type { AnyTable } from '../../core/table.ts';
import { TABLES } from '../../core/tables/index.ts';
import { copyOf, isEqual, orderBy, type Row, textOf } from './values.ts';

/** Rows by the text of their key. */
type Rows = Map<string, Row>;

/** What takes changes back, the last first. */
type Undo = (() => void)[];

export class MemoryTables {
  readonly #tables = new Map<string, Rows>();

  /** All rows with these values, in the order of their keys. They are the table's own: copy them before you hand them on. */
  find(table: AnyTable, where: object): readonly Row[] {
    const wanted = fieldsOf(table, where);
    const rows = this.#rowsOf(table);
    if (table.key.every((field) => isGiven(wanted[field]))) {
      const row = rows.get(textOf(table.key, wanted));
      return row !== undefined && hasValues(row, wanted) ? [row] : [];
    }
    const found = rows.values().filter((row) => hasValues(row, wanted));
    return found.toArray().sort(orderBy(table.key));
  }

  /** In their order, each on those before it: a key is free again when its row was dropped. */
  apply(changes: readonly Change[]): void {
    const undo: Undo = [];
    try {
      for (const change of changes) {
        this.#apply(change, undo);
      }
    } catch (error) {
      for (const takeBack of undo.reverse()) {
        takeBack();
      }
      throw error;
    }
  }

  /** Deletes at most `limit` rows of each table that mean nothing any more; answers how many. */
  purge(now: Instant, limit: number): number {
    return TABLES.reduce((sum, table) => sum + this.#purge(table, now, limit), 0);
  }

  #purge(table: AnyTable, now: Instant, limit: number): number {
    const { forget, columns } = table;
    if (forget === undefined) {
      return 0;
    }
    // May be a derived column, which only the row as it is stored has.
    const place = columns.findIndex(({ name }) => name === forget.column);
    const isOver = (row: Row) => {
      const time = table.toRow(row)[place];
      return typeof time === 'number' && time <= now - forget.afterMs;
    };
    const rows = this.#rowsOf(table);
    const over = [...rows].filter(([, row]) => isOver(row)).slice(0, limit);
    for (const [key] of over) {
      rows.delete(key);
    }
    return over.length;
  }

  #apply(change: Change, undo: Undo): void {
    const { table } = change;
    switch (change.change) {
      case 'insert':
        this.#insert(table, fieldsOf(table, change.row), undo);
        break;
      case 'put':
        this.#put(table, fieldsOf(table, change.row), undo);
        break;
      case 'set':
        this.#set(table, change.where, fieldsOf(table, change.fields), undo);
        break;
      case 'drop':
        for (const row of this.find(table, change.where)) {
          this.#drop(table, row, undo);
        }
    }
  }

  #insert(table: AnyTable, row: Row, undo: Undo): void {
    if (this.#rowsOf(table).has(textOf(table.key, row))) {
      throw new Error(`${table.name} has a row of this key already`);
    }
    this.#put(table, row, undo);
  }

  /** The key may be among the fields. */
  #set(table: AnyTable, where: object, fields: Row, undo: Undo): void {
    for (const row of this.find(table, where)) {
      this.#drop(table, row, undo);
      this.#insert(table, { ...row, ...fields }, undo);
    }
  }

  #put(table: AnyTable, row: Row, undo: Undo): void {
    this.#place(this.#rowsOf(table), textOf(table.key, row), row, undo);
  }

  #drop(table: AnyTable, row: Row, undo: Undo): void {
    this.#place(this.#rowsOf(table), textOf(table.key, row), undefined, undo);
  }

  #place(rows: Rows, key: string, row: Row | undefined, undo: Undo): void {
    const before = rows.get(key);
    undo.push(() => place(rows, key, before));
    place(rows, key, row);
  }

  #rowsOf({ name }: AnyTable): Rows {
    let rows = this.#tables.get(name);
    if (rows === undefined) {
      rows = new Map();
      this.#tables.set(name, rows);
    }
    return rows;
  }
}

function place(rows: Rows, key: string, row: Row | undefined): void {
  if (row === undefined) {
    rows.delete(key);
  } else {
    rows.set(key, row);
  }
}

/** A copy of what belongs to the table; what is not said is null, as a database has it. */
function fieldsOf(table: AnyTable, given: object): Row {
  const known = Object.entries(given).filter(([field]) => table.columnsOf(field).length > 0);
  return Object.fromEntries(known.map(([field, value]) => [field, copyOf(value ?? null)]));
}

function hasValues(row: Row, wanted: Row): boolean {
  return Object.entries(wanted).every(([field, value]) => isEqual(row[field], value));
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}
