/** Reads that go on over many rows. A tenant has few at a time, however often it asks. */
import { SymbolonError } from '../errors.ts';

const RETRY_AFTER_MS = 1_000;

export class LongReads {
  readonly #running = new Map<string, number>();

  /** Runs one of those with this name, of which a tenant may have `max`; throws `overloaded` beyond. */
  async run<T>(name: string, tenantId: string, max: number, read: () => Promise<T>): Promise<T> {
    const key = `${name} ${tenantId}`;
    const running = this.#running.get(key) ?? 0;
    if (running >= max) {
      throw new SymbolonError(
        'overloaded',
        `The tenant has ${max} of these under way. Repeat this call when one has ended`,
        {
          retryAfterMs: RETRY_AFTER_MS,
        },
      );
    }
    this.#running.set(key, running + 1);
    try {
      return await read();
    } finally {
      const left = (this.#running.get(key) ?? 1) - 1;
      if (left === 0) {
        this.#running.delete(key);
      } else {
        this.#running.set(key, left);
      }
    }
  }
}
