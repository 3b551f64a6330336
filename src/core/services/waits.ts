/** How many calls wait for verifiers. Each holds its caller's stream for as long as the wait takes, and strangers may ask for it too. */
import { SymbolonError } from '../errors.ts';
import { MAX_WAIT_MS } from '../verifiers.ts';

/** Of one tenant. */
export const MAX_WAITS = 256;
/** Of all callers together that no client has proven itself for. */
export const MAX_WAITS_OF_STRANGERS = 256;

/** No tenant has an empty id. */
const STRANGERS = '';

export class Waits {
  readonly #waiting = new Map<string, number>();

  /** Takes a place, before anything is ended; answers how to give it back. Throws `overloaded` when there is none. */
  enter(tenantId: string, isStranger: boolean): () => void {
    const key = isStranger ? STRANGERS : tenantId;
    const waiting = this.#waiting.get(key) ?? 0;
    if (waiting >= (isStranger ? MAX_WAITS_OF_STRANGERS : MAX_WAITS)) {
      throw new SymbolonError(
        'overloaded',
        'Too many calls wait for verifiers, and nothing was done. Repeat this one later, or without wait',
        { retryAfterMs: MAX_WAIT_MS },
      );
    }
    this.#waiting.set(key, waiting + 1);
    return () => {
      const left = (this.#waiting.get(key) ?? 1) - 1;
      if (left === 0) {
        this.#waiting.delete(key);
      } else {
        this.#waiting.set(key, left);
      }
    };
  }
}
