/** What backup and restore share: database files that are whole and sound before they bear their name. */

import { closeSync, existsSync, fsyncSync, linkSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { requireFinished } from './connection.ts';
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

/**
 * Lets `write` fill an empty file beside `path`, which only its owner can read, and gives it that name when it is whole and on the
 * disk. Whatever fails, nothing is left behind, and a file that has the name already stays as it is.
 */
export async function writeWhole<T>(path: string, write: (draft: string) => Promise<T> | T): Promise<T> {
  const draft = `${path}.${process.pid}.partial`;
  closeSync(openSync(draft, 'wx', 0o600));
  try {
    const result = await write(draft);
    sync(draft);
    giveName(draft, path);
    return result;
  } finally {
    for (const suffix of ['', ...COMPANIONS]) {
      rmSync(`${draft}${suffix}`, { force: true });
    }
  }
}

function giveName(draft: string, path: string): void {
  try {
    // Unlike a rename, a link never takes the name from another file.
    linkSync(draft, path);
  } catch (error) {
    if (existsSync(path)) {
      throw error;
    }
    // A file system without links, such as FAT.
    renameSync(draft, path);
  }
  try {
    sync(dirname(path));
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  }
}

/** Puts a file, or the names of a directory, on the disk. */
function sync(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Refuses a file that is no store of ours, and one of a newer schema; answers the version of its schema. Changes nothing. */
export function requireStore(database: Database.Database, path: string): number {
  const version = requireOurs(database, path);
  if (version === 0) {
    throw new Error(`${path} is empty`);
  }
  requireFinished(database);
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
    database.pragma('trusted_schema = OFF');
    database.pragma('cell_size_check = ON');
    return work(database);
  } finally {
    database.close();
  }
}
