/** What the file beside the database holds until it is moved into it: at the start, now and then, and when a sync of it failed. */
import { closeSync, fsyncSync, openSync, readSync, statSync, truncateSync, writeSync } from 'node:fs';
import Database from 'better-sqlite3';
import { reasonOf } from '../../core/reason.ts';

/** A WAL larger than this is emptied, which waits for readers, instead of copied as far as they allow. */
const WAL_TRUNCATE_BYTES = 64 * 1024 * 1024;
const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const CHUNK_BYTES = 1024 * 1024;

interface Checkpointed {
  readonly busy: number;
  /** Frames that are committed. */
  readonly log: number;
}

function checkpointed(connection: Database.Database, mode: 'PASSIVE' | 'TRUNCATE' | 'NOOP'): Checkpointed {
  const [result] = connection.pragma(`wal_checkpoint(${mode})`) as [Checkpointed];
  return result;
}

function walOf(connection: Database.Database): string {
  return `${connection.name}-wal`;
}

export function sizeOfWal(connection: Database.Database): number {
  return statSync(walOf(connection), { throwIfNoEntry: false })?.size ?? 0;
}

/**
 * Brings to the disk whatever this connection believes. What a process left that died may be in the kernel's memory only: a commit that
 * was not synced yet; or, after a failed sync, pages that look written and never will be. Whatever is answered from it would be undone by
 * a power loss, and so would later commits, which lie behind the hole. So the WAL is written anew and synced, for a checkpoint over a hole
 * that is not finished mixes old pages with new ones; and then moved into the database file (decision 0060). Throws when that can't be
 * done.
 */
export function takeOver(connection: Database.Database): void {
  try {
    connection.exec('BEGIN IMMEDIATE');
    try {
      rewrite(walOf(connection), endOfCommitted(connection));
    } finally {
      connection.exec('ROLLBACK');
    }
    if (checkpointed(connection, 'TRUNCATE').busy !== 0) {
      throw new Error('another program is reading it. Wait for that to end, such as a backup, or end it');
    }
  } catch (error) {
    throw new Error(`what the last process left in its WAL can’t be brought to the disk: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

/** Writes the same bytes again, so that the kernel writes them to the disk, and waits for that. */
function rewrite(path: string, length: number): void {
  if (length === 0) {
    return;
  }
  const file = openSync(path, 'r+');
  try {
    const chunk = Buffer.alloc(Math.min(length, CHUNK_BYTES));
    for (let at = 0; at < length; ) {
      const read = readSync(file, chunk, 0, Math.min(chunk.length, length - at), at);
      if (read === 0) {
        throw new Error(`${path} is shorter than SQLite says`);
      }
      at += writeSync(file, chunk, 0, read, at);
    }
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Moves what was committed from the WAL into the database file, as far as readers allow. */
export function checkpoint(connection: Database.Database): void {
  if (sizeOfWal(connection) <= WAL_TRUNCATE_BYTES) {
    checkpointed(connection, 'PASSIVE');
    return;
  }
  // Emptying it needs a moment without readers. A backup reads for as long as it takes, and commits must not wait for that.
  const timeout = connection.pragma('busy_timeout', { simple: true });
  connection.pragma('busy_timeout = 0');
  try {
    checkpointed(connection, 'TRUNCATE');
  } finally {
    connection.pragma(`busy_timeout = ${timeout}`);
  }
}

/**
 * After a failed sync: takes off the WAL whatever is behind the last commit, so that the next process doesn't take it for one. The
 * connection keeps the write lock, so that nobody writes there meanwhile.
 */
export function cutOffUncommitted(connection: Database.Database): void {
  connection.exec('BEGIN IMMEDIATE');
  const end = endOfCommitted(connection);
  if (end < sizeOfWal(connection)) {
    truncateSync(walOf(connection), end);
  }
}

/** Where the last commit ends in the WAL, while this connection keeps others from committing. */
function endOfCommitted({ name }: Database.Database): number {
  // A connection in a transaction can't ask; nor may the -shm be read otherwise, for closing it would let go of SQLite's locks.
  const other = new Database(name);
  try {
    const { log } = checkpointed(other, 'NOOP');
    return log > 0
      ? HEADER_BYTES + log * (FRAME_HEADER_BYTES + Number(other.pragma('page_size', { simple: true })))
      : 0;
  } finally {
    other.close();
  }
}
