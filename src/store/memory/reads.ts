/** What reads and lists find. Whatever they answer is a copy. */
import type { Instant } from '../../core/model.ts';
import type { AnyRead, Due, Reads, StateOf } from '../../core/plan.ts';
import { anyTable, type List, type Page, type Position, type Where } from '../../core/table.ts';
import type { MemoryTables } from './tables.ts';
import { compare, copyOf, orderBy, type Row } from './values.ts';

export function answerReads<R extends Reads>(tables: MemoryTables, reads: R, now: Instant): StateOf<R> {
  const answers = Object.entries(reads).map(([name, read]) => [name, copyOf(rowsOf(tables, read, now))]);
  return Object.fromEntries(answers) as StateOf<R>;
}

function rowsOf(tables: MemoryTables, read: AnyRead, now: Instant): Row | undefined | readonly Row[] {
  const { table } = read;
  switch (read.read) {
    case 'one':
      return read.where && tables.find(table, read.where)[0];
    case 'each':
      return read.where.flatMap((where) => tables.find(table, where).slice(0, 1));
    case 'all':
      return read.where === undefined ? [] : tables.find(table, read.where);
    case 'due':
      return dueOf(tables, read, now);
  }
}

/** Of rows that are due since the same moment, those come first whose keys do. */
function dueOf(
  tables: MemoryTables,
  { table, where, time, furthestMs, limit }: Due<object>,
  now: Instant,
): readonly Row[] {
  const isDue = (row: Row) => {
    const since = row[time];
    return typeof since === 'number' && (since <= now || since > now + furthestMs);
  };
  const rows = tables.find(table, where).filter(isDue);
  return rows.sort(orderBy([time, ...table.key])).slice(0, limit);
}

export function answerList<T>(tables: MemoryTables, list: List<T>, by: Where<T>, page: Page): readonly T[] {
  const { after, limit } = page;
  const rows = tables.find(anyTable(list.table), by);
  const later = after === undefined ? [...rows] : rows.filter((row) => isLater(row, list.order, after));
  return later.sort(orderBy(list.order)).slice(0, limit).map(copyOf) as readonly T[];
}

function isLater(row: Row, order: readonly string[], after: Position): boolean {
  const orders = order.map((field, i) => compare(row[field], after[i]));
  return (orders.find((each) => each !== 0) ?? 0) > 0;
}
