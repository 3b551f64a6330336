import { answer, type Decision, refuse, set } from '../changes.ts';
import type { Refusal } from '../errors.ts';
import type { Digest } from '../model.ts';
import { lockRow, one } from '../plan.ts';
import { hexOf, type RegistrationPayload, registrationIn } from '../rules/registrations.ts';
import { entry, rule } from '../rules/rule.ts';
import { SINGLE_USE } from '../tables/single-use.ts';
import { SUBJECT } from '../tables/subjects.ts';
import { TENANT } from '../tables/tenants.ts';

/** The device brings what it alone knows, once: from then on it is registered. */
export interface CompleteRegistration {
  readonly kind: 'complete_registration';
  readonly tenantId: string;
  readonly digest: Digest;
  /** SHA-256 of the public key in the certificate that it has now, in hexadecimal. */
  readonly certificate: string;
  readonly nonceDigest: Digest;
  readonly deviceId: string;
}

export const completeRegistration = rule<CompleteRegistration>()({
  kind: 'complete_registration',
  plan: ({ tenantId, digest }) => ({
    locks: [lockRow(TENANT, { tenantId })],
    reads: { tenant: one(TENANT, { tenantId }), row: one(SINGLE_USE, { digest }) },
  }),
  follow: ({ row }, { tenantId }) => ({
    user: one(SUBJECT, row === undefined ? undefined : { subjectId: row.subjectId, tenantId }),
  }),
  decide: ({ tenant, row, user }, command, now): Decision<{ readonly registration: RegistrationPayload }> => {
    const { tenantId, digest, certificate, nonceDigest, deviceId } = command;
    const before = registrationIn(row, tenantId);
    if (tenant === undefined || tenant.disabled || row === undefined || before === undefined || row.expireTime <= now) {
      return refuse({ code: 'not_found', message: 'There is no such registration' });
    }
    if (before.certificate !== certificate || before.nonce !== hexOf(nonceDigest)) {
      return refuse(NOT_ITS_OWN);
    }
    if (before.state !== 'confirmed' || before.openUntil <= now || user === undefined || user.disabled) {
      return refuse({
        code: 'precondition_failed',
        message: 'The registration is not one that a user has confirmed who is still there',
      });
    }
    const registration = { ...before, state: 'registered', deviceId } as const;
    return answer({ registration }, [set(SINGLE_USE, { digest }, { payload: { ...registration } })]);
  },
  audit: ({ tenantId, deviceId }) => entry(tenantId, 'complete_registration', 'device', deviceId),
});

/** Also of the nonce: who guesses must not learn which of both was wrong. */
const NOT_ITS_OWN: Refusal = {
  code: 'permission_denied',
  message: 'The registration was begun with another certificate or nonce',
};
