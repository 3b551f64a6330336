/** Deleting what means nothing any more, a bounded number of rows at a time, so that no write waits long for it. */
import type { Database } from 'better-sqlite3';
import type { Instant } from '../../core/model.ts';
import type { AnyTable } from '../../core/table.ts';
import { TABLES } from '../../core/tables/index.ts';

export type Purger = (now: Instant, limit: number) => number;

export function preparePurger(database: Database): Purger {
  const purgers = TABLES.map((table) => purgerOf(database, table));
  return (now, limit) => purgers.reduce((sum, purge) => sum + purge(now, limit), 0);
}

function purgerOf(database: Database, table: AnyTable): Purger {
  const { forget } = table;
  if (forget === undefined) {
    return () => 0;
  }
  const statement = database.prepare<[Instant, number]>(purgeSql(table, forget.column));
  return (now, limit) => statement.run(now - forget.afterMs, limit).changes;
}

/** A row without a time is kept, for NULL is never less. */
export function purgeSql({ name, keyColumns }: AnyTable, column: string): string {
  const key = keyColumns.join(', ');
  return `DELETE FROM ${name} WHERE (${key}) IN (SELECT ${key} FROM ${name} WHERE ${column} <= ? LIMIT ?)`;
}
