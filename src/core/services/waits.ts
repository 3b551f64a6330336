/** How many calls wait for verifiers. Each holds its caller's stream for as long as the wait takes, and strangers may ask for it too. */
import { SymbolonError } from '../errors.ts';
import { MAX_WAIT_MS } from '../verifiers.ts';
import { type ReadTurns, RunningReads } from './long-reads.ts';

/** Of one tenant. */
export const MAX_WAITS = 256;
/** Of all callers together that no client has proven itself for. */
export const MAX_WAITS_OF_STRANGERS = 256;

/** No tenant has an empty id. */
const STRANGERS = '';

export class Waits {
  readonly #turns: ReadTurns;

  constructor(turns: ReadTurns = new RunningReads()) {
    this.#turns = turns;
  }

  /** Takes a place, before anything is ended; answers how to give it back. Throws `overloaded` when there is none. */
  enter(tenantId: string, isStranger: boolean): (() => void) | Promise<() => void> {
    const key = `wait ${isStranger ? STRANGERS : tenantId}`;
    const entered = this.#turns.enter(key, isStranger ? MAX_WAITS_OF_STRANGERS : MAX_WAITS);
    const leave = () => this.#turns.leave(key);
    return typeof entered === 'boolean' ? taken(entered, leave) : entered.then((isIn) => taken(isIn, leave));
  }
}

function taken(isIn: boolean, leave: () => void): () => void {
  if (!isIn) {
    throw new SymbolonError(
      'overloaded',
      'Too many calls wait for verifiers, and nothing was done. Repeat this one later, or without wait',
      { retryAfterMs: MAX_WAIT_MS },
    );
  }
  return leave;
}
