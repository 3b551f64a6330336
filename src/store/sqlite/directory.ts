/** The data directory: its files, who may read them, and the lock that keeps a second server out. */

import { accessSync, chmodSync, constants, existsSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { reasonOf } from '../../core/reason.ts';
import { unreadable, whose } from '../../files/owners.ts';
import { requireTrusted } from '../../files/trust.ts';
import { makeDirectory, replaceFile } from '../../files/whole.ts';
import { BUSY_TIMEOUT_MS } from './connection.ts';
import { SqliteStore } from './store.ts';
import type { WriterOptions } from './writer-owner.ts';

/** Thrown with a message for the operator. */
export class DirectoryError extends Error {
  override readonly name: string = 'DirectoryError';
}

/** How long a server that starts waits for a look of the command line at the lock, which takes a moment. */
const LOOK_MS = 200;

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

/** The store, and what SQLite and servers keep beside it. */
const FILES = [
  'symbolon.db',
  ...['-wal', '-shm', '-journal'].map((suffix) => `symbolon.db${suffix}`),
  'server.lock',
  'server.pid',
];

/** Refuses a directory, or a store in it, that others than this user and root could have put there or changed. */
function requireOwn(directory: string): void {
  requireTrusted(directory, { what: 'the data directory' });
  for (const name of FILES) {
    requireTrusted(join(directory, name), { what: 'the file' });
  }
}

/** Makes the directory where there is none; only its owner may look into it. */
export function prepareDirectory(directory: string): void {
  requireOwn(directory);
  try {
    makeDirectory(directory);
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

export interface OpenDirectoryOptions extends Omit<WriterOptions, 'path' | 'isServed'> {
  /** Whether the caller holds the lock of the directory. */
  readonly hasLock?: boolean;
  /** Whether it is a command that holds it, for a moment. */
  readonly isCommand?: boolean;
}

/**
 * Opens the store of a directory, creating or migrating it. Rejects with a message for the operator. Who holds the lock, or finds that
 * nobody does, first brings to the disk what a crash left. Beside a server that would hold up its commits, and it has done so itself.
 */
export async function openStore(
  directory: string,
  { hasLock = false, isCommand = false, ...options }: OpenDirectoryOptions,
): Promise<SqliteStore> {
  try {
    const isServed = !hasLock && (await isServedByAnother(directory));
    const store = await SqliteStore.open({ ...options, path: databasePath(directory), isServed });
    if (hasLock && !isCommand) {
      announceOpen(directory);
    }
    return store;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DirectoryError(
      `can't open the store in ${directory}: ${reason}. Put that right, or name another directory with --data-dir`,
      { cause: error },
    );
  }
}

/** Refuses a directory without a store, for commands that must not make one by accident. */
export function requireDatabase(directory: string): void {
  requireOwn(directory);
  const reason = unreadable(databasePath(directory));
  if (reason !== undefined) {
    throw new DirectoryError(
      `can't look into the data directory ${directory}: ${reason}. Run it as that user, or name another with --data-dir`,
    );
  }
  if (!existsSync(databasePath(directory))) {
    throw new DirectoryError(
      `there is no store in ${directory}. Make one with \`symbolon init\`, or name another directory with --data-dir`,
    );
  }
  for (const name of FILES) {
    requireUsable(join(directory, name));
  }
}

/** A command that root ran may have left a file that is root's alone. */
function requireUsable(path: string): void {
  try {
    if (existsSync(path)) {
      accessSync(path, constants.R_OK | constants.W_OK);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new DirectoryError(
      `can't read and write ${path}: ${code}. ${whose(path)}. Run it as that user, or chown the file`,
    );
  }
}

/** What the kernel lets go of when the process ends in whatever way. */
export interface DirectoryLock {
  readonly release: () => void;
}

/**
 * Holds the directory for one server until `release`: an exclusive transaction on a file of its own. It waits for commands and for a
 * server that is only starting, and not for one that serves.
 */
export function lockDirectory(directory: string): DirectoryLock {
  for (const giveUp = Date.now() + BUSY_TIMEOUT_MS; ; ) {
    const lock = tryLockDirectory(directory, LOOK_MS);
    if (lock !== undefined) {
      return lock;
    }
    if (existsSync(pidPath(directory)) || Date.now() > giveUp) {
      throw new DirectoryError(
        `the data directory ${directory} is in use by another symbolon server${holderOf(directory)}. ` +
          'Stop that one, or name another directory with --data-dir: SQLite serves one server',
      );
    }
  }
}

/** Undefined when another process has it. */
export function tryLockDirectory(directory: string, timeoutMs = 0): DirectoryLock | undefined {
  let lock: Database.Database | undefined;
  try {
    lock = new Database(lockPath(directory), { timeout: timeoutMs });
    lock.exec('BEGIN EXCLUSIVE');
    // Until a server has opened the store; then it has that process.
    rmSync(pidPath(directory), { force: true });
  } catch (error) {
    lock?.close();
    if (isBusy(error)) {
      return undefined;
    }
    throw new DirectoryError(
      `can't lock the data directory ${directory}: ${reasonOf(error)}. It must be writable and have room; ` +
        'or name another with --data-dir',
    );
  }
  const held = lock;
  return { release: () => held.close() };
}

/** Tells those who look, once the holder of the lock has opened the store, so that what a crash left is on the disk. */
export function announceOpen(directory: string): void {
  replaceFile(pidPath(directory), `${process.pid}\n`);
}

/** Whether another process has the lock, and has opened the store; waits a while for one that is just opening it. */
async function isServedByAnother(directory: string): Promise<boolean> {
  for (const giveUp = Date.now() + BUSY_TIMEOUT_MS; Date.now() < giveUp; await sleep(LOOK_MS / 10)) {
    if (!isLocked(directory)) {
      return false;
    }
    if (existsSync(pidPath(directory))) {
      return true;
    }
  }
  return false;
}

function isLocked(directory: string): boolean {
  if (!existsSync(lockPath(directory))) {
    return false;
  }
  const lock = new Database(lockPath(directory), { timeout: 0, readonly: true });
  try {
    // Reads, for a server that starts just now waits for that; for another lock of its kind it would not.
    lock.prepare('SELECT count(*) FROM sqlite_schema').get();
    return false;
  } catch (error) {
    if (isBusy(error)) {
      return true;
    }
    throw error;
  } finally {
    lock.close();
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY');
}

function lockPath(directory: string): string {
  return join(directory, 'server.lock');
}

function pidPath(directory: string): string {
  return join(directory, 'server.pid');
}

/** Names the server that holds the lock, once it has opened the store. */
export function holderOf(directory: string): string {
  try {
    return ` (process ${readFileSync(pidPath(directory), 'utf8').trim()})`;
  } catch {
    return '';
  }
}
