/** One page of a list in each turn of the event loop: many long reads at once take longer, and others are answered in between. */
import { setImmediate } from 'node:timers/promises';

export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Resolves when it is this caller's turn, which lasts until it awaits something else. */
  next(): Promise<void> {
    const turn = this.#last.then(() => setImmediate<void>());
    this.#last = turn;
    return turn;
  }
}
