import { answer, type Decision, put, refuse } from '../changes.ts';
import { one } from '../plan.ts';
import { type FailureCounter, lockCounters, readCounters } from '../rules/counters.ts';
import { beginGuess, lockRefusal, withoutFuture } from '../rules/guesses.ts';
import { rule } from '../rules/rule.ts';
import { LOGIN_FAILURES } from '../tables/login-failures.ts';
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
  decide: ({ tenant, failures: read }, { counters, alsoLocked }, now): Decision<Record<never, never>> => {
    if (tenant === undefined) {
      return answer({});
    }
    const failures = withoutFuture(tenant, counters, read, now);
    const locked = lockRefusal([...counters, ...alsoLocked], { tenant, failures }, now);
    if (locked !== undefined) {
      return refuse(
        locked,
        failures.filter((row) => !read.includes(row)).map((row) => put(LOGIN_FAILURES, row)),
      );
    }
    const begun = beginGuess(tenant, counters, failures, now);
    return 'refusal' in begun ? refuse(begun.refusal) : answer({}, begun);
  },
});
