import { answer, type Decision, refuse, set } from '../changes.ts';
import { INVALID_SECOND_FACTOR } from '../errors.ts';
import { PENDING_LOGIN_LIFETIME_MS } from '../lifetimes.ts';
import type { Digest, Instant } from '../model.ts';
import { lockRow, one } from '../plan.ts';
import { isForPages } from '../rules/audiences.ts';
import { type FailureCounter, lockCounters, readCounters } from '../rules/counters.ts';
import { begin, type Grant, type Issued } from '../rules/grants.ts';
import { forgetEarlier, forgetFailures, lockRefusal } from '../rules/guesses.ts';
import { isFamilyLive } from '../rules/liveness.ts';
import { rule } from '../rules/rule.ts';
import { readFactor, type SecondFactor, useFactor } from '../rules/second-factors.ts';
import { CLIENT, type Client } from '../tables/clients.ts';
import { SINGLE_USE, type SingleUse } from '../tables/single-use.ts';
import { SUBJECT, type Subject } from '../tables/subjects.ts';
import { TENANT, type Tenant } from '../tables/tenants.ts';
import { beganInFuture } from '../wrong-clock.ts';
import type { PendingPayload } from './issue.ts';

/** Begins the family of a login whose password was proven before. Scopes, expiry and audience are those of the first step. */
export interface CompleteMfa extends Omit<Grant, 'scopes' | 'expireTime' | 'audience'> {
  readonly kind: 'complete_mfa';
  /** Whether the step was taken on the pages: what was begun elsewhere is not completed there, nor the other way. */
  readonly onPages?: boolean;
  /** Of the secret that the first step was answered with. */
  readonly pendingDigest: Digest;
  readonly factor: SecondFactor;
  readonly counters: readonly FailureCounter[];
  /** Of the first step, whose failures are forgotten too. */
  readonly nameCounters: readonly FailureCounter[];
}

export const completeMfa = rule<CompleteMfa>()({
  kind: 'complete_mfa',
  // The subject: two that present one secret, one code or one recovery code come one after the other.
  plan: ({ tenantId, clientId, subjectId, pendingDigest, counters, nameCounters }) => ({
    locks: [lockRow(SUBJECT, { subjectId }), ...lockCounters(tenantId, [...counters, ...nameCounters])],
    reads: {
      tenant: one(TENANT, { tenantId }),
      client: one(CLIENT, { clientId }),
      subject: one(SUBJECT, { subjectId }),
      pending: one(SINGLE_USE, { digest: pendingDigest }),
      own: readFactor(subjectId),
      failures: readCounters(tenantId, [...counters, ...nameCounters]),
    },
  }),
  decide: (state, command, now): Decision<{ readonly issued: Issued }> => {
    const { tenant, client, own, pending, failures } = state;
    const { tenantId, familyId, counters, nameCounters, factor } = command;
    const locked = lockRefusal([...counters, ...nameCounters], state, now);
    if (locked !== undefined) {
      return refuse(locked);
    }
    const spent = useFactor(own, factor);
    if (pending === undefined || spent === undefined || !isOpen(pending, state, command, now)) {
      return refuse(INVALID_SECOND_FACTOR);
    }
    const { scopes, tokenExpireTime, audience } = payloadOf(pending);
    const asked = { scopes, audience, expireTime: tokenExpireTime ?? undefined };
    const begun = begin({ ...command, ...asked }, tenant, client, now);
    if ('refusal' in begun.outcome) {
      return begun;
    }
    return answer(begun.outcome.answer, [
      set(SINGLE_USE, { digest: pending.digest }, { familyId }),
      spent,
      ...begun.changes,
      ...forgetFailures(tenantId, counters, failures),
      ...forgetEarlier(tenantId, nameCounters, failures),
    ]);
  },
});

function payloadOf({ payload }: SingleUse): PendingPayload {
  return payload as unknown as PendingPayload;
}

interface Rows {
  readonly tenant: Tenant | undefined;
  readonly client: Client | undefined;
  readonly subject: Subject | undefined;
}

/** Whether the first step still stands: what ends a user's tokens ends it too. One that was redeemed stays so. */
function isOpen(pending: SingleUse, { tenant, client, subject }: Rows, command: CompleteMfa, now: Instant): boolean {
  const { tenantId, expireTime } = pending;
  const { refreshClientId, issueRevision, audience } = payloadOf(pending);
  const isNamed =
    pending.purpose === 'second_factor' &&
    pending.familyId === null &&
    isForPages(audience) === (command.onPages ?? false) &&
    !beganInFuture(expireTime, PENDING_LOGIN_LIFETIME_MS, now) &&
    tenantId === command.tenantId &&
    pending.clientId === command.clientId &&
    refreshClientId === command.refreshClientId &&
    pending.subjectId === command.subjectId;
  const { clientId } = command;
  const login = { tenantId, clientId, issueRevision, expireTime, kind: 'USER' } as const;
  const family = { ...login, revokedRevision: null, consentId: null };
  return isNamed && tenant !== undefined && isFamilyLive({ family, tenant, client, subject, consent: undefined }, now);
}
