/** How long to wait before another stream is begun. */

const FIRST_MS = 100;
const LONGEST_MS = 2_000;

/** Doubles with each failure, and any part of it: a server that comes back is not met by all at once. `random`: [0, 1). */
export function backoffMs(failures: number, random: number): number {
  return random * Math.min(LONGEST_MS, FIRST_MS * 2 ** failures);
}
