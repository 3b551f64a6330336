/** What a SQLite end is, as a source or a target: its directory is locked as by a server, and rows are read in the order of their keys. */
import { realpathSync, statSync } from 'node:fs';
import type { Database, Statement } from 'better-sqlite3';
import { reasonOf } from '../../core/reason.ts';
import type { AnyTable, StoredColumn } from '../../core/table.ts';
import { columnList } from '../rows/sql.ts';
import { announceOpen, lockDirectory, prepareDirectory } from '../sqlite/directory.ts';
import { CopyError, describePlace, type End, type Place } from './end.ts';
import type { Key, Row, Value } from './rows.ts';

export type SqlitePlace = Extract<Place, { kind: 'sqlite' }>;

export interface Lock {
  readonly release: () => void;
}

export class SqliteEnd implements End {
  protected readonly database: Database;
  readonly #lock: Lock;
  readonly #reads = new Map<string, Statement<unknown[], unknown[]>>();

  constructor(database: Database, lock: Lock) {
    this.database = database;
    this.#lock = lock;
  }

  async read(table: AnyTable, after: Key | null, limit: number): Promise<readonly Row[]> {
    const rows = this.#statement(table, after !== null).all(...(after ?? []), limit);
    return rows.map((row) => row.map((value, i) => valueFrom(table, i, value)));
  }

  async count(table: AnyTable): Promise<number> {
    return Number(this.database.prepare(`SELECT count(*) FROM ${table.name}`).pluck().get());
  }

  async close(): Promise<void> {
    this.database.close();
    this.#lock.release();
  }

  #statement(table: AnyTable, isLater: boolean): Statement<unknown[], unknown[]> {
    const name = `${table.name} ${isLater}`;
    let statement = this.#reads.get(name);
    if (statement === undefined) {
      const keys = table.keyColumns.join(', ');
      const later = isLater ? `WHERE (${keys}) > (${table.keyColumns.map(() => '?').join(', ')})` : '';
      statement = this.database
        .prepare<unknown[], unknown[]>(
          `SELECT ${columnList(table)} FROM ${table.name} ${later} ORDER BY ${keys} LIMIT ?`,
        )
        .safeIntegers()
        .raw();
      this.#reads.set(name, statement);
    }
    return statement;
  }
}

/** Locks a directory, and opens a database that is closed again when `work` fails. */
export async function openSqlite<T>(
  place: SqlitePlace,
  flag: '--from' | '--to',
  connect: () => Database,
  work: (database: Database, lock: Lock) => T,
): Promise<T> {
  let lock: Lock | undefined;
  let database: Database | undefined;
  try {
    prepareDirectory(place.directory);
    lock = lockDirectory(place.directory);
    database = connect();
    announceOpen(place.directory);
    return work(database, lock);
  } catch (error) {
    database?.close();
    lock?.release();
    if (error instanceof CopyError) {
      throw error;
    }
    const reason = reasonOf(error).replaceAll('--data-dir', flag);
    throw new CopyError(`can't open ${describePlace(place)}: ${reason}`, { cause: error });
  }
}

/** The name of the file is not enough: a backup may have been restored to it, or another machine has one of that name. */
export function identityOf(path: string): string {
  return `sqlite:${realpathSync(path)}#${statSync(path, { bigint: true }).ino}`;
}

function valueFrom(table: AnyTable, column: number, value: unknown): Value {
  const { kind, name } = table.columns[column] as StoredColumn;
  if (kind !== 'flag') {
    return value as Value;
  }
  if (value !== 0n && value !== 1n) {
    throw new CopyError(`the source's ${table.name}.${name} holds ${String(value)}, which is neither 0 nor 1`);
  }
  return value === 1n;
}
