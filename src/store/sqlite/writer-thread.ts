/**
 * The thread that owns the write connection, so that a slow disk never slows a read. Whatever queued up while the last commit
 * ran goes into the next; an idle writer commits at once.
 */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { openWriter } from './connection.ts';
import { checkpointFault, type Fault, faultOf } from './faults.ts';
import { migrate } from './migrations.ts';
import { checkpoint, cutOffUncommitted, sizeOfWal } from './wal.ts';
import { WalSize } from './wal-size.ts';
import { WriteHealth } from './write-health.ts';
import { GroupWriter, type Write, type WriteResult } from './writer.ts';

export interface WriterData {
  readonly path: string;
  readonly isTakenOver: boolean;
}

export type ToWriter = { readonly writes: readonly Write[] } | { readonly close: true };

export type FromWriter =
  | { readonly ready: true }
  /** `code`: of the system call or of SQLite, where one failed. */
  | { readonly failed: string; readonly code: string | undefined }
  /**
   * `seconds`: from the beginning of the group's transaction until it was on the disk; absent where nothing was committed. `grown`: the
   * tenants whose revocation logs may have grown.
   */
  | { readonly results: readonly WriteResult[]; readonly seconds?: number; readonly grown?: readonly string[] }
  /** Whether the last write or probe succeeded, and the last checkpoint; sent when it changes, with the fault that began. */
  | { readonly writable: boolean; readonly fault?: Fault }
  /** What came of the last checkpoint. */
  | { readonly walBytes: number; readonly checkpointFailed: boolean }
  /** Something that an operator should know. */
  | { readonly notice: string }
  | { readonly closed: true };

/** Bounds how long the first command of a group waits for the last. */
const MAX_GROUP = 256;
const CHECKPOINT_INTERVAL_MS = 1_000;
/** An idle store is probed, so that health knows of a disk that went read-only before a caller does. */
const PROBE_INTERVAL_MS = 2_000;

if (parentPort === null) {
  throw new Error('this file runs as a worker thread');
}
const port = parentPort;
const { path, isTakenOver } = workerData as WriterData;

function send(message: FromWriter): void {
  port.postMessage(message);
}

function run(): void {
  const database = openWriter(path, { isTakenOver });
  migrate(database, path);
  const writer = new GroupWriter(database);
  const health = new WriteHealth((writable, fault) => send({ writable, ...(fault === undefined ? {} : { fault }) }));
  const walSize = new WalSize((notice) => send({ notice }));
  const queue: Write[] = [];
  let isScheduled = false;
  let hasWritten = false;
  /** After it nothing is written any more. */
  let fatal: Fault | undefined;

  function receive(message: ToWriter): void {
    if ('close' in message) {
      close();
      return;
    }
    queue.push(...message.writes);
    schedule();
  }

  function schedule(): void {
    if (!isScheduled) {
      isScheduled = true;
      setImmediate(commitGroup);
    }
  }

  function commitGroup(): void {
    isScheduled = false;
    for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) {
      receive(next.message as ToWriter);
    }
    const group = queue.splice(0, MAX_GROUP);
    if (group.length === 0) {
      return;
    }
    commit(group);
    if (queue.length > 0) {
      schedule();
    }
  }

  function commit(group: readonly Write[]): void {
    if (fatal !== undefined) {
      send({ results: refused(group, fatal) });
      return;
    }
    const begin = performance.now();
    const { results, fault, wrote, grown } = writer.commit(group);
    const seconds = (performance.now() - begin) / 1_000;
    hasWritten ||= wrote;
    if (fault?.isFatal) {
      die(fault);
    }
    send({ results, ...(wrote ? { seconds } : {}), ...(grown.length > 0 ? { grown } : {}) });
    if (fault !== undefined || wrote) {
      health.report('commit', fault);
    }
  }

  /** Nothing that this process believes about the WAL can be trusted any more. Who owns it decides what comes next. */
  function die(fault: Fault): void {
    fatal = fault;
    clearInterval(probing);
    clearInterval(checkpointing);
    try {
      cutOffUncommitted(database);
    } catch {
      // The next process takes over what is there.
    }
    send({ results: refused(queue.splice(0), fault) });
  }

  function probe(): void {
    if (!hasWritten) {
      const fault = writer.probe(Date.now());
      if (fault?.isFatal) {
        die(fault);
      }
      health.report('commit', fault);
    }
    hasWritten = false;
  }

  function moveWal(): void {
    let checkpointFailed = false;
    try {
      checkpoint(database);
      health.report('checkpoint', undefined);
    } catch (error) {
      checkpointFailed = true;
      // The WAL keeps what is committed, and the next attempt writes each page again: a sync that failed here loses nothing.
      health.report('checkpoint', checkpointFault(error));
    }
    const walBytes = sizeOfWal(database);
    walSize.look(walBytes);
    send({ walBytes, checkpointFailed });
  }

  const probing = setInterval(probe, PROBE_INTERVAL_MS);
  const checkpointing = setInterval(moveWal, CHECKPOINT_INTERVAL_MS);

  function close(): void {
    clearInterval(probing);
    clearInterval(checkpointing);
    while (queue.length > 0) {
      commit(queue.splice(0, MAX_GROUP));
    }
    // The last connection to close moves the WAL into the database file.
    database.close();
    send({ closed: true });
    port.close();
  }

  port.on('message', receive);
  send({ ready: true });
}

function refused(writes: readonly Write[], fault: Fault): WriteResult[] {
  return writes.map(({ id }) => ({ id, fault }));
}

try {
  run();
} catch (error) {
  send({
    failed: error instanceof Error && !('code' in error) ? error.message : faultOf(error).detail,
    code: codeOf(error) ?? codeOf((error as Error | undefined)?.cause),
  });
  port.close();
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
