/** What the file beside the database holds until it is moved into it: at the start, now and then, and when a sync of it failed. */
import { statSync, truncateSync } from 'node:fs';
import Database from 'better-sqlite3';
import { reasonOf } from '../../core/reason.ts';
import { FRAME_HEADER_BYTES, pagesOf, WAL_HEADER_BYTES, walOf } from './wal-file.ts';
import { writeAnew } from './write-anew.ts';

/** A WAL larger than this is emptied, which waits for readers, instead of copied as far as they allow. */
const WAL_TRUNCATE_BYTES = 64 * 1024 * 1024;

interface Checkpointed {
  readonly busy: number;
  /** Frames that are committed. */
  readonly log: number;
}

function checkpointed(connection: Database.Database, mode: 'PASSIVE' | 'TRUNCATE' | 'NOOP'): Checkpointed {
  const [result] = connection.pragma(`wal_checkpoint(${mode})`) as [Checkpointed];
  return result;
}

export function sizeOfWal(connection: Database.Database): number {
  return statSync(walOf(connection.name), { throwIfNoEntry: false })?.size ?? 0;
}

/**
 * Brings to the disk whatever this connection believes. What a process left that died may be in the kernel's memory only: a commit that
 * was not synced yet; or, after a failed sync, pages that look written and never will be. Whatever is answered from it would be undone by
 * a power loss, and so would later commits, which lie behind the hole. So all that is not moved yet is written anew, and then moved into
 * the database file (decisions 0060 and 0216). Throws when that can't be done.
 */
export function takeOver(connection: Database.Database): void {
  try {
    distrust(connection);
    if (checkpointed(connection, 'TRUNCATE').busy !== 0) {
      throw new Error('another program is reading it. Wait for that to end, such as a backup, or end it');
    }
  } catch (error) {
    throw new Error(`what the last process left in its WAL can’t be brought to the disk: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

/**
 * After a sync that failed, or may have: writes the WAL anew, and what of the database file a checkpoint may have tried to write. Nobody
 * else may be moving the WAL.
 */
export function distrust(connection: Database.Database): void {
  connection.exec('BEGIN IMMEDIATE');
  try {
    const end = endOfCommitted(connection);
    if (end > 0) {
      const { name } = connection;
      const pages = pagesOf(walOf(name), end);
      // It first, for a checkpoint over a hole that is not finished mixes old pages with new ones.
      writeAnew(walOf(name), [{ begin: 0, end }]);
      writeAnew(name, pages);
    }
  } finally {
    connection.exec('ROLLBACK');
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
    truncateSync(walOf(connection.name), end);
  }
}

/** Where the last commit ends in the WAL, while this connection keeps others from committing. */
function endOfCommitted({ name }: Database.Database): number {
  // A connection in a transaction can't ask; nor may the -shm be read otherwise, for closing it would let go of SQLite's locks.
  const other = new Database(name);
  try {
    const { log } = checkpointed(other, 'NOOP');
    return log > 0
      ? WAL_HEADER_BYTES + log * (FRAME_HEADER_BYTES + Number(other.pragma('page_size', { simple: true })))
      : 0;
  } finally {
    other.close();
  }
}
