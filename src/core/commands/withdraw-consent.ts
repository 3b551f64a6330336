import { answer, type Decision, refuse, set } from '../changes.ts';
import { lockRow, one } from '../plan.ts';
import { notFound } from '../rules/refusals.ts';
import { logRevocation } from '../rules/revoking.ts';
import { entry, rule } from '../rules/rule.ts';
import { CONSENT } from '../tables/consents.ts';
import { consentKeyOf } from '../tables/revocations.ts';
import { TENANT } from '../tables/tenants.ts';

/** Takes back what a user granted to a client, with all that hangs on it. */
export interface WithdrawConsent {
  readonly kind: 'withdraw_consent';
  readonly tenantId: string;
  readonly consentId: string;
  /** The only user whose consent it may be: those of others are as unknown. */
  readonly onlyUserId?: string | undefined;
}

export interface ConsentWithdrawn {
  readonly revision: number;
  /** Whether this command withdrew it. */
  readonly withdrawn: boolean;
}

/** One cutoff ends every login that came by it, however many there are. */
export const withdrawConsent = rule<WithdrawConsent>()({
  kind: 'withdraw_consent',
  plan: ({ tenantId, consentId }) => ({
    locks: [lockRow(TENANT, { tenantId }), lockRow(CONSENT, { consentId })],
    reads: { tenant: one(TENANT, { tenantId }), consent: one(CONSENT, { consentId, tenantId }) },
  }),
  decide: ({ tenant, consent }, { consentId, onlyUserId }, now): Decision<ConsentWithdrawn> => {
    const isMeant = onlyUserId === undefined || consent?.subjectId === onlyUserId;
    if (tenant === undefined || consent === undefined || !isMeant) {
      return refuse(notFound('consent', consentId));
    }
    const { withdrawTime } = consent;
    if (withdrawTime !== null) {
      // Written again, so that this answer too waits for replication: the first one may not have got there.
      return answer({ revision: tenant.revision, withdrawn: false }, [set(CONSENT, { consentId }, { withdrawTime })]);
    }
    const { revision, changes } = logRevocation(tenant, 'consent', consentKeyOf(consent), 'consent_withdrawn', now);
    const withdrawn = { scopes: [], cutoff: revision, withdrawTime: now };
    return answer({ revision, withdrawn: true }, [...changes, set(CONSENT, { consentId }, withdrawn)]);
  },
  audit: ({ tenantId, consentId }, { consent }, { outcome }) =>
    'answer' in outcome && !outcome.answer.withdrawn
      ? undefined
      : entry(tenantId, 'withdraw_consent', 'consent', consentId, consent && [`client ${consent.clientId}`]),
});
