/** A SQLite target. */
import { existsSync } from 'node:fs';
import type { Database, Statement } from 'better-sqlite3';
import type { AnyTable } from '../../core/table.ts';
import { TABLES } from '../../core/tables/index.ts';
import { insertSql } from '../rows/sql.ts';
import { PROGRESS_TABLE } from '../rows/unfinished.ts';
import { openWriter } from '../sqlite/connection.ts';
import { databasePath } from '../sqlite/directory.ts';
import { isMarked, migrate } from '../sqlite/migrations.ts';
import { PROGRESS_SQL } from '../sqlite/shape.ts';
import { type Progress, refuseFull, refuseOther, refuseSame, type Target } from './end.ts';
import { keyFrom, type Row, textOf, type Value } from './rows.ts';
import { identityOf, type Lock, openSqlite, SqliteEnd, type SqlitePlace } from './sqlite-end.ts';

/** Pages in the WAL after which a commit moves them into the file; nobody else does while a copy runs. */
const CHECKPOINT_PAGES = 4_000;

class SqliteTarget extends SqliteEnd implements Target {
  readonly #place: SqlitePlace;
  readonly #inserts = new Map<string, Statement>();

  constructor(database: Database, lock: Lock, place: SqlitePlace) {
    super(database, lock);
    this.#place = place;
  }

  async begin(source: string): Promise<ReadonlyMap<string, Progress>> {
    return this.database.transaction(() => this.#begin(source)).immediate();
  }

  async write(table: AnyTable, rows: readonly Row[], { lastKey, rows: count }: Progress): Promise<void> {
    const insert = this.#insert(table);
    const advance = this.database.prepare(`UPDATE ${PROGRESS_TABLE} SET last_key = ?, row_count = ? WHERE name = ?`);
    this.database
      .transaction(() => {
        for (const row of rows) {
          insert.run(row.map(storable));
        }
        advance.run(lastKey === null ? null : textOf(lastKey), count, table.name);
      })
      .immediate();
  }

  async finish(): Promise<void> {
    this.database.exec(`DROP TABLE ${PROGRESS_TABLE}`);
  }

  #begin(source: string): ReadonlyMap<string, Progress> {
    if (!isMarked(this.database)) {
      for (const { name } of TABLES) {
        if (this.database.prepare(`SELECT 1 FROM ${name} LIMIT 1`).get() !== undefined) {
          throw refuseFull(this.#place, name);
        }
      }
      this.database.exec(PROGRESS_SQL);
      const mark = this.database.prepare(`INSERT INTO ${PROGRESS_TABLE} VALUES (?, ?, NULL, 0)`);
      for (const { name } of TABLES) {
        mark.run(name, source);
      }
    }
    return this.#progress(source);
  }

  #progress(source: string): ReadonlyMap<string, Progress> {
    const select = this.database.prepare<[string], { source: string; last_key: string | null; row_count: number }>(
      `SELECT source, last_key, row_count FROM ${PROGRESS_TABLE} WHERE name = ?`,
    );
    return new Map(
      TABLES.map((table) => {
        const row = select.get(table.name);
        if (row?.source !== source) {
          throw refuseOther(this.#place);
        }
        return [
          table.name,
          { lastKey: row.last_key === null ? null : keyFrom(table, row.last_key), rows: row.row_count },
        ];
      }),
    );
  }

  #insert(table: AnyTable): Statement {
    let statement = this.#inserts.get(table.name);
    if (statement === undefined) {
      statement = this.database.prepare(insertSql(table, () => '?'));
      this.#inserts.set(table.name, statement);
    }
    return statement;
  }
}

export async function openSqliteTarget(place: SqlitePlace, source: string): Promise<Target> {
  const path = databasePath(place.directory);
  if (existsSync(path) && identityOf(path) === source) {
    throw refuseSame(place);
  }
  const connect = () => openWriter(path, { mayBeUnfinished: true });
  return openSqlite(place, '--to', connect, (database, lock) => {
    migrate(database, path, { mayBeUnfinished: true });
    database.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    return new SqliteTarget(database, lock, place);
  });
}

function storable(value: Value): Value | number {
  return typeof value === 'boolean' ? Number(value) : value;
}
