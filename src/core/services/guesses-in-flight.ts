/**
 * The guesses of this server that are being checked. When as many of one name are as may be wrong, the next waits for one of them to end:
 * people whose password is right must not be refused because they come at once.
 */
import { SymbolonError } from '../errors.ts';

/** Of one name. */
const MAX_WAITING = 128;
const RETRY_AFTER_MS = 1_000;

interface Guesses {
  running: number;
  readonly waiting: (() => void)[];
}

export class GuessesInFlight {
  readonly #guesses = new Map<string, Guesses>();

  begin(key: string): void {
    this.#of(key).running += 1;
  }

  /** Lets the one begin that waits longest. */
  end(key: string): void {
    const guesses = this.#of(key);
    guesses.running -= 1;
    this.next(key);
  }

  /** Who was let begin and did not lets the next. */
  next(key: string): void {
    const guesses = this.#of(key);
    guesses.waiting.shift()?.();
    if (guesses.running === 0 && guesses.waiting.length === 0) {
      this.#guesses.delete(key);
    }
  }

  /** Until one ends; undefined when none of this server is being checked. Throws `overloaded` when too many wait. */
  ended(key: string): Promise<void> | undefined {
    const guesses = this.#guesses.get(key);
    if (guesses === undefined || guesses.running === 0) {
      return undefined;
    }
    if (guesses.waiting.length >= MAX_WAITING) {
      throw new SymbolonError('overloaded', 'Too many logins are waiting', { retryAfterMs: RETRY_AFTER_MS });
    }
    return new Promise((resolve) => guesses.waiting.push(resolve));
  }

  #of(key: string): Guesses {
    let guesses = this.#guesses.get(key);
    if (guesses === undefined) {
      guesses = { running: 0, waiting: [] };
      this.#guesses.set(key, guesses);
    }
    return guesses;
  }
}
