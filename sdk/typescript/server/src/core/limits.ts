/** What a verifier may do at most. docs/verifier.md says why each is what it is. */
import type { Clock } from './moments.ts';

/** The longest that a verifier may be open after the sending of a heartbeat. Less is allowed, more is not. */
export const MAX_BOUND_MS = 1_000;
/** How often a heartbeat is sent, no matter whether those before were answered. */
export const HEARTBEAT_MS = 250;
/** How long an entry is good at most: a refresh is not an event, and ends the old token all the same. */
export const MAX_AGE_MS = 60_000;

export interface StateOptions {
  readonly clock: Clock;
  /** Bound, greatest age and greatest numbers, each no more than what this file allows. */
  readonly boundMs: number;
  readonly maxAgeMs: number;
  readonly maxEntries: number;
  readonly maxKilled: number;
}
