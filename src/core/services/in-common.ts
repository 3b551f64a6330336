/**
 * What the threads of one process have in common, so that bounds hold for all together. Where there are several, one has
 * it and the others ask that one.
 */
import type { Instant } from '../model.ts';
import { BUDGET_WINDOWS, type Spend, spending } from './address-budget.ts';
import { GuessesInFlight, type GuessTurns } from './guesses-in-flight.ts';
import { type ReadTurns, RunningReads } from './long-reads.ts';

export interface InCommon {
  readonly guesses: GuessTurns;
  readonly spend: Spend;
  readonly longReads: ReadTurns;
}

/** For one thread, or for the one that the others ask. */
export function inCommon(clock: () => Instant): InCommon {
  return { guesses: new GuessesInFlight(), spend: spending(BUDGET_WINDOWS, clock), longReads: new RunningReads() };
}
