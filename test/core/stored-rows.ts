/** What a store keeps, as its engines write it. */
import { all } from '../../src/core/plan.ts';
import type { Store } from '../../src/core/services/store.ts';
import type { AnyTable, Stored } from '../../src/core/table.ts';
import { TABLES } from '../../src/core/tables/index.ts';

export interface StoredRow {
  readonly table: string;
  readonly values: readonly Stored[];
}

/** All rows of some tables; of all when none are named. */
export async function storedRows(store: Pick<Store, 'read'>, tables: readonly AnyTable[] = TABLES) {
  const rows: StoredRow[] = [];
  for (const table of tables) {
    const found = await store.read({ found: all(table, {}) });
    rows.push(...found.found.map((row) => ({ table: table.name, values: table.toRow(row) })));
  }
  return rows;
}

/** Texts and bytes as they are; numbers and flags in the 8 bytes that they have at most. */
export function bytesOfRow({ values }: StoredRow): Buffer {
  return Buffer.concat(values.map(bytesOf));
}

function bytesOf(value: Stored): Uint8Array {
  if (value === null) {
    return new Uint8Array(0);
  }
  if (typeof value === 'string') {
    return Buffer.from(value);
  }
  return value instanceof Uint8Array ? value : Buffer.alloc(8, String(value));
}
