import { answer, refuse } from '../changes.ts';
import { lockRow, one } from '../plan.ts';
import { lockCounters, nameCounter, readCounters, secondFactorCounter } from '../rules/counters.ts';
import { forgetEarlier } from '../rules/guesses.ts';
import { notFound } from '../rules/refusals.ts';
import { entry, rule } from '../rules/rule.ts';
import { SUBJECT, type Subject } from '../tables/subjects.ts';
import { TENANT } from '../tables/tenants.ts';

/** Forgets the failed logins and wrong second factors of a user or device, so that it may try again at once. */
export interface Unlock {
  readonly kind: 'unlock';
  readonly tenantId: string;
  readonly subjectKind: Subject['kind'];
  readonly subjectId: string;
}

const countersOf = ({ subjectId }: Unlock) => [nameCounter(subjectId), secondFactorCounter(subjectId)];

export const unlock = rule<Unlock>()({
  kind: 'unlock',
  plan: (command) => {
    const { tenantId, subjectId } = command;
    return {
      locks: [lockRow(TENANT, { tenantId }), ...lockCounters(tenantId, countersOf(command))],
      reads: {
        tenant: one(TENANT, { tenantId }),
        subject: one(SUBJECT, { subjectId }),
        failures: readCounters(tenantId, countersOf(command)),
      },
    };
  },
  decide: ({ tenant, subject, failures }, command) => {
    const { tenantId, subjectKind, subjectId } = command;
    if (tenant === undefined || subject?.tenantId !== tenantId || subject.kind !== subjectKind) {
      return refuse(notFound(subjectKind, subjectId));
    }
    return answer({ hadFailures: failures.length > 0 }, forgetEarlier(tenantId, countersOf(command), failures));
  },
  audit: ({ tenantId, subjectKind, subjectId }) => entry(tenantId, 'unlock', subjectKind, subjectId),
});
