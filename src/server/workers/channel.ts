/**
 * Two threads that ask each other by name, over one port. What is asked is answered, or refused with the same error as in one thread; what is
 * told is not answered. Messages of one side arrive in the order in which they were sent.
 */
import { type MessagePort, receiveMessageOnPort, type Transferable } from 'node:worker_threads';
import { type ErrorCode, SymbolonError } from '../../core/errors.ts';
import { type Numbered, type Numbers, Order, type Source } from './order.ts';

/** What a side can be asked or told: plain data each way. */
export type Handlers = Readonly<Record<string, (argument: never) => unknown>>;

type Argument<H extends Handlers, K extends keyof H> = Parameters<H[K]>[0];
type Answer<H extends Handlers, K extends keyof H> = Awaited<ReturnType<H[K]>>;

interface PlainError {
  readonly code: ErrorCode | undefined;
  readonly message: string;
  readonly retryAfterMs: number | undefined;
}

type Content =
  | { readonly name: string; readonly argument: unknown; readonly question?: number }
  | { readonly answered: number; readonly answer: unknown }
  | { readonly answered: number; readonly error: PlainError };

type Message = Content & Numbered;

interface Pending {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
}

export interface ChannelOptions {
  /** Of those that send to the same thread. Absent: this side sends to one that hears nobody else. */
  readonly numbers?: Numbers;
  /** Of all that this thread hears. Absent: it hears nobody else. */
  readonly order?: Order;
}

export class Channel<Mine extends Handlers, Theirs extends Handlers> implements Source {
  readonly #port: MessagePort;
  readonly #handlers: Mine;
  readonly #numbers: Numbers | undefined;
  readonly #order: Order;
  readonly #pending = new Map<number, Pending>();
  #questions = 0;
  #isClosed = false;

  constructor(port: MessagePort, handlers: Mine, { numbers, order = new Order() }: ChannelOptions = {}) {
    this.#port = port;
    this.#handlers = handlers;
    this.#numbers = numbers;
    this.#order = order;
    order.add(this);
    port.on('message', (message: Message) => order.handle(this, message));
    port.on('close', () => this.#lose());
  }

  /** Rejects with `store_unavailable` when the other side is gone. */
  ask<K extends keyof Theirs & string>(
    name: K,
    argument: Argument<Theirs, K>,
    transfer: readonly Transferable[] = [],
  ): Promise<Answer<Theirs, K>> {
    if (this.#isClosed) {
      return Promise.reject(gone());
    }
    this.#questions += 1;
    const question = this.#questions;
    this.#post({ name, argument, question }, transfer);
    return new Promise((resolve, reject) => {
      this.#pending.set(question, { resolve, reject });
    });
  }

  tell<K extends keyof Theirs & string>(
    name: K,
    argument: Argument<Theirs, K>,
    transfer: readonly Transferable[] = [],
  ): void {
    this.#post({ name, argument }, transfer);
  }

  /** The other side is gone, or is going. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  takeArrived(): readonly Message[] {
    const arrived: Message[] = [];
    for (let next = receiveMessageOnPort(this.#port); next !== undefined; next = receiveMessageOnPort(this.#port)) {
      arrived.push(next.message as Message);
    }
    return arrived;
  }

  close(): void {
    this.#port.close();
  }

  handle(message: Message): void {
    if ('answered' in message) {
      const pending = this.#pending.get(message.answered);
      this.#pending.delete(message.answered);
      if ('error' in message) {
        pending?.reject(errorOf(message.error));
      } else {
        pending?.resolve(message.answer as never);
      }
      return;
    }
    const { name, argument, question } = message;
    const handler = this.#handlers[name] as (argument: unknown) => unknown;
    if (question === undefined) {
      handler(argument);
      return;
    }
    void this.#answer(question, async () => handler(argument));
  }

  async #answer(answered: number, work: () => Promise<unknown>): Promise<void> {
    try {
      this.#post({ answered, answer: await work() });
    } catch (error) {
      this.#post({ answered, error: plainError(error) });
    }
  }

  #post(content: Content, transfer: readonly Transferable[] = []): void {
    this.#port.postMessage({ ...content, at: this.#numbers?.next() ?? 0 }, transfer);
  }

  #lose(): void {
    this.#order.delete(this);
    this.#isClosed = true;
    for (const { reject } of this.#pending.values()) {
      reject(gone());
    }
    this.#pending.clear();
  }
}

function gone(): SymbolonError {
  return new SymbolonError('store_unavailable', 'A part of the server ended. Repeat the call', { retryAfterMs: 1_000 });
}

function plainError(error: unknown): PlainError {
  const { code, retryAfterMs } = error instanceof SymbolonError ? error : {};
  return { code, message: error instanceof Error ? error.message : String(error), retryAfterMs };
}

function errorOf({ code, message, retryAfterMs }: PlainError): Error {
  return code === undefined
    ? new Error(message)
    : new SymbolonError(code, message, retryAfterMs === undefined ? {} : { retryAfterMs });
}
