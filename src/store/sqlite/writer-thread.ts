/**
 * The thread that owns the write connection, so that a slow disk never slows a read. Whatever queued up while the last commit
 * ran goes into the next; an idle writer commits at once.
 */
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { ChangeMarksWriter } from './change-marks.ts';
import { openWriter } from './connection.ts';
import { checkpointFault, type Fault, faultOf } from './faults.ts';
import { migrate } from './migrations.ts';
import { checkpoint, cutOffUncommitted, distrust, sizeOfWal } from './wal.ts';
import { WalSize } from './wal-size.ts';
import { WriteHealth } from './write-health.ts';
import { GroupWriter, type Write, type WriteResult } from './writer.ts';
import type { FromWriter, OwnerToWriter, ToWriter, WriterData, WriterToOwner } from './writer-messages.ts';

/** Bounds how long the first command of a group waits for the last. */
const MAX_GROUP = 256;
const CHECKPOINT_INTERVAL_MS = 1_000;
/** An idle store is probed, so that health knows of a disk that went read-only before a caller does. */
const PROBE_INTERVAL_MS = 2_000;

if (parentPort === null) {
  throw new Error('this file runs as a worker thread');
}
const owner = parentPort;
const { path, isTakenOver, marks } = workerData as WriterData;
/** Of all threads that write; the first is the owner's. */
const ports: MessagePort[] = [owner];

/** A write, and who waits for its result. */
interface Queued {
  readonly from: MessagePort;
  readonly write: Write;
}

function send(message: WriterToOwner): void {
  owner.postMessage(message);
}

function sendAll(message: FromWriter): void {
  for (const port of ports) {
    port.postMessage(message);
  }
}

/** To each port the results of its own writes. */
function answer(group: readonly Queued[], results: readonly WriteResult[]): void {
  const own = new Map<MessagePort, WriteResult[]>();
  for (const [index, { from }] of group.entries()) {
    const ofPort = own.get(from) ?? [];
    ofPort.push(results[index] as WriteResult);
    own.set(from, ofPort);
  }
  for (const [port, itsResults] of own) {
    port.postMessage({ results: itsResults } satisfies FromWriter);
  }
}

function run(): void {
  const database = openWriter(path, { isTakenOver });
  migrate(database, path);
  const writer = new GroupWriter(database, new ChangeMarksWriter(marks));
  let isWritable = true;
  const health = new WriteHealth((writable, fault) => {
    if (fault !== undefined) {
      send({ fault });
    }
    isWritable = writable;
    sendAll({ writable });
  });
  const walSize = new WalSize((notice) => send({ notice }));
  const queue: Queued[] = [];
  let isScheduled = false;
  let hasWritten = false;
  /** A checkpoint failed: what it wrote may look written, and never be. */
  let isDistrusted = false;
  /** After it nothing is written any more. */
  let fatal: Fault | undefined;

  function receive(from: MessagePort, message: OwnerToWriter): void {
    if ('close' in message) {
      close();
    } else if ('member' in message) {
      admit(message.member);
    } else {
      queue.push(...message.writes.map((write) => ({ from, write })));
      schedule();
    }
  }

  function admit(member: MessagePort): void {
    ports.push(member);
    member.postMessage({ marks } satisfies FromWriter);
    member.on('message', (message: ToWriter) => receive(member, message));
    member.on('close', () => ports.splice(ports.indexOf(member), 1));
    if (!isWritable) {
      member.postMessage({ writable: false } satisfies FromWriter);
    }
  }

  /** Takes what has arrived since. */
  function takeArrived(): void {
    for (const port of [...ports]) {
      for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) {
        receive(port, next.message as OwnerToWriter);
      }
    }
  }

  function schedule(): void {
    if (!isScheduled) {
      isScheduled = true;
      setImmediate(commitGroup);
    }
  }

  function commitGroup(): void {
    isScheduled = false;
    takeArrived();
    const group = queue.splice(0, MAX_GROUP);
    if (group.length === 0) {
      return;
    }
    commit(group);
    if (queue.length > 0) {
      schedule();
    }
  }

  function commit(group: readonly Queued[]): void {
    if (fatal !== undefined) {
      refuse(group, fatal);
      return;
    }
    const begin = performance.now();
    const { results, fault, wrote, grown } = writer.commit(group.map(({ write }) => write));
    const seconds = (performance.now() - begin) / 1_000;
    hasWritten ||= wrote;
    if (fault?.isFatal) {
      die(fault);
    }
    if (wrote) {
      send({ committed: group.length, seconds });
    }
    if (grown.length > 0) {
      sendAll({ grown });
    }
    answer(group, results);
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
    refuse(queue.splice(0), fault);
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
    try {
      writeWhatIsDistrusted();
      isDistrusted = true;
      checkpoint(database);
      isDistrusted = false;
      health.report('checkpoint', undefined);
    } catch (error) {
      // The WAL keeps what is committed, and each page is written anew before the next attempt: a sync that failed here loses nothing.
      health.report('checkpoint', checkpointFault(error));
    }
    const walBytes = sizeOfWal(database);
    walSize.look(walBytes);
    sendAll({ walBytes, checkpointFailed: isDistrusted });
  }

  function writeWhatIsDistrusted(): void {
    if (isDistrusted) {
      distrust(database);
    }
  }

  const probing = setInterval(probe, PROBE_INTERVAL_MS);
  const checkpointing = setInterval(moveWal, CHECKPOINT_INTERVAL_MS);

  function close(): void {
    clearInterval(probing);
    clearInterval(checkpointing);
    takeArrived();
    while (queue.length > 0) {
      commit(queue.splice(0, MAX_GROUP));
    }
    try {
      writeWhatIsDistrusted();
    } catch {
      // Then moving the WAL fails too, and the next process takes over what is there.
    }
    // The last connection to close moves the WAL into the database file.
    database.close();
    send({ closed: true });
    for (const port of [...ports]) {
      port.close();
    }
  }

  owner.on('message', (message: OwnerToWriter) => receive(owner, message));
  send({ ready: true });
}

function refuse(group: readonly Queued[], fault: Fault): void {
  answer(
    group,
    group.map(({ write: { id } }) => ({ id, fault })),
  );
}

try {
  run();
} catch (error) {
  send({
    failed: error instanceof Error && !('code' in error) ? error.message : faultOf(error).detail,
    code: codeOf(error) ?? codeOf((error as Error | undefined)?.cause),
  });
  owner.close();
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
