/** The token of a device that never expires and belongs to no client: what ends it, besides what ends all tokens of the device. */
import { type Change, drop, set } from '../changes.ts';
import type { Instant } from '../model.ts';
import { type All, all, one } from '../plan.ts';
import { DEVICE_OWNER, type DeviceOwner } from '../tables/device-owners.ts';
import { DEVICE_TOKEN, type DeviceToken } from '../tables/device-tokens.ts';
import { FAMILY, type Family } from '../tables/families.ts';
import type { Subject } from '../tables/subjects.ts';
import type { Tenant } from '../tables/tenants.ts';
import { type Ended, endFamily } from './revoking.ts';

/** For how long the row of an ended one is kept. It had no end of its own that it could be forgotten at. */
const KEPT_MS = 24 * 60 * 60_000;

export function readDeviceToken(tenantId: string, subjectId: string | undefined) {
  return one(DEVICE_TOKEN, subjectId === undefined ? undefined : { subjectId, tenantId });
}

/** What is left of one that ended with all tokens of its device. */
export function forgetDeviceToken(token: DeviceToken | undefined, now: Instant): Change[] {
  return token === undefined
    ? []
    : [
        drop(DEVICE_TOKEN, { subjectId: token.subjectId }),
        set(FAMILY, { familyId: token.familyId }, { expireTime: now + KEPT_MS }),
      ];
}

/** Ends it alone: one event, where nothing has ended it before. */
export function endDeviceToken(
  tenant: Tenant,
  token: DeviceToken | undefined,
  family: Pick<Family, 'revokedRevision'> | undefined,
  now: Instant,
): Ended {
  const forgotten = forgetDeviceToken(token, now);
  if (token === undefined || family === undefined || family.revokedRevision !== null) {
    return { revision: tenant.revision, changes: forgotten };
  }
  const { revision, changes } = endFamily(tenant, token.familyId, 'revoked', now, []);
  return { revision, changes: [...changes, ...forgotten] };
}

/**
 * After a change of the device: who is its owner no longer may have read the token. `isCutOff`: all tokens of the device end anyway.
 */
export function endAfterOwners(
  tenant: Tenant,
  before: Pick<Subject, 'ownerIds'>,
  after: Pick<Subject, 'ownerIds'>,
  { token, family, isCutOff }: { token: DeviceToken | undefined; family: Family | undefined; isCutOff: boolean },
  now: Instant,
): Ended {
  if (isCutOff) {
    return { revision: tenant.revision, changes: forgetDeviceToken(token, now) };
  }
  const isKept = before.ownerIds.every((ownerId) => after.ownerIds.includes(ownerId));
  return isKept ? { revision: tenant.revision, changes: [] } : endDeviceToken(tenant, token, family, now);
}

/** What a user owns who is being deleted; nothing of others. */
export function readOwned(tenantId: string, ownerId: string | undefined): All<DeviceOwner> {
  return all(DEVICE_OWNER, ownerId === undefined ? undefined : { tenantId, ownerId });
}

/** Those of the devices whose owner is deleted, who may have read them: an event each. */
export function endOfOwner(tenant: Tenant, tokens: readonly DeviceToken[], now: Instant): Ended {
  const changes: Change[] = [];
  let { revision } = tenant;
  for (const token of tokens) {
    const ended = endFamily({ ...tenant, revision }, token.familyId, 'revoked', now, []);
    changes.push(...ended.changes, ...forgetDeviceToken(token, now));
    revision = ended.revision;
  }
  return { revision, changes };
}

/** A family that has no end of its own is given one, once it is revoked. */
export function forgetEndless({ familyId, expireTime }: Family, now: Instant): Change[] {
  return expireTime === null ? [set(FAMILY, { familyId }, { expireTime: now + KEPT_MS })] : [];
}
