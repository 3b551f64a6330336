/** Deleting what means nothing any more, a bounded number of rows in all at a time, so that no write waits long for it. */
import type { Database } from 'better-sqlite3';
import type { Instant } from '../../core/model.ts';
import type { AnyTable } from '../../core/table.ts';
import { TABLES } from '../../core/tables/index.ts';
import { KEPT_TABLES } from './row-marks.ts';

export type Purger = (now: Instant, limit: number) => number;

/** Is told of each row of a kept table before the transaction ends. */
export type OnDropped = (table: AnyTable, key: string | Uint8Array) => void;

export function preparePurger(database: Database, onDropped: OnDropped = () => undefined): Purger {
  const purgers = TABLES.flatMap((table) => purgerOf(database, table, onDropped));
  let first = 0;
  return (now, limit) => {
    let purged = 0;
    for (let i = 0; i < purgers.length && purged < limit; i++) {
      const at = (first + i) % purgers.length;
      purged += purgers[at]?.(now, limit - purged) ?? 0;
      if (purged === limit) {
        // The others come first next time: a table that never runs out keeps none of them waiting.
        first = at + 1;
      }
    }
    return purged;
  };
}

function purgerOf(database: Database, table: AnyTable, onDropped: OnDropped): Purger[] {
  const { forget } = table;
  if (forget === undefined) {
    return [];
  }
  const sql = purgeSql(table, forget.column);
  if (!KEPT_TABLES.includes(table)) {
    const statement = database.prepare<[Instant, number]>(sql);
    return [(now, limit) => statement.run(now - forget.afterMs, limit).changes];
  }
  const statement = database.prepare<[Instant, number]>(`${sql} RETURNING ${table.keyColumns[0]}`).pluck();
  const purge: Purger = (now, limit) => {
    const dropped = statement.all(now - forget.afterMs, limit) as (string | Uint8Array)[];
    for (const key of dropped) {
      onDropped(table, key);
    }
    return dropped.length;
  };
  return [purge];
}

/** A row without a time is kept, for NULL is never less. */
export function purgeSql({ name, keyColumns }: AnyTable, column: string): string {
  const key = keyColumns.join(', ');
  return `DELETE FROM ${name} WHERE (${key}) IN (SELECT ${key} FROM ${name} WHERE ${column} <= ? LIMIT ?)`;
}
