/** Reads that go on over many rows. A tenant has few at a time, however often it asks. */
import { SymbolonError } from '../errors.ts';

const RETRY_AFTER_MS = 1_000;

/** Counts what is being read under a name. */
export interface ReadTurns {
  /** False: as many as that are being read. */
  enter(key: string, max: number): boolean | Promise<boolean>;
  leave(key: string): void;
}

export class RunningReads implements ReadTurns {
  readonly #running = new Map<string, number>();

  enter(key: string, max: number): boolean {
    const running = this.#running.get(key) ?? 0;
    if (running >= max) {
      return false;
    }
    this.#running.set(key, running + 1);
    return true;
  }

  leave(key: string): void {
    const left = (this.#running.get(key) ?? 1) - 1;
    if (left === 0) {
      this.#running.delete(key);
    } else {
      this.#running.set(key, left);
    }
  }
}

export class LongReads {
  readonly #turns: ReadTurns;

  constructor(turns: ReadTurns = new RunningReads()) {
    this.#turns = turns;
  }

  /** Runs one of those with this name, of which a tenant, or who else it is, may have `max`; throws `overloaded` beyond. */
  async run<T>(name: string, holder: string, max: number, read: () => Promise<T>): Promise<T> {
    const key = `${name} ${holder}`;
    if (!(await this.#turns.enter(key, max))) {
      throw new SymbolonError(
        'overloaded',
        `There are ${max} of these under way. Repeat this call when one has ended`,
        {
          retryAfterMs: RETRY_AFTER_MS,
        },
      );
    }
    try {
      return await read();
    } finally {
      this.#turns.leave(key);
    }
  }
}
