/**
 * The guesses of this server that are being checked. When as many of one name are as may be wrong, the next waits for one of them to end:
 * people whose password is right must not be refused because they come at once. How many there may be, the store decides.
 */
import { SymbolonError } from '../errors.ts';

/** Of one name. */
const MAX_WAITING = 128;
const RETRY_AFTER_MS = 1_000;

export interface GuessTurns {
  /** Before the store is asked whether it may begin, so that who is refused there for its sake finds it here. Answers its mark. */
  begin(key: string): number;
  /** It has ended, or may not begin. Lets the one begin that waits longest. */
  end(key: string, mark: number): void;
  /**
   * Instead of `end`, where too many are being checked: waits until one ends, or has ended since it began itself. False: none of this
   * server is being checked. Throws `overloaded`.
   */
  waitForEnd(key: string, mark: number): boolean | Promise<boolean>;
}

interface Guesses {
  running: number;
  /** How many have ended. */
  ends: number;
  readonly waiting: (() => void)[];
}

export class GuessesInFlight implements GuessTurns {
  readonly #guesses = new Map<string, Guesses>();

  begin(key: string): number {
    const guesses = this.#of(key);
    guesses.running += 1;
    return guesses.ends;
  }

  end(key: string): void {
    const guesses = this.#of(key);
    guesses.running -= 1;
    guesses.ends += 1;
    this.#next(key, guesses);
  }

  waitForEnd(key: string, mark: number): boolean | Promise<boolean> {
    const guesses = this.#of(key);
    guesses.running -= 1;
    if (guesses.ends !== mark) {
      this.#tidy(key, guesses);
      return true;
    }
    if (guesses.running === 0) {
      // Nobody's end would let the next one try.
      this.#next(key, guesses);
      return false;
    }
    if (guesses.waiting.length >= MAX_WAITING) {
      throw new SymbolonError('overloaded', 'Too many logins are waiting', { retryAfterMs: RETRY_AFTER_MS });
    }
    return new Promise((resolve) => guesses.waiting.push(() => resolve(true)));
  }

  #next(key: string, guesses: Guesses): void {
    guesses.waiting.shift()?.();
    this.#tidy(key, guesses);
  }

  #tidy(key: string, guesses: Guesses): void {
    if (guesses.running === 0 && guesses.waiting.length === 0) {
      this.#guesses.delete(key);
    }
  }

  #of(key: string): Guesses {
    let guesses = this.#guesses.get(key);
    if (guesses === undefined) {
      guesses = { running: 0, ends: 0, waiting: [] };
      this.#guesses.set(key, guesses);
    }
    return guesses;
  }
}
