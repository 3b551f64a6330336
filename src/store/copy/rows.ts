/** Rows between engines, and the one form in which values of both are compared and in which a key is written down. */
import type { AnyTable, ColumnKind, StoredColumn } from '../../core/table.ts';

/** All sixty-four bits of a number, so that none is lost where one is larger than it should be. */
export type Value = string | bigint | boolean | Uint8Array | null;
export type Row = readonly Value[];
/** The primary key of a row. */
export type Key = readonly Value[];

export function keyOf({ columns, keyColumns }: AnyTable, row: Row): Key {
  return keyColumns.map((key) => row[columns.findIndex(({ name }) => name === key)] ?? null);
}

/** In the order of the key, by which both engines order rows, byte for byte. */
export function keyColumnsOf({ columns, keyColumns }: AnyTable): readonly StoredColumn[] {
  return keyColumns.flatMap((key) => columns.filter(({ name }) => name === key));
}

/** One text for each row, and no two rows with one text: a column has one kind, so none of its values looks like another. */
export function textOf(values: Row): string {
  return JSON.stringify(
    values.map((value) =>
      typeof value === 'bigint' ? String(value) : value instanceof Uint8Array ? hexOf(value) : value,
    ),
  );
}

/** The opposite of `textOf`, for the key of a table. */
export function keyFrom(table: AnyTable, text: string): Key {
  const plain = JSON.parse(text) as readonly (string | boolean | null)[];
  return keyColumnsOf(table).map(({ kind }, i) => valueFrom(kind, plain[i] ?? null));
}

function valueFrom(kind: ColumnKind, plain: string | boolean | null): Value {
  if (typeof plain !== 'string' || kind === 'text') {
    return plain;
  }
  return kind === 'bytes' ? Buffer.from(plain, 'hex') : BigInt(plain);
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
