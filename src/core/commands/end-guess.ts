import { answer } from '../changes.ts';
import { one } from '../plan.ts';
import { endGuess, type FailureCounter, type GuessEnd, lockCounters, readCounters } from '../rules/guesses.ts';
import { rule } from '../rules/rule.ts';
import { TENANT } from '../tables/tenants.ts';

/** Ends a guess that was counted before its check. */
export interface EndGuess {
  readonly kind: 'end_guess';
  readonly tenantId: string;
  /** What it was counted to. */
  readonly counters: readonly FailureCounter[];
  readonly end: GuessEnd;
  /** What it counts to only now. */
  readonly failed: readonly FailureCounter[];
}

export const endGuessRule = rule<EndGuess>()({
  kind: 'end_guess',
  countsGuess: true,
  plan: ({ tenantId, counters, failed }) => ({
    locks: lockCounters(tenantId, [...counters, ...failed]),
    reads: { tenant: one(TENANT, { tenantId }), failures: readCounters(tenantId, [...counters, ...failed]) },
  }),
  decide: ({ tenant, failures }, { counters, failed, end }, now) =>
    answer(
      {},
      tenant === undefined
        ? []
        : [
            ...counters.flatMap((counter) => endGuess(tenant, counter, failures, end, now)),
            ...failed.flatMap((counter) => endGuess(tenant, counter, failures, 'wrong', now)),
          ],
    ),
});
