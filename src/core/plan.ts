/** What a command needs to know, as data: the rows that it reads and the locks that it takes. The type of its state comes from here. */
import { type AnyTable, anyTable, type Table, type Where } from './table.ts';

/** The one row with these values: of the primary key, or of others that are unique. Without them there is none. */
export interface One<T> {
  readonly read: 'one';
  readonly table: Table<T>;
  readonly where: Where<T> | undefined;
}

/** Those of some rows that are there. */
export interface Each<T> {
  readonly read: 'each';
  readonly table: Table<T>;
  readonly where: readonly Where<T>[];
}

/** All rows with these values, in the order of their keys. */
export interface All<T> {
  readonly read: 'all';
  readonly table: Table<T>;
  readonly where: Where<T> | undefined;
}

/**
 * Rows with these values whose time has come when the command is executed, the longest due first, and those whose time is further ahead
 * than any is set: a clock that was ahead wrote it. Those that another command has locked are passed over and not waited for.
 */
export interface Due<T> {
  readonly read: 'due';
  readonly table: Table<T>;
  readonly where: Where<T>;
  readonly time: string;
  readonly furthestMs: number;
  readonly limit: number;
}

export type Read<T> = One<T> | Each<T> | All<T> | Due<T>;
export type AnyRead = Read<object>;
export type Reads = Readonly<Record<string, AnyRead>>;

/** What reads answer. */
export type StateOf<R extends Reads> = { readonly [K in keyof R]: RowsOf<R[K]> };
type RowsOf<R> =
  R extends One<infer T> ? T | undefined : R extends Each<infer T> | All<infer T> | Due<infer T> ? readonly T[] : never;

export function one<T>(table: Table<T>, where: Where<T> | undefined): One<T> {
  return { read: 'one', table, where };
}

export function each<T>(table: Table<T>, where: readonly Where<T>[]): Each<T> {
  return { read: 'each', table, where };
}

export function all<T>(table: Table<T>, where: Where<T> | undefined): All<T> {
  return { read: 'all', table, where };
}

export function due<T>(
  table: Table<T>,
  where: Where<T>,
  time: keyof T & string,
  limit: number,
  furthestMs: number,
): Due<T> {
  return { read: 'due', table, where, time, furthestMs, limit };
}

/**
 * What keeps others away until the command is done. A store that runs commands side by side takes them before it reads, in one
 * order, so that two commands never wait for each other: rows by `LOCK_ORDER` and key, then names.
 */
export type Lock =
  | { readonly lock: 'row'; readonly table: AnyTable; readonly key: Where<object> }
  /** For rows that may not exist yet. */
  | { readonly lock: 'name'; readonly name: string };

export function lockRow<T>(table: Table<T>, key: Where<T>): Lock {
  return { lock: 'row', table: anyTable(table), key: key as Where<object> };
}

export function lockName(name: string): Lock {
  return { lock: 'name', name };
}

export interface Plan<R extends Reads> {
  readonly locks: readonly Lock[];
  readonly reads: R;
}
