import { answer, type Decision, put } from '../changes.ts';
import type { Instant } from '../model.ts';
import { lockName, one } from '../plan.ts';
import { rule } from '../rules/rule.ts';
import { PURGE_HORIZON } from '../tables/purging.ts';

/** Moves the time up to which rows that have expired may be deleted. */
export interface AdvancePurge {
  readonly kind: 'advance_purge';
  /** By a clock that can't leap: how long the caller has looked at a wall clock that ran evenly, since it was answered `kept`. */
  readonly elapsedMs: number;
}

export interface Advanced {
  /** What had expired by then may be deleted. */
  readonly horizon: Instant;
  /** Whether it was written down, so that the time which was given is used up. */
  readonly kept: boolean;
}

/** How much faster than time itself the purge may go: a month in which no server ran is made up in 30 hours. */
const FASTEST = 24;
/** It is not written down for less: a store at rest stays at rest. */
const LEAST_MS = 10 * 60_000;

/**
 * A server can't tell that its clock is wrong when it starts. But no clock moves this faster than time goes by, and the store remembers it,
 * so that a clock which is years ahead deletes in an hour what would have been deleted within a day (decision 0074).
 */
export const advancePurge = rule<AdvancePurge>()({
  kind: 'advance_purge',
  plan: () => ({ locks: [lockName('purge horizon')], reads: { before: one(PURGE_HORIZON, { id: 1 }) } }),
  decide: ({ before }, { elapsedMs }, now): Decision<Advanced> => {
    // A new store has nothing that has expired.
    const start = before?.horizon ?? now;
    // Its caller looks every few seconds: who comes after longer has a clock that leapt after all.
    const horizon = Math.min(now, start + Math.min(elapsedMs, LEAST_MS) * FASTEST);
    // A clock that is behind does not take it back: it would be made up for as long.
    return before !== undefined && horizon < start + LEAST_MS
      ? answer({ horizon, kept: false })
      : answer({ horizon, kept: true }, [put(PURGE_HORIZON, { id: 1, horizon })]);
  },
});
