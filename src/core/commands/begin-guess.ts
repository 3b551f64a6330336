import { answer, type Decision, refuse } from '../changes.ts';
import { one } from '../plan.ts';
import { beginGuess, type FailureCounter, lockCounters, lockRefusal, readCounters } from '../rules/guesses.ts';
import { rule } from '../rules/rule.ts';
import { TENANT } from '../tables/tenants.ts';

/** Counts a guess before it is checked; one that is refused must not be checked. */
export interface BeginGuess {
  readonly kind: 'begin_guess';
  readonly tenantId: string;
  /** What it counts to. */
  readonly counters: readonly FailureCounter[];
  /** What else refuses it while it is locked. */
  readonly alsoLocked: readonly FailureCounter[];
}

export const beginGuessRule = rule<BeginGuess>()({
  kind: 'begin_guess',
  plan: ({ tenantId, counters, alsoLocked }) => ({
    locks: lockCounters(tenantId, counters),
    reads: { tenant: one(TENANT, { tenantId }), failures: readCounters(tenantId, [...counters, ...alsoLocked]) },
  }),
  decide: ({ tenant, failures }, { counters, alsoLocked }, now): Decision<Record<never, never>> => {
    const locked = lockRefusal([...counters, ...alsoLocked], failures, now);
    if (tenant === undefined || locked !== undefined) {
      return locked === undefined ? answer({}) : refuse(locked);
    }
    const begun = beginGuess(tenant, counters, failures, now);
    return 'refusal' in begun ? refuse(begun.refusal) : answer({}, begun);
  },
});
