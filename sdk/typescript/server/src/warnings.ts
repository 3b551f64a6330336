/** What a service is told that listens to no ends of watches itself. */
import type { OnWatchEnd } from './options.ts';

/** One that lasts is told again after this, and not at each try. */
const SILENCE_MS = 60_000;

/**
 * Warns as Node does: on stderr, or wherever a listener of `warning` takes it. Without that a wrong secret would be seen by callers alone, as
 * 503.
 */
export function warnings(now: () => number = () => performance.now()): OnWatchEnd {
  let last = { cause: '', time: 0 };
  return ({ code, reason, message }) => {
    const cause = `${code} ${reason}`;
    const time = now();
    if (cause === last.cause && time - last.time < SILENCE_MS) {
      return;
    }
    last = { cause, time };
    process.emitWarning(`${message}. Until it begins again, each check is a call`, 'SymbolonWarning');
  };
}
