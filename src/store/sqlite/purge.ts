/** Deleting what means nothing any more, a bounded number of rows at a time, so that no write waits long for it. */
import type { Database } from 'better-sqlite3';
import type { Instant } from '../../core/model.ts';
import type { AnyTable } from '../../core/table.ts';
import { TABLES } from '../../core/tables/index.ts';
import { KEPT_TABLES } from './row-marks.ts';

export type Purger = (now: Instant, limit: number) => number;

/** Is told of each row of a kept table before the transaction ends. */
export type OnDropped = (table: AnyTable, key: string | Uint8Array) => void;

export function preparePurger(database: Database, onDropped: OnDropped = () => undefined): Purger {
  const purgers = TABLES.map((table) => purgerOf(database, table, onDropped));
  return (now, limit) => purgers.reduce((sum, purge) => sum + purge(now, limit), 0);
}

function purgerOf(database: Database, table: AnyTable, onDropped: OnDropped): Purger {
  const { forget } = table;
  if (forget === undefined) {
    return () => 0;
  }
  const sql = purgeSql(table, forget.column);
  if (!KEPT_TABLES.includes(table)) {
    const statement = database.prepare<[Instant, number]>(sql);
    return (now, limit) => statement.run(now - forget.afterMs, limit).changes;
  }
  const statement = database.prepare<[Instant, number]>(`${sql} RETURNING ${table.keyColumns[0]}`).pluck();
  return (now, limit) => {
    const dropped = statement.all(now - forget.afterMs, limit) as (string | Uint8Array)[];
    for (const key of dropped) {
      onDropped(table, key);
    }
    return dropped.length;
  };
}

/** A row without a time is kept, for NULL is never less. */
export function purgeSql({ name, keyColumns }: AnyTable, column: string): string {
  const key = keyColumns.join(', ');
  return `DELETE FROM ${name} WHERE (${key}) IN (SELECT ${key} FROM ${name} WHERE ${column} <= ? LIMIT ?)`;
}
