/** A SQLite source: one transaction keeps the operator's commands from writing, which work beside a server and so beside its lock. */
import { existsSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import { openWriter } from '../sqlite/connection.ts';
import { databasePath } from '../sqlite/directory.ts';
import { migrate, requireOurs } from '../sqlite/migrations.ts';
import { refuseMissing, type Source } from './end.ts';
import { identityOf, type Lock, openSqlite, SqliteEnd, type SqlitePlace } from './sqlite-end.ts';

class SqliteSource extends SqliteEnd implements Source {
  readonly identity: string;

  constructor(database: Database, lock: Lock, identity: string) {
    super(database, lock);
    this.identity = identity;
  }
}

export async function openSqliteSource(place: SqlitePlace): Promise<Source> {
  const path = databasePath(place.directory);
  if (!existsSync(path)) {
    throw refuseMissing(place);
  }
  const connect = () => openWriter(path);
  return openSqlite(place, '--from', connect, (database, lock) => {
    if (requireOurs(database, path) === 0) {
      throw refuseMissing(place);
    }
    migrate(database, path);
    database.exec('BEGIN IMMEDIATE');
    return new SqliteSource(database, lock, identityOf(path));
  });
}
