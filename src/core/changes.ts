/** What a decision changes, as plain data: a store applies all of it or none. */
import type { Refusal } from './errors.ts';
import { type AnyTable, anyTable, type Table, type Where } from './table.ts';

export type Change =
  | { readonly change: 'insert'; readonly table: AnyTable; readonly row: object }
  /** Inserts the row, or puts it in the place of the one that has its key. */
  | { readonly change: 'put'; readonly table: AnyTable; readonly row: object }
  /** Sets fields of all rows with these values. */
  | { readonly change: 'set'; readonly table: AnyTable; readonly where: Where<object>; readonly fields: object }
  /** Deletes all rows with these values. */
  | { readonly change: 'drop'; readonly table: AnyTable; readonly where: Where<object> };

export function insert<T extends object>(table: Table<T>, row: T): Change {
  return { change: 'insert', table: anyTable(table), row };
}

export function put<T extends object>(table: Table<T>, row: T): Change {
  return { change: 'put', table: anyTable(table), row };
}

export function set<T extends object>(table: Table<T>, where: Where<T>, fields: Partial<T>): Change {
  return { change: 'set', table: anyTable(table), where: where as Where<object>, fields };
}

export function drop<T extends object>(table: Table<T>, where: Where<T>): Change {
  return { change: 'drop', table: anyTable(table), where: where as Where<object> };
}

/** A refusal is part of the answer: the changes that come with it are applied. */
export type Outcome<A> = { readonly answer: A } | { readonly refusal: Refusal };

export interface Decision<A> {
  readonly changes: readonly Change[];
  readonly outcome: Outcome<A>;
}

export function answer<A>(value: A, changes: readonly Change[] = []): Decision<A> {
  return { changes, outcome: { answer: value } };
}

export function refuse(refusal: Refusal, changes: readonly Change[] = []): Decision<never> {
  return { changes, outcome: { refusal } };
}

/** Several settings of one row as one, in the place of the first: a row that is written once costs once. One of nothing is none. */
export function merged(all: readonly Change[]): readonly Change[] {
  const changes = all.filter((change) => change.change !== 'set' || Object.keys(change.fields).length > 0);
  if (changes.length < 2) {
    return changes;
  }
  const places = new Map<string, number>();
  const result: Change[] = [];
  for (const change of changes) {
    if (change.change !== 'set' || !isKey(change.table, change.where)) {
      // It may be about the same row, and must not be overtaken.
      forgetRowsOf(change.table, places);
      result.push(change);
      continue;
    }
    const row = JSON.stringify([change.table.name, ...Object.values(change.where)]);
    const place = places.get(row);
    const before = place === undefined ? undefined : result[place];
    if (place !== undefined && before?.change === 'set') {
      result[place] = { ...before, fields: { ...before.fields, ...change.fields } };
    } else {
      places.set(row, result.length);
      result.push(change);
    }
  }
  return result;
}

function forgetRowsOf({ name }: AnyTable, places: Map<string, number>): void {
  for (const row of places.keys()) {
    if (row.startsWith(JSON.stringify([name]).slice(0, -1))) {
      places.delete(row);
    }
  }
}

/** Whether a row is named by its primary key alone. */
function isKey({ key }: AnyTable, where: object): boolean {
  const fields = Object.keys(where);
  return fields.length === key.length && fields.every((field) => key.includes(field));
}
