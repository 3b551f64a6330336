/** How long to wait before another stream or connection is begun, and for a stream that says nothing. */

const FIRST_MS = 100;
const LONGEST_MS = 2_000;
/** Where repeating mends nothing, and somebody has to. */
const LONGEST_HOPELESS_MS = 30_000;

export interface Failure {
  /** How many came before it, since the last stream that went well. */
  readonly earlier: number;
  /** Whether the same call is likely to fail again. */
  readonly isHopeless: boolean;
  /** How long the server asked to wait. */
  readonly retryAfterMs?: number | undefined;
}

/**
 * Doubles with each failure, and any part of it: a server that comes back is not met by all at once. What the server asked for comes
 * before it. `random`: [0, 1).
 */
export function backoffMs({ earlier, isHopeless, retryAfterMs = 0 }: Failure, random: number): number {
  const longestMs = isHopeless ? LONGEST_HOPELESS_MS : LONGEST_MS;
  return (
    Math.min(LONGEST_HOPELESS_MS, Math.max(0, retryAfterMs)) + random * Math.min(longestMs, FIRST_MS * 2 ** earlier)
  );
}

/** Of two bounds, doubled with each line that brought nothing: more lines don't make a server quicker that is reached too slowly. */
export function patienceMs(boundMs: number, silentLines: number): number {
  return 2 * boundMs * 2 ** Math.min(silentLines, 2);
}
