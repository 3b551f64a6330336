/** Which logins of browsers were seen lately, so that few of their visits ask the store. */
import type { Instant } from '../model.ts';

const MAX_KNOWN = 20_000;

export class Visits {
  readonly #clock: () => Instant;
  readonly #everyMs: number;
  #seen = new Map<string, Instant>();

  constructor(clock: () => Instant, everyMs: number) {
    this.#clock = clock;
    this.#everyMs = everyMs;
  }

  /** Whether it has to be told; it is taken as told then. */
  isDue(familyId: string): boolean {
    const now = this.#clock();
    const last = this.#seen.get(familyId);
    if (last !== undefined && last <= now && now - last < this.#everyMs) {
      return false;
    }
    if (this.#seen.size >= MAX_KNOWN) {
      this.#seen = new Map();
    }
    this.#seen.set(familyId, now);
    return true;
  }

  /** It was not told after all. */
  forget(familyId: string): void {
    this.#seen.delete(familyId);
  }
}
