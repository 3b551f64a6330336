/** Values of rows: copied, so that nobody shares bytes that somebody may change, and compared as the SQL engines compare them. */
import { isDeepStrictEqual } from 'node:util';

/** A row of any table, by its fields. */
export type Row = Readonly<Record<string, unknown>>;

/** Bytes become plain arrays, whatever kind of them was given. */
export function copyOf<T>(value: T): T {
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  if (value instanceof Uint8Array) {
    return Uint8Array.from(value) as T & Uint8Array;
  }
  if (Array.isArray(value)) {
    return value.map(copyOf) as T;
  }
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, copyOf(each)])) as T;
}

/** Of copies. Null is equal to null, which finds NULL. */
export function isEqual(one: unknown, other: unknown): boolean {
  return one === other || isDeepStrictEqual(one, other);
}

/** Numbers by size, bytes and text by their bytes: PostgreSQL's collation "C", and SQLite's own. */
export function compare(one: unknown, other: unknown): number {
  if (one === other) {
    return 0;
  }
  if (typeof one === 'string' && typeof other === 'string') {
    // UTF-16, which JavaScript compares by, has another order.
    return Buffer.compare(Buffer.from(one), Buffer.from(other));
  }
  return one instanceof Uint8Array && other instanceof Uint8Array
    ? Buffer.compare(one, other)
    : Number(one) - Number(other);
}

/** The order of rows by some fields, the first of which counts most. */
export function orderBy(fields: readonly string[]): (one: Row, other: Row) => number {
  return (one, other) => {
    for (const field of fields) {
      const order = compare(one[field], other[field]);
      if (order !== 0) {
        return order;
      }
    }
    return 0;
  };
}

/** One text for the values of some fields, and no two with one text: a field has one kind of values. */
export function textOf(fields: readonly string[], row: Row): string {
  return JSON.stringify(
    fields.map((field) => {
      const value = row[field];
      return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
    }),
  );
}
