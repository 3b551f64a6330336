import { answer, refuse } from '../changes.ts';
import { one } from '../plan.ts';
import { countFailure, type FailureCounter, lockAllCounters, lockRefusal, readCounters } from '../rules/guesses.ts';
import { rule } from '../rules/rule.ts';
import { TENANT } from '../tables/tenants.ts';

/** Counts one failure to each of its counters. */
export interface FailLogin {
  readonly kind: 'fail_login';
  readonly tenantId: string;
  readonly counters: readonly FailureCounter[];
}

export const failLogin = rule<FailLogin>()({
  kind: 'fail_login',
  countsGuess: 'always',
  plan: ({ tenantId, counters }) => ({
    locks: lockAllCounters(tenantId, counters),
    reads: { tenant: one(TENANT, { tenantId }), failures: readCounters(tenantId, counters) },
  }),
  decide: ({ tenant, failures }, { counters }, now) => {
    const locked = lockRefusal(counters, failures, now);
    if (tenant === undefined || locked !== undefined) {
      return locked === undefined ? answer({}) : refuse(locked);
    }
    return answer(
      {},
      counters.map((counter) => countFailure(tenant, counter, failures, now)),
    );
  },
});
