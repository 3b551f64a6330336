/** Comparing both ends as they are, read anew. */
import { createHash } from 'node:crypto';
import type { AnyTable } from '../../core/table.ts';
import { TABLES } from '../../core/tables/index.ts';
import { CopyError, type End, type Source } from './end.ts';
import { type Key, keyOf, type Row, textOf } from './rows.ts';

/** Is told how many rows of how many were read of a table. */
export type OnRows = (table: string, rows: number, total: number) => void;

/** How many rows each table has; throws when one of them differs. */
export async function verify(
  source: Source,
  target: End,
  batchRows: number,
  onRows?: OnRows,
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of TABLES) {
    const total = onRows === undefined ? 0 : await source.count(table);
    const [there, here] = await Promise.all([
      digest(source, table, batchRows, (rows) => onRows?.(table.name, rows, total)),
      digest(target, table, batchRows),
    ]);
    if (there.rows !== here.rows || there.digest !== here.digest) {
      const numbers =
        there.rows === here.rows ? `${here.rows} rows each` : `${there.rows} rows there and ${here.rows} in the copy`;
      throw new CopyError(
        `the copy differs from its source in the table ${table.name}, with ${numbers}: one of them was changed since the copy ` +
          'was begun. The copy stays closed to servers; take an empty store for --to, and copy anew',
      );
    }
    counts[table.name] = here.rows;
  }
  return counts;
}

/** SHA-256 over all values of all rows, in the order of keys. */
export async function digest(
  end: End,
  table: AnyTable,
  batchRows: number,
  onRows: (rows: number) => void = () => undefined,
): Promise<{ rows: number; digest: string }> {
  const hash = createHash('sha256');
  let count = 0;
  for await (const rows of batches(end, table, null, batchRows)) {
    hash.update(rows.map((row) => `${textOf(row)}\n`).join(''));
    count += rows.length;
    onRows(count);
  }
  return { rows: count, digest: hash.digest('hex') };
}

/** The rows of a table after a key, some at a time. */
export async function* batches(
  end: End,
  table: AnyTable,
  after: Key | null,
  batchRows: number,
): AsyncGenerator<readonly Row[]> {
  for (let key = after; ; ) {
    const rows = await end.read(table, key, batchRows);
    const last = rows.at(-1);
    if (last === undefined) {
      return;
    }
    yield rows;
    key = keyOf(table, last);
  }
}
