import { answer, type Decision, put, refuse } from '../changes.ts';
import { one } from '../plan.ts';
import { type FailureCounter, lockCounters, readCounters } from '../rules/counters.ts';
import { type Issued, issuedOf } from '../rules/grants.ts';
import { forgetFailures, lockRefusal } from '../rules/guesses.ts';
import {
  isKept,
  isSameRequest,
  isUntouched,
  type KeptRequest,
  lockRequest,
  OTHER_REQUEST,
  REQUEST_ENDED,
  readKept,
} from '../rules/kept-answers.ts';
import { rule } from '../rules/rule.ts';
import { CLIENT } from '../tables/clients.ts';
import { FAMILY } from '../tables/families.ts';
import { KEPT_ANSWER } from '../tables/kept-answers.ts';
import { SUBJECT, type Subject } from '../tables/subjects.ts';
import { TENANT } from '../tables/tenants.ts';

/** Answers what a registration with this request id made. */
export interface RepeatRegistration {
  readonly kind: 'repeat_registration';
  readonly tenantId: string;
  /** The caller, which the tokens were issued to. */
  readonly clientId: string;
  readonly subjectId: string;
  readonly request: Omit<KeptRequest, 'box'>;
  /** What the password was checked against; null of a subject that was made without one. */
  readonly passwordHash: string | null;
  readonly counters: readonly FailureCounter[];
}

export interface RegisteredBefore {
  readonly subject: Subject;
  readonly issued: Issued;
  /** Holds the pair. */
  readonly box: Uint8Array;
}

export const repeatRegistration = rule<RepeatRegistration>()({
  kind: 'repeat_registration',
  plan: ({ tenantId, clientId, subjectId, request, counters }) => ({
    locks: [...lockRequest(request), ...lockCounters(tenantId, counters)],
    reads: {
      tenant: one(TENANT, { tenantId }),
      client: one(CLIENT, { clientId }),
      subject: one(SUBJECT, { subjectId, tenantId }),
      kept: readKept(request),
      failures: readCounters(tenantId, counters),
    },
  }),
  follow: ({ kept }) => ({ family: one(FAMILY, kept && { familyId: kept.familyId }) }),
  decide: (state, command, now): Decision<RegisteredBefore> => {
    const { tenant, client, subject, kept, family, failures } = state;
    const { tenantId, subjectId, request, passwordHash, counters } = command;
    const refusal = lockRefusal(counters, state, now);
    if (refusal !== undefined) {
      return refuse(refusal);
    }
    if (!isKept(kept, now) || !isSameRequest(kept, request)) {
      return refuse(OTHER_REQUEST);
    }
    const isTheirs = family?.tenantId === tenantId && family.subjectId === subjectId;
    const isProven = subject?.passwordHash === passwordHash;
    if (
      tenant === undefined ||
      !isTheirs ||
      !isProven ||
      !isUntouched({ family, tenant, client, subject, consent: undefined }, now)
    ) {
      return refuse(REQUEST_ENDED);
    }
    // It was set up since, and the tokens would be given without it.
    if (subject.mfaEnabled) {
      return refuse(REQUEST_ENDED);
    }
    // Written again as it is, so that the repeated answer too waits for replication.
    return answer({ subject, issued: issuedOf(family), box: kept.box }, [
      put(KEPT_ANSWER, kept),
      ...forgetFailures(tenantId, counters, failures),
    ]);
  },
});
