/**
 * Whose turn it is to hash. One hash costs what hundreds of introspections cost, so at most `concurrency` run at once, the rest wait
 * in a bounded queue, and beyond it a login is refused at once. What nobody waits for any more leaves the queue unhashed.
 */
import { SymbolonError } from '../core/errors.ts';
import { Histogram, SECONDS } from '../core/histogram.ts';
import type { IsAbandoned } from '../core/services/services.ts';

export interface HashTurns {
  /** Resolves when it may begin, with what tells that it has ended. Throws `overloaded` or `deadline_exceeded`. */
  begin(isAbandoned: IsAbandoned): Promise<() => void>;
  /** Throws `overloaded` when too much is queued. */
  requireRoom(): void | Promise<void>;
}

export interface QueueOptions {
  /** Hashes at once: as many as there are processors. */
  readonly concurrency: number;
  /** Hashes that may wait. */
  readonly queueLimit?: number;
}

const DEFAULT_QUEUE_LIMIT = 128;
const RETRY_AFTER_MS = 1_000;
/** In a second. */
const MS = 1_000;

/** A hash that waits for its turn. */
interface Waiting {
  readonly begin: () => void;
  readonly isAbandoned: IsAbandoned;
  readonly leave: () => void;
}

export function abandoned(): SymbolonError {
  return new SymbolonError('deadline_exceeded', 'The deadline passed before the password was checked');
}

/** Of all that hash in this process. */
export class HashQueue implements HashTurns {
  readonly #concurrency: number;
  readonly #queueLimit: number;
  readonly #waiting: Waiting[] = [];
  readonly #waitSeconds = new Histogram(SECONDS);
  readonly #hashSeconds = new Histogram(SECONDS);
  #running = 0;
  #refused = 0;
  #abandoned = 0;

  constructor({ concurrency, queueLimit = DEFAULT_QUEUE_LIMIT }: QueueOptions) {
    this.#concurrency = concurrency;
    this.#queueLimit = queueLimit;
  }

  /** What an operator is told. `refused`: for want of room; `abandoned`: nobody waited for them any more. */
  figures() {
    return {
      waiting: this.#waiting.length,
      running: this.#running,
      refused: this.#refused,
      abandoned: this.#abandoned,
      waitSeconds: this.#waitSeconds,
      hashSeconds: this.#hashSeconds,
    };
  }

  requireRoom(): void {
    if (this.#running >= this.#concurrency && this.#waiting.length >= this.#queueLimit) {
      this.dropAbandoned();
      if (this.#waiting.length >= this.#queueLimit) {
        this.#refused += 1;
        throw new SymbolonError('overloaded', 'Too many logins are waiting', { retryAfterMs: RETRY_AFTER_MS });
      }
    }
  }

  async begin(isAbandoned: IsAbandoned): Promise<() => void> {
    this.requireRoom();
    if (isAbandoned()) {
      this.#abandoned += 1;
      throw abandoned();
    }
    const arrival = performance.now();
    if (this.#running < this.#concurrency) {
      this.#running += 1;
    } else {
      // The one that ends hands its place over, so the number that runs does not change.
      await new Promise<void>((begin, reject) => {
        this.#waiting.push({ begin, isAbandoned, leave: () => reject(abandoned()) });
      });
    }
    const begin = performance.now();
    this.#waitSeconds.record((begin - arrival) / MS);
    return () => {
      this.#hashSeconds.record((performance.now() - begin) / MS);
      this.#next();
    };
  }

  /** Takes out of the queue what nobody waits for any more. */
  dropAbandoned(): void {
    const all = this.#waiting.splice(0);
    for (const waiting of all) {
      if (waiting.isAbandoned()) {
        this.#leave(waiting);
      } else {
        this.#waiting.push(waiting);
      }
    }
  }

  /** The first that somebody still waits for. */
  #next(): void {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      if (!next.isAbandoned()) {
        next.begin();
        return;
      }
      this.#leave(next);
    }
    this.#running -= 1;
  }

  #leave(waiting: Waiting): void {
    this.#abandoned += 1;
    waiting.leave();
  }
}
