import { answer, type Decision, refuse } from '../changes.ts';
import { lockRow, one } from '../plan.ts';
import { endDeviceToken, readDeviceToken } from '../rules/device-tokens.ts';
import { notFound } from '../rules/refusals.ts';
import type { Revoked } from '../rules/revoking.ts';
import { entry, rule } from '../rules/rule.ts';
import { refuseOwner } from '../rules/targets.ts';
import { FAMILY } from '../tables/families.ts';
import { SUBJECT } from '../tables/subjects.ts';
import { TENANT } from '../tables/tenants.ts';

/** Ends the token of a device that belongs to no client. */
export interface DropDeviceToken {
  readonly kind: 'drop_device_token';
  readonly tenantId: string;
  readonly subjectId: string;
  /** The user who acts as the owner of the device. */
  readonly ownerId?: string | undefined;
  /** The one that was looked at; when it was replaced since, nothing is ended. */
  readonly familyId: string;
}

export const dropDeviceToken = rule<DropDeviceToken>()({
  kind: 'drop_device_token',
  plan: ({ tenantId, subjectId }) => ({
    locks: [lockRow(TENANT, { tenantId }), lockRow(SUBJECT, { subjectId })],
    reads: {
      tenant: one(TENANT, { tenantId }),
      subject: one(SUBJECT, { subjectId, tenantId }),
      token: readDeviceToken(tenantId, subjectId),
    },
  }),
  follow: ({ token }) => ({ family: one(FAMILY, token && { familyId: token.familyId }) }),
  decide: ({ tenant, subject, token, family }, { subjectId, ownerId, familyId }, now): Decision<Revoked> => {
    if (tenant === undefined || subject?.kind !== 'device') {
      return refuse(notFound('device', subjectId));
    }
    const refusal = refuseOwner(subject, ownerId);
    if (refusal !== undefined) {
      return refuse(refusal);
    }
    if (token?.familyId !== familyId) {
      return answer({ revision: tenant.revision, revoked: false });
    }
    const { revision, changes } = endDeviceToken(tenant, token, family, now);
    return answer({ revision, revoked: revision !== tenant.revision }, changes);
  },
  audit: ({ tenantId, subjectId, familyId }) => entry(tenantId, 'drop_device_token', 'device', subjectId, [familyId]),
});
