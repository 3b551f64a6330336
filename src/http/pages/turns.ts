/** Reading long lists for people, who open several pages at once: one that has to wait for another waits, and is not refused. */
import { setTimeout as pause } from 'node:timers/promises';
import { SymbolonError } from '../../core/errors.ts';
import type { Call } from '../../core/operations/authenticate.ts';

const AGAIN_MS = 40;
/** Who opens more than can be read meanwhile is told to come later. */
const MOST_TRIES = 75;

/** `read`: may be begun anew. */
export async function inTurn<A>({ isAbandoned }: Pick<Call, 'isAbandoned'>, read: () => Promise<A>): Promise<A> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await read();
    } catch (error) {
      const isBusy = error instanceof SymbolonError && error.code === 'overloaded';
      if (!isBusy || tries === MOST_TRIES || isAbandoned?.() === true) {
        throw error;
      }
      await pause(AGAIN_MS);
    }
  }
}
