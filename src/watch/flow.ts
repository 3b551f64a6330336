/** How much a watcher may say. */
import { MAX_HEARTBEATS_PER_SECOND } from '../core/verifiers.ts';

/** A bucket that is full at the beginning, and is filled again within a second. */
class Bucket {
  readonly #size: number;
  #left: number;
  #time: number;

  constructor(size: number, now: number) {
    this.#size = size;
    this.#left = size;
    this.#time = now;
  }

  /** False: it is empty. */
  take(now: number): boolean {
    this.#left = Math.min(this.#size, this.#left + ((now - this.#time) / 1_000) * this.#size);
    this.#time = now;
    if (this.#left < 1) {
      return false;
    }
    this.#left -= 1;
    return true;
  }
}

/** Acknowledgements too: one for each message that asks for it, of which there are 100 at most. */
const MAX_REQUESTS_PER_SECOND = 200;

export class RequestBudget {
  readonly #requests: Bucket;
  readonly #heartbeats: Bucket;

  constructor(now: number) {
    this.#requests = new Bucket(MAX_REQUESTS_PER_SECOND, now);
    this.#heartbeats = new Bucket(MAX_HEARTBEATS_PER_SECOND, now);
  }

  /** Whether it may be taken. `hasHeartbeat`: those are counted by themselves too. */
  take(now: number, hasHeartbeat: boolean): boolean {
    return this.#requests.take(now) && (!hasHeartbeat || this.#heartbeats.take(now));
  }
}

/** Above so many messages a second those that follow wait longer for each other. */
const MANY_MESSAGES = 20;
const SHORT_MS = 10;
const LONG_MS = 50;

/** How long events wait for each other, so that they share a message. What comes alone does not wait. */
export class Gathering {
  #second = 0;
  #count = 0;
  #countBefore = 0;
  #last = Number.NEGATIVE_INFINITY;

  /** Milliseconds until the next message may leave. */
  waitMs(now: number): number {
    this.#turn(now);
    const isBusy = Math.max(this.#count, this.#countBefore) >= MANY_MESSAGES;
    return Math.max(0, this.#last + (isBusy ? LONG_MS : SHORT_MS) - now);
  }

  left(now: number): void {
    this.#turn(now);
    this.#last = now;
    this.#count += 1;
  }

  #turn(now: number): void {
    const second = Math.floor(now / 1_000);
    if (second !== this.#second) {
      this.#countBefore = second === this.#second + 1 ? this.#count : 0;
      this.#second = second;
      this.#count = 0;
    }
  }
}
