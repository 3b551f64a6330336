/** All that a store holds, to tell what a command has changed and what it has not. */
import { all } from '../../src/core/plan.ts';
import type { Store } from '../../src/core/services/store.ts';
import { TABLES } from '../../src/core/tables/index.ts';
import { plain } from './people.ts';

/** Rows by the name of their table. */
export type AllRows = Readonly<Record<string, readonly object[]>>;

export async function rowsOf(store: Store): Promise<AllRows> {
  return plain(await store.read(Object.fromEntries(TABLES.map((table) => [table.name, all(table, {})]))));
}

/** The tables whose rows are not what they were. */
export function changedTables(before: AllRows, after: AllRows): string[] {
  return TABLES.map(({ name }) => name).filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}
