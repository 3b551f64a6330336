/** What backup and restore share: database files that are sound before they bear their name. */

import Database from 'better-sqlite3';
import { requireOurs } from './migrations.ts';

/** Files that SQLite may keep beside a database. One that another database left would be taken for its own. */
export const COMPANIONS = ['-wal', '-shm', '-journal'] as const;

/** How much a database holds, and in which schema. */
export interface Contents {
  readonly schemaVersion: number;
  readonly tenants: number;
  readonly clients: number;
  /** Users and devices. */
  readonly subjects: number;
  readonly families: number;
}

/** Refuses a file that is no store of ours, and one of a newer schema; answers the version of its schema. Changes nothing. */
export function requireStore(database: Database.Database, path: string): number {
  const version = requireOurs(database, path);
  if (version === 0) {
    throw new Error(`${path} is empty`);
  }
  return version;
}

/** Refuses a database of which a page, an index, a row or a reference is not as it must be. */
export function requireSound(database: Database.Database, path: string): void {
  const verdict = String(database.pragma('integrity_check(1)', { simple: true }));
  if (verdict !== 'ok') {
    throw new Error(`${path} is damaged: ${verdict.replaceAll(/\s+/g, ' ')}`);
  }
  const [dangling] = database.pragma('foreign_key_check') as { table: string; parent: string }[];
  if (dangling !== undefined) {
    throw new Error(`${path} is damaged: a ${dangling.table} names a ${dangling.parent} that is not there`);
  }
}

export function contentsOf(database: Database.Database, path: string): Contents {
  const count = (table: string) => Number(database.prepare(`SELECT count(*) FROM ${table}`).pluck().get());
  return {
    schemaVersion: requireStore(database, path),
    tenants: count('tenant'),
    clients: count('client'),
    subjects: count('subject'),
    families: count('family'),
  };
}

/** Opens a database, does some work on it, and closes it whatever happens. */
export function withDatabase<T>(path: string, options: Database.Options, work: (database: Database.Database) => T): T {
  const database = new Database(path, { fileMustExist: true, ...options });
  try {
    // Also what VACUUM INTO writes its file with.
    database.pragma('synchronous = FULL');
    database.pragma('fullfsync = ON');
    database.pragma('trusted_schema = OFF');
    database.pragma('cell_size_check = ON');
    return work(database);
  } finally {
    database.close();
  }
}
