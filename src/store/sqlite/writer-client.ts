/** The near side of the writer thread: hands it writes, matches its results, and starts it again when it dies. */
import { Worker } from 'node:worker_threads';
import type { Outcome } from '../../core/changes.ts';
import type { Command } from '../../core/commands/index.ts';
import { SymbolonError } from '../../core/errors.ts';
import { GROUP_SIZES, Histogram, SECONDS } from '../../core/histogram.ts';
import type { Instant } from '../../core/model.ts';
import { LogFollowers } from '../rows/grown-logs.ts';
import type { Fault } from './faults.ts';
import type { Write, WriteResult } from './writer.ts';
import type { FromWriter, ToWriter, WriterData } from './writer-thread.ts';

/** Writes in flight beyond which the store refuses more at once. */
const MAX_PENDING = 10_000;
const RETRY_AFTER_MS = 1_000;
/** Doubled at each attempt that fails, up to the longest. */
const RESTART_DELAY_MS = 100;
const MAX_RESTART_DELAY_MS = 3_000;

interface Pending {
  readonly resolve: (result: WriteResult) => void;
  readonly reject: (error: SymbolonError) => void;
}

export interface WriterOptions {
  readonly path: string;
  readonly clock: () => Instant;
  /** Is told of faults for the log, and that a fault is fatal: nothing is written after it, and the process must end. */
  readonly onFault?: (fault: Fault) => void;
  /** Is told what an operator should know, for the log. */
  readonly onNotice?: (notice: string) => void;
  /** Whether a server has the store, so that what a crash left was brought to the disk by it. */
  readonly isServed?: boolean;
}

function unavailable(detail: string): SymbolonError {
  return new SymbolonError('store_unavailable', 'The store is not available', {
    retryAfterMs: RETRY_AFTER_MS,
    cause: new Error(detail),
  });
}

export class WriterClient {
  readonly commitSeconds = new Histogram(SECONDS);
  readonly commitSize = new Histogram(GROUP_SIZES);
  readonly logFollowers = new LogFollowers();
  walBytes = 0;
  checkpointFailures = 0;
  readonly #options: WriterOptions;
  readonly #pending = new Map<number, Pending>();
  readonly #listeners: ((writable: boolean) => void)[] = [];
  #worker: Worker | undefined;
  #outbox: Write[] = [];
  #lastId = 0;
  #isWritable = true;
  #isClosing = false;
  #closed: (() => void) | undefined;
  #closing: Promise<void> | undefined;
  #restarting: Promise<void> | undefined;

  private constructor(options: WriterOptions) {
    this.#options = options;
  }

  /** Starts the thread, which creates or migrates the file. Rejects with a message for the operator when it can't. */
  static async start(options: WriterOptions): Promise<WriterClient> {
    const client = new WriterClient(options);
    await client.#start(options.isServed ?? false);
    return client;
  }

  /** Writes that have not been answered. */
  get pendingWrites(): number {
    return this.#pending.size;
  }

  get isWritable(): boolean {
    return this.#isWritable;
  }

  onWritableChange(listener: (writable: boolean) => void): void {
    this.#listeners.push(listener);
  }

  async execute(command: Command, deadline?: Instant): Promise<Outcome<unknown>> {
    const result = await this.#submit({ command }, deadline);
    return 'outcome' in result ? result.outcome : unexpected();
  }

  async purge(limit: number, horizon: Instant = this.#options.clock()): Promise<number> {
    const result = await this.#submit({ purgeLimit: limit, horizon });
    return 'purged' in result ? result.purged : unexpected();
  }

