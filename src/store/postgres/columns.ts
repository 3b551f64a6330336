/** Rows come as arrays, several tables' columns one after the other; here they get their names again. */
import type { Row } from './batch.ts';

/** The columns from `offset` on, by their names. */
export function rowOf<T>(columns: readonly string[], row: Row, offset = 0): T {
  const named: Record<string, unknown> = {};
  columns.forEach((column, i) => {
    named[column] = row[offset + i];
  });
  return named as T;
}
