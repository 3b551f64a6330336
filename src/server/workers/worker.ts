/** One worker as the main thread has it: its thread, the way to it, and what it has begun. */
import { MessageChannel, Worker as Thread } from 'node:worker_threads';
import type { Member } from '../../core/services/verifiers.ts';
import { Answering, type AnsweringOptions } from './answering.ts';
import { Channel } from './channel.ts';
import type { Numbers, Order } from './order.ts';
import type { MainHandlers, ThreadData, WorkerHandlers } from './protocol.ts';

type ToWorker = Channel<
  { [K in keyof MainHandlers]: MainHandlers[K] },
  { [K in keyof WorkerHandlers]: WorkerHandlers[K] }
>;

export interface WorkerOptions extends AnsweringOptions {
  readonly logLevel: string;
  /** Which of them it is, from 0. */
  readonly index: number;
  readonly numbers: Numbers;
  readonly order: Order;
  /** It ended, be it by an error of its own. */
  readonly onEnd: (reason: string) => void;
}

/** How a thread ends by an error that nobody expected, which it has logged (endOnFaults). */
const FAULT = 1;

export class Worker {
  readonly index: number;
  readonly channel: ToWorker;
  readonly #thread: Thread;
  readonly #answering: Answering;
  /** Resolves when it has ended, however that came. */
  readonly ended: Promise<void>;
  readonly #onEnds: (() => void)[] = [];
  #reason: string | undefined;

  constructor({ logLevel, index, numbers, order, onEnd, ...answering }: WorkerOptions) {
    const { port1, port2 } = new MessageChannel();
    const workerData: ThreadData = { port: port2, order: numbers.buffer, logLevel };
    this.index = index;
    this.#answering = new Answering(answering);
    this.channel = new Channel(port1, this.#answering.handlers, { order });
    this.#thread = new Thread(new URL('./worker-thread.ts', import.meta.url), { workerData, transferList: [port2] });
    this.#thread.on('error', (error) => {
      this.#reason = error instanceof Error ? error.message : String(error);
    });
    this.ended = new Promise((resolve) => {
      this.#thread.once('exit', (code) => {
        order.handle();
        this.#answering.forget();
        for (const each of this.#onEnds) {
          each();
        }
        this.channel.close();
        resolve();
        onEnd(
          this.#reason ??
            (code === FAULT ? 'the error that the line of the level fatal tells' : `it ended with code ${code}`),
        );
      });
    });
  }

  /** Its watchers, for those who wait for what they know. While it loads it can have none, and tells so once it has loaded. */
  get member(): Member {
    return {
      follow: (tenantId, revision, tell) => {
        const id = this.#answering.follow(tell);
        this.channel.tell('follow', { id, tenantId, revision });
        return () => {
          this.#answering.unfollow(id);
          this.channel.tell('unfollow', id);
        };
      },
    };
  }

  /** Is called when it has ended. */
  onEnd(then: () => void): void {
    this.#onEnds.push(then);
  }

  /** Ends it at once, also where it hangs. */
  async end(reason?: string): Promise<void> {
    this.#reason ??= reason;
    void this.#thread.terminate();
    await this.ended;
  }
}