  /** Finishes what was handed over, then ends the thread. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#isClosing = true;
    await this.#restarting;
    const worker = this.#worker;
    if (worker === undefined) {
      return;
    }
    this.#flush();
    await new Promise<void>((resolve) => {
      this.#closed = resolve;
      this.#send({ close: true });
    });
    await worker.terminate();
  }

  #submit(work: Write['work'], deadline?: Instant): Promise<WriteResult> {
    if (this.#isClosing || this.#worker === undefined) {
      return Promise.reject(unavailable('the writer is not running'));
    }
    if (this.#pending.size >= MAX_PENDING) {
      const overloaded = new SymbolonError('overloaded', 'Too many writes are queued. Repeat later', {
        retryAfterMs: RETRY_AFTER_MS,
      });
      return Promise.reject(overloaded);
    }
    this.#lastId += 1;
    const id = this.#lastId;
    const now = this.#options.clock();
    if (this.#outbox.push({ id, work, now, ...(deadline === undefined ? {} : { deadline }) }) === 1) {
      setImmediate(() => this.#flush());
    }
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
    });
  }

  #flush(): void {
    const writes = this.#outbox.splice(0);
    if (writes.length > 0) {
      this.#send({ writes });
    }
  }

  #send(message: ToWriter): void {
    this.#worker?.postMessage(message);
  }

  #start(isTakenOver: boolean): Promise<void> {
    const workerData: WriterData = { path: this.#options.path, isTakenOver };
    const worker = new Worker(new URL('./writer-thread.ts', import.meta.url), { workerData });
    return new Promise((resolve, reject) => {
      worker.on('message', (message: FromWriter) => {
        if ('ready' in message) {
          this.#worker = worker;
          resolve();
        } else if ('failed' in message) {
          reject(new Error(message.failed, { cause: { code: message.code } }));
        } else {
          this.#receive(message);
        }
      });
      worker.on('error', (error) => this.#die(worker, error instanceof Error ? error.message : String(error)));
      worker.on('exit', (code) => {
        reject(new Error(`the writer ended with code ${code}`));
        this.#die(worker, `the writer ended with code ${code}`);
      });
    });
  }

  #receive(message: Exclude<FromWriter, { ready: true } | { failed: string; code: string | undefined }>): void {
    if ('results' in message) {
      if (message.seconds !== undefined) {
        this.commitSeconds.record(message.seconds);
        this.commitSize.record(message.results.length);
      }
      this.logFollowers.tell(message.grown);
      for (const result of message.results) {
        this.#settle(result);
      }
    } else if ('writable' in message) {
      this.#setWritable(message.writable, message.fault);
    } else if ('walBytes' in message) {
      this.walBytes = message.walBytes;
      this.checkpointFailures += message.checkpointFailed ? 1 : 0;
    } else if ('notice' in message) {
      this.#options.onNotice?.(message.notice);
    } else {
      this.#closed?.();
    }
  }

  #settle(result: WriteResult): void {
    const pending = this.#pending.get(result.id);
    this.#pending.delete(result.id);
    if ('fault' in result) {
      const { code, message, detail } = result.fault;
      const retry = code === 'internal' ? {} : { retryAfterMs: RETRY_AFTER_MS };
      pending?.reject(new SymbolonError(code, message, { ...retry, cause: new Error(detail) }));
    } else {
      pending?.resolve(result);
    }
  }

  #setWritable(writable: boolean, fault: Fault | undefined): void {
    if (fault !== undefined) {
      this.#options.onFault?.(fault);
    }
    if (this.#isWritable !== writable) {
      this.#isWritable = writable;
      for (const listener of this.#listeners) {
        listener(writable);
      }
    }
  }

  /** Whatever was in flight has an unknown outcome now. */
  #die(worker: Worker, detail: string): void {
    if (this.#worker !== worker) {
      return;
    }
    this.#worker = undefined;
    this.#closed?.();
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    this.#outbox = [];
    for (const each of pending) {
      each.reject(unavailable(detail));
    }
    if (!this.#isClosing) {
      this.#setWritable(false, { code: 'store_unavailable', message: 'The writer died', detail, isFatal: false });
      this.#restart();
    }
  }

  #restart(delayMs = RESTART_DELAY_MS): void {
    setTimeout(() => {
      if (!this.#isClosing) {
        this.#restarting = this.#start(true).then(
          () => this.#setWritable(true, undefined),
          () => this.#restart(Math.min(2 * delayMs, MAX_RESTART_DELAY_MS)),
        );
      }
    }, delayMs);
  }
}

function unexpected(): never {
  throw new SymbolonError('internal', 'The writer answered something else than it was asked');
}
