/** What the main thread answers one worker, and what it takes back when that worker has died: turns that were begun, and those waited for. */
import type { InCommon } from '../../core/services/in-common.ts';
import type { Count, Verifiers } from '../../core/services/verifiers.ts';
import type { HashTurns } from '../../password/hash-turns.ts';
import type { Guess, MainHandlers } from './protocol.ts';

export interface AnsweringOptions {
  readonly common: InCommon;
  readonly hashing: HashTurns;
  readonly log: (lines: string) => void;
  readonly verifiers: () => Verifiers;
}

export class Answering {
  readonly #options: AnsweringOptions;
  /** By the worker's own number: its name, and its mark here. */
  readonly #guesses = new Map<number, Guess>();
  readonly #reads = new Map<string, number>();
  /** Those that wait, and those that were begun, with how they end. */
  readonly #hashes = new Map<number, (() => void) | undefined>();
  readonly #followers = new Map<number, (count: Count) => void>();
  #lastFollower = 0;
  #isGone = false;

  constructor(options: AnsweringOptions) {
    this.#options = options;
  }

  readonly handlers: { readonly [K in keyof MainHandlers]: MainHandlers[K] } = {
    log: (lines) => this.#options.log(lines),
    beginGuess: ({ key, mark }) => {
      this.#guesses.set(mark, { key, mark: this.#options.common.guesses.begin(key) });
    },
    endGuess: (guess) => this.#options.common.guesses.end(guess.key, this.#takeMark(guess)),
    waitForGuess: (guess) => this.#waitForGuess(guess.key, this.#takeMark(guess)),
    spend: ({ budget, key, most }) => this.#options.common.spend(budget, key, most),
    enterRead: async ({ key, max }) => {
      const isEntered = await this.#options.common.longReads.enter(key, max);
      change(this.#reads, key, isEntered ? 1 : 0);
      return isEntered;
    },
    leaveRead: (key) => {
      change(this.#reads, key, -1);
      this.#options.common.longReads.leave(key);
    },
    beginHash: async (hash) => {
      this.#hashes.set(hash, undefined);
      try {
        const end = await this.#options.hashing.begin(() => this.#isGone || !this.#hashes.has(hash));
        this.#hashes.set(hash, end);
        if (this.#isGone) {
          this.#endHash(hash);
        }
      } catch (error) {
        this.#hashes.delete(hash);
        throw error;
      }
    },
    endHash: (hash) => this.#endHash(hash),
    abandonHashes: (hashes) => {
      for (const hash of hashes) {
        // One that was begun meanwhile ends itself.
        if (this.#hashes.get(hash) === undefined) {
          this.#hashes.delete(hash);
        }
      }
    },
    requireHashRoom: () => this.#options.hashing.requireRoom(),
    awaitRevision: ({ tenantId, revision, deadline }) =>
      this.#options.verifiers().awaitRevision(tenantId, revision, deadline),
    followed: ({ id, count }) => this.#followers.get(id)?.(count),
  };

  /** Those who wait for what this worker's watchers know. */
  follow(tell: (count: Count) => void): number {
    this.#lastFollower += 1;
    this.#followers.set(this.#lastFollower, tell);
    return this.#lastFollower;
  }

  unfollow(id: number): void {
    this.#followers.delete(id);
  }

  /** The worker has died. */
  forget(): void {
    this.#isGone = true;
    const { guesses, longReads } = this.#options.common;
    for (const { key, mark } of this.#guesses.values()) {
      guesses.end(key, mark);
    }
    for (const [key, count] of this.#reads) {
      for (let i = 0; i < count; i++) {
        longReads.leave(key);
      }
    }
    for (const hash of [...this.#hashes.keys()]) {
      this.#endHash(hash);
    }
  }

  /** One that was let begin when its worker had died lets the next. */
  async #waitForGuess(key: string, mark: number): Promise<boolean> {
    const { guesses } = this.#options.common;
    const hasEnded = await guesses.waitForEnd(key, mark);
    if (hasEnded && this.#isGone) {
      guesses.end(key, guesses.begin(key));
    }
    return hasEnded;
  }

  #takeMark({ mark }: Guess): number {
    const own = this.#guesses.get(mark)?.mark ?? 0;
    this.#guesses.delete(mark);
    return own;
  }

  #endHash(hash: number): void {
    const end = this.#hashes.get(hash);
    this.#hashes.delete(hash);
    end?.();
  }
}

function change(counts: Map<string, number>, key: string, by: number): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count > 0) {
    counts.set(key, count);
  } else {
    counts.delete(key);
  }
}
