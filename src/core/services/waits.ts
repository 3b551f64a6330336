/** How many calls wait for verifiers. Each holds its caller's stream for as long as the wait takes, and strangers may ask for it too. */
import { SymbolonError } from '../errors.ts';
import { MAX_WAIT_MS } from '../verifiers.ts';
import { type ReadTurns, RunningReads } from './long-reads.ts';

/** Of one tenant. */
export const MAX_WAITS = 256;
/** Of the callers of a tenant that no client has proven itself for; and of those of all tenants, a quarter of the calls in flight. */
export const MAX_WAITS_OF_STRANGERS = 128;
export const MAX_WAITS_OF_ALL_STRANGERS = 1_024;

const CLIENTS = 'clients wait';
const STRANGERS = 'strangers wait';

export class Waits {
  readonly #turns: ReadTurns;

  constructor(turns: ReadTurns = new RunningReads()) {
    this.#turns = turns;
  }

  /** Takes a place, before anything is ended; answers how to give it back. Throws `overloaded` when there is none. */
  async enter(tenantId: string, isStranger: boolean): Promise<() => void> {
    if (!isStranger) {
      return this.#take(`${CLIENTS} ${tenantId}`, MAX_WAITS);
    }
    const leave = await this.#take(`${STRANGERS} ${tenantId}`, MAX_WAITS_OF_STRANGERS);
    try {
      const leaveAll = await this.#take(STRANGERS, MAX_WAITS_OF_ALL_STRANGERS);
      return () => {
        leave();
        leaveAll();
      };
    } catch (error) {
      leave();
      throw error;
    }
  }

  async #take(key: string, max: number): Promise<() => void> {
    if (!(await this.#turns.enter(key, max))) {
      throw new SymbolonError(
        'overloaded',
        'Too many calls wait for verifiers, and nothing was done. Repeat this one later, or without wait',
        { retryAfterMs: MAX_WAIT_MS },
      );
    }
    return () => this.#turns.leave(key);
  }
}
