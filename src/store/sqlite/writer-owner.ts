/** Starts the writer thread, and starts it again when it dies; gives other threads ports to it. */
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { GROUP_SIZES, Histogram, SECONDS } from '../../core/histogram.ts';
import type { Instant } from '../../core/model.ts';
import { changeMarksBuffer } from './change-marks.ts';
import type { Fault } from './faults.ts';
import { WriterClient } from './writer-client.ts';
import type { OwnerToWriter, WriterData, WriterToOwner } from './writer-messages.ts';

/** Doubled at each attempt that fails, up to the longest. */
const RESTART_DELAY_MS = 100;
const MAX_RESTART_DELAY_MS = 3_000;

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

/** Takes a port to the writer, to hand it to another thread. */
export type TakesPort = (port: MessagePort) => void;

export class WriterOwner {
  readonly commitSeconds = new Histogram(SECONDS);
  readonly commitSize = new Histogram(GROUP_SIZES);
  /** Of what changes, which all threads share, and one writer after the other. */
  readonly marks = changeMarksBuffer();
  /** Of this thread. */
  readonly client: WriterClient;
  readonly #options: WriterOptions;
  readonly #members = new Set<TakesPort>();
  #worker: Worker | undefined;
  #isClosing = false;
  #closed: (() => void) | undefined;
  #closing: Promise<void> | undefined;
  #restarting: Promise<void> | undefined;

  private constructor(options: WriterOptions) {
    this.#options = options;
    this.client = new WriterClient(options.clock);
  }

  /** Starts the thread, which creates or migrates the file. Rejects with a message for the operator when it can't. */
  static async start(options: WriterOptions): Promise<WriterOwner> {
    const owner = new WriterOwner(options);
    await owner.#start(options.isServed ?? false);
    return owner;
  }

  /** Gives one more thread a port to the writer now, and another whenever the writer was started again. Answers how to forget it. */
  admit(takes: TakesPort): () => void {
    this.#members.add(takes);
    this.#give(takes);
    return () => this.#members.delete(takes);
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
    await this.client.finish();
    if (worker === undefined) {
      return;
    }
    await new Promise<void>((resolve) => {
      this.#closed = resolve;
      this.#send({ close: true });
    });
    await worker.terminate();
  }

  #give(takes: TakesPort): void {
    if (this.#worker !== undefined) {
      const { port1, port2 } = new MessageChannel();
      this.#send({ member: port1 }, [port1]);
      takes(port2);
    }
  }

  #send(message: OwnerToWriter, transfer: readonly MessagePort[] = []): void {
    this.#worker?.postMessage(message, transfer);
  }

  #start(isTakenOver: boolean): Promise<void> {
    const workerData: WriterData = { path: this.#options.path, isTakenOver, marks: this.marks };
    // What it opened stays open when it ends: decision 0216.
    const options = { workerData, trackUnmanagedFds: false };
    const worker = new Worker(new URL('./writer-thread.ts', import.meta.url), options);
    return new Promise((resolve, reject) => {
      worker.on('message', (message: WriterToOwner) => {
        if ('ready' in message) {
          this.#worker = worker;
          this.client.connect(worker);
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

  #receive(message: Exclude<WriterToOwner, { ready: true } | { failed: string; code: string | undefined }>): void {
    if ('committed' in message) {
      this.commitSeconds.record(message.seconds);
      this.commitSize.record(message.committed);
    } else if ('fault' in message) {
      this.#options.onFault?.(message.fault);
    } else if ('notice' in message) {
      this.#options.onNotice?.(message.notice);
    } else if ('closed' in message) {
      this.#closed?.();
    } else {
      this.client.receive(message);
    }
  }

  #die(worker: Worker, detail: string): void {
    if (this.#worker !== worker) {
      return;
    }
    this.#worker = undefined;
    this.#closed?.();
    if (!this.#isClosing) {
      this.#options.onFault?.({ code: 'store_unavailable', message: 'The writer died', detail, isFatal: false });
    }
    this.client.lose(detail);
    if (!this.#isClosing) {
      this.#restart();
    }
  }

  #restart(delayMs = RESTART_DELAY_MS): void {
    setTimeout(() => {
      if (!this.#isClosing) {
        this.#restarting = this.#start(true).then(
          () => {
            this.client.setWritable(true);
            for (const takes of this.#members) {
              this.#give(takes);
            }
          },
          () => this.#restart(Math.min(2 * delayMs, MAX_RESTART_DELAY_MS)),
        );
      }
    }, delayMs);
  }
}
