/** What a clock wrote that was ahead, and was set right since (decision 0074). Nobody can tell at once; afterwards it is plain. */
import type { Instant } from './model.ts';

/** By how much the clocks of servers may differ, and a clock may be set back, before what was written counts as of the future. */
export const CLOCK_TOLERANCE_MS = 5 * 60_000;

/** Whether a clock that was ahead wrote this time. */
export function isOfFuture(time: Instant, now: Instant): boolean {
  return time > now + CLOCK_TOLERANCE_MS;
}

/** The same of what ends at a time and lasts so long at most. */
export function beganInFuture(endTime: Instant, longestMs: number, now: Instant): boolean {
  return isOfFuture(endTime - longestMs, now);
}
