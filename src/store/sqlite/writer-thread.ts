/**
 * The thread that owns the write connection, so that a slow disk never slows a read. Whatever queued up while the last commit
 * ran goes into the next; an idle writer commits at once.
 */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { openWriter } from './connection.ts';
import { type Fault, faultOf } from './faults.ts';
import { migrate } from './migrations.ts';
import { GroupWriter, type Write, type WriteResult } from './writer.ts';

export type ToWriter = { readonly writes: readonly Write[] } | { readonly close: true };

export type FromWriter =
  | { readonly ready: true }
  | { readonly failed: string }
  | { readonly results: readonly WriteResult[] }
  /** Whether the last write or probe succeeded; sent when it changes, with the fault that ended it. */
  | { readonly writable: boolean; readonly fault?: Fault }
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
const { path } = workerData as { path: string };

function send(message: FromWriter): void {
  port.postMessage(message);
}

function run(): void {
  const database = openWriter(path);
  migrate(database, path);
  const writer = new GroupWriter(database);
  const queue: Write[] = [];
  let isScheduled = false;
  let isWritable = true;
  let hasWritten = false;

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
    const { results, fault, wrote } = writer.commit(group);
    hasWritten ||= wrote;
    if (fault !== undefined || wrote) {
      report(fault);
    }
    send({ results });
    if (queue.length > 0) {
      schedule();
    }
  }

  function report(fault: Fault | undefined): void {
    if (isWritable !== (fault === undefined) || fault?.isFatal) {
      isWritable = fault === undefined;
      send({ writable: isWritable, ...(fault === undefined ? {} : { fault }) });
    }
  }

  const probing = setInterval(() => {
    if (!hasWritten) {
      report(writer.probe(Date.now()));
    }
    hasWritten = false;
  }, PROBE_INTERVAL_MS);

  const checkpointing = setInterval(() => {
    try {
      writer.checkpoint();
    } catch {
      // The WAL keeps what is committed; the probe reports a disk that can't be written.
    }
  }, CHECKPOINT_INTERVAL_MS);

  function close(): void {
    clearInterval(probing);
    clearInterval(checkpointing);
    while (queue.length > 0) {
      send({ results: writer.commit(queue.splice(0, MAX_GROUP)).results });
    }
    // The last connection to close moves the WAL into the database file.
    database.close();
    send({ closed: true });
    port.close();
  }

  port.on('message', receive);
  send({ ready: true });
}

try {
  run();
} catch (error) {
  send({ failed: error instanceof Error && !('code' in error) ? error.message : faultOf(error).detail });
  port.close();
}
