/** What a service is told that listens to no ends of watches itself. */
import type { OnWatchEnd } from './options.ts';

/** One that lasts is told again after this, and not at each try. */
const SILENCE_MS = 60_000;

/**
 * Warns as Node does: on stderr, or wherever a listener of `warning` takes it. Without that a wrong secret would be seen by callers alone, as
 * 503.
 */
export function warnings(now: () => number = () => performance.now()): OnWatchEnd {
  /** When each cause was told. Those that are over are left out, so that it stays small. */
  const told = new Map<string, number>();
  return ({ code, reason, message }) => {
    const cause = `${code} ${reason}`;
    const time = now();
    for (const [each, at] of told) {
      if (time - at >= SILENCE_MS) {
        told.delete(each);
      }
    }
    if (told.has(cause)) {
      return;
    }
    told.set(cause, time);
    process.emitWarning(`${message}. Until it begins again, each check is a call`, 'SymbolonWarning');
  };
}
