/** The near side of the writer, in any thread that writes: hands it writes, and matches its results. */
import type { MessagePort } from 'node:worker_threads';
import type { Outcome } from '../../core/changes.ts';
import type { Command } from '../../core/commands/index.ts';
import { SymbolonError } from '../../core/errors.ts';
import type { Instant } from '../../core/model.ts';
import { LogFollowers } from '../rows/grown-logs.ts';
import type { Write, WriteResult } from './writer.ts';
import type { FromWriter, ToWriter } from './writer-messages.ts';

/** Writes in flight beyond which the store refuses more at once. */
const MAX_PENDING = 10_000;
const RETRY_AFTER_MS = 1_000;

interface Pending {
  readonly resolve: (result: WriteResult) => void;
  readonly reject: (error: SymbolonError) => void;
}

/** The way to the writer: a port, or the thread itself. */
export interface WriterLink {
  postMessage(message: ToWriter): void;
}

function unavailable(detail: string): SymbolonError {
  return new SymbolonError('store_unavailable', 'The store is not available', {
    retryAfterMs: RETRY_AFTER_MS,
    cause: new Error(detail),
  });
}

export class WriterClient {
  readonly logFollowers = new LogFollowers();
  walBytes = 0;
  checkpointFailures = 0;
  readonly #clock: () => Instant;
  readonly #pending = new Map<number, Pending>();
  readonly #listeners: ((writable: boolean) => void)[] = [];
  #link: WriterLink | undefined;
  #port: MessagePort | undefined;
  #outbox: Write[] = [];
  #lastId = 0;
  #isWritable = true;
  #isFinishing = false;
  #finished: (() => void) | undefined;
  #takesMarks: ((marks: SharedArrayBuffer) => void) | undefined;

  constructor(clock: () => Instant) {
    this.#clock = clock;
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

  /** `takes` is told where the writer marks what it changes. */
  onMarks(takes: (marks: SharedArrayBuffer) => void): void {
    this.#takesMarks = takes;
  }

  async execute(command: Command, deadline?: Instant): Promise<Outcome<unknown>> {
    const result = await this.#submit({ command }, deadline);
    return 'outcome' in result ? result.outcome : unexpected();
  }

  async purge(limit: number, horizon: Instant = this.#clock()): Promise<number> {
    const result = await this.#submit({ purgeLimit: limit, horizon });
    return 'purged' in result ? result.purged : unexpected();
  }

  /** There is a writer: the first, or one in the place of the one that died. */
  connect(link: WriterLink): void {
    this.#link = link;
  }

  /** The same in another thread than the one that started the writer; the port ends when the writer does. */
  connectBy(port: MessagePort): void {
    this.connect(port);
    this.#port = port;
    port.on('message', (message: FromWriter) => this.receive(message));
    port.on('close', () => {
      if (this.#link === port) {
        this.lose('the writer ended');
      }
    });
    this.setWritable(true);
  }

  receive(message: FromWriter): void {
    if ('results' in message) {
      for (const result of message.results) {
        this.#settle(result);
      }
    } else if ('grown' in message) {
      this.logFollowers.tell(message.grown);
    } else if ('marks' in message) {
      this.#takesMarks?.(message.marks);
    } else if ('writable' in message) {
      this.setWritable(message.writable);
    } else {
      this.walBytes = message.walBytes;
      this.checkpointFailures += message.checkpointFailed ? 1 : 0;
    }
  }

  setWritable(writable: boolean): void {
    if (this.#isWritable !== writable) {
      this.#isWritable = writable;
      for (const listener of this.#listeners) {
        listener(writable);
      }
    }
  }

  /** The writer is gone: whatever was in flight has an unknown outcome now. */
  lose(detail: string): void {
    this.#link = undefined;
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    this.#outbox = [];
    for (const each of pending) {
      each.reject(unavailable(detail));
    }
    this.#finished?.();
    if (!this.#isFinishing) {
      this.setWritable(false);
    }
  }

  /** Takes no more, and resolves when what was handed over is answered. */
  async finish(): Promise<void> {
    this.#isFinishing = true;
    this.#flush();
    if (this.#pending.size > 0) {
      await new Promise<void>((resolve) => {
        this.#finished = resolve;
      });
    }
    this.#port?.close();
  }

  #submit(work: Write['work'], deadline?: Instant): Promise<WriteResult> {
    if (this.#isFinishing || this.#link === undefined) {
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
    const now = this.#clock();
    if (this.#outbox.push({ id, work, now, ...(deadline === undefined ? {} : { deadline }) }) === 1) {
      setImmediate(() => this.#flush());
    }
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
    });
  }

  #flush(): void {
    const writes = this.#outbox;
    this.#outbox = [];
    if (writes.length > 0) {
      this.#link?.postMessage({ writes });
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
    if (this.#pending.size === 0) {
      this.#finished?.();
    }
  }
}

function unexpected(): never {
  throw new SymbolonError('internal', 'The writer answered something else than it was asked');
}
