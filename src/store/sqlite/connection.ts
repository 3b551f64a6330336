/** Opening a connection with the settings that a crash of the machine asks for, each read back. */

import type { Database as Connection } from 'better-sqlite3';
import Database from 'better-sqlite3';
import { requireOurs } from './migrations.ts';
import { takeOver } from './wal.ts';

/** How long a write waits for another process, such as the command line, to finish its own. */
export const BUSY_TIMEOUT_MS = 5_000;

/** Older versions can corrupt a WAL that two connections write or checkpoint at once (sqlite.org/wal.html#walresetbug). */
const MIN_SQLITE = [3, 51, 3] as const;

function requireSafeSqlite(connection: Connection): void {
  const version = String(connection.prepare('SELECT sqlite_version()').pluck().get());
  const parts = version.split('.').map(Number);
  for (const [index, oldest] of MIN_SQLITE.entries()) {
    const part = parts[index] ?? 0;
    if (part !== oldest) {
      if (part < oldest) {
        throw new Error(`SQLite ${version} is older than ${MIN_SQLITE.join('.')}, which can corrupt a WAL database`);
      }
      return;
    }
  }
}

function requirePragma(connection: Connection, name: string, expected: unknown): void {
  const actual = connection.pragma(name, { simple: true });
  if (actual !== expected) {
    throw new Error(`SQLite's ${name} is ${String(actual)} instead of ${String(expected)}`);
  }
}

export interface OpenWriterOptions {
  /** Only a copy may open a copy that is not finished. */
  readonly mayBeUnfinished?: boolean;
  /** What a crash left was brought to the disk by another process, which goes on, or by this one before. */
  readonly isTakenOver?: boolean;
}

/** The one connection that writes; creates the file when there is none. What it reads is on the disk. */
export function openWriter(
  path: string,
  { mayBeUnfinished = false, isTakenOver = false }: OpenWriterOptions = {},
): Connection {
  const connection = new Database(path, { timeout: BUSY_TIMEOUT_MS });
  requireSafeSqlite(connection);
  connection.pragma('trusted_schema = OFF');
  // Before the first setting that is kept in the file, so that a file of another program stays as it is.
  requireOurs(connection, path, { mayBeUnfinished });
  connection.pragma('journal_mode = WAL');
  connection.pragma('synchronous = FULL');
  // On macOS a sync alone leaves it in the drive's own memory; elsewhere this says nothing.
  connection.pragma('fullfsync = ON');
  connection.pragma('checkpoint_fullfsync = ON');
  connection.pragma('foreign_keys = ON');
  connection.pragma('cell_size_check = ON');
  connection.pragma('wal_autocheckpoint = 0');
  connection.pragma('journal_size_limit = 67108864');
  // better-sqlite3 builds SQLite so that WAL falls back to NORMAL, which loses acknowledged rows at power loss; it does so only
  // when the file is first used, so that is done before reading back.
  connection.prepare('SELECT count(*) FROM sqlite_schema').get();
  requirePragma(connection, 'journal_mode', 'wal');
  requirePragma(connection, 'synchronous', 2);
  requirePragma(connection, 'foreign_keys', 1);
  if (!isTakenOver) {
    takeOver(connection);
  }
  return connection;
}

/** A connection that only reads. Each read sees the last commit, for none is held open between calls. */
export function openReader(path: string): Connection {
  const connection = new Database(path, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  connection.pragma('synchronous = FULL');
  connection.pragma('trusted_schema = OFF');
  connection.pragma('cell_size_check = ON');
  connection.pragma('query_only = ON');
  return connection;
}
