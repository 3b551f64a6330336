/** The data directory: its files, who may read them, and the lock that keeps a second server out. */

import { chmodSync, existsSync, mkdirSync, readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { reasonOf } from '../../core/reason.ts';
import { SqliteStore } from './store.ts';
import type { WriterOptions } from './writer-client.ts';

/** Thrown with a message for the operator. */
export class DirectoryError extends Error {
  override readonly name = 'DirectoryError';
}

/** `statfs` types of file systems that can't share memory between processes, which a WAL needs (sqlite.org/wal.html). */
const NETWORK_FILE_SYSTEMS = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
  [0x01021997, '9P'],
]);

export function databasePath(directory: string): string {
  return join(directory, 'symbolon.db');
}

/** Makes the directory where there is none; only its owner may look into it. */
export function prepareDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new DirectoryError(
      `can't create the data directory ${directory}: ${reasonOf(error)}. Name another with --data-dir`,
    );
  }
  const fileSystem = NETWORK_FILE_SYSTEMS.get(statfsSync(directory).type);
  if (fileSystem !== undefined) {
    throw new DirectoryError(
      `the data directory ${directory} is on ${fileSystem}, where SQLite loses data. Name a local one with --data-dir`,
    );
  }
  const database = databasePath(directory);
  try {
    if (existsSync(database)) {
      chmodSync(database, 0o600);
    }
  } catch (error) {
    throw new DirectoryError(
      `can't close ${database} to other users: ${reasonOf(error)}. Make it this user's and writable, or name another ` +
        'directory with --data-dir',
    );
  }
}

/** Opens the store of a directory, creating or migrating it. Rejects with a message for the operator. */
export async function openStore(directory: string, options: Omit<WriterOptions, 'path'>): Promise<SqliteStore> {
  try {
    return await SqliteStore.open({ ...options, path: databasePath(directory) });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DirectoryError(
      `can't open the store in ${directory}: ${reason}. Put that right, or name another directory with --data-dir`,
    );
  }
}

/** Refuses a directory without a store, for commands that must not make one by accident. */
export function requireDatabase(directory: string): void {
  if (!existsSync(databasePath(directory))) {
    throw new DirectoryError(
      `there is no store in ${directory}. Make one with \`symbolon init\`, or name another directory with --data-dir`,
    );
  }
}

/**
 * Holds the directory for one server until `release`, or until the process ends in whatever way: the lock is the kernel's. It is
 * an exclusive transaction on a file of its own, so the command line can still work beside the server.
 */
export function lockDirectory(directory: string): { release: () => void } {
  const pidFile = join(directory, 'server.pid');
  let lock: Database.Database | undefined;
  try {
    lock = new Database(join(directory, 'server.lock'), { timeout: 0 });
    lock.exec('BEGIN EXCLUSIVE');
    writeFileSync(pidFile, `${process.pid}\n`, { mode: 0o600 });
  } catch (error) {
    lock?.close();
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) {
      throw new DirectoryError(
        `the data directory ${directory} is in use by another symbolon server${processOf(pidFile)}. ` +
          'Stop that one, or name another directory with --data-dir: SQLite serves one server',
      );
    }
    throw new DirectoryError(
      `can't lock the data directory ${directory}: ${reasonOf(error)}. It must be writable and have room; ` +
        'or name another with --data-dir',
    );
  }
  const held = lock;
  return { release: () => held.close() };
}

function processOf(pidFile: string): string {
  try {
    return ` (process ${readFileSync(pidFile, 'utf8').trim()})`;
  } catch {
    return '';
  }
}
