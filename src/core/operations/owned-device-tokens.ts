/** Which devices of an owner have a token of their own, for who sees them in a list. */
import { each, one } from '../plan.ts';
import { isFamilyLive } from '../rules/liveness.ts';
import type { Services } from '../services/services.ts';
import { DEVICE_TOKEN, type DeviceToken } from '../tables/device-tokens.ts';
import { FAMILY } from '../tables/families.ts';
import type { Subject } from '../tables/subjects.ts';
import { TENANT } from '../tables/tenants.ts';

export interface DeviceWithToken {
  readonly device: Subject;
  /** Undefined: the device has none that is live. */
  readonly token: Pick<DeviceToken, 'familyId' | 'createTime'> | undefined;
}

/** Not the tokens themselves. `devices`: of one tenant, that the caller may see. */
export async function withDeviceTokens(
  { store, clock }: Services,
  tenantId: string,
  devices: readonly Subject[],
): Promise<readonly DeviceWithToken[]> {
  if (devices.length === 0) {
    return [];
  }
  const { tenant, tokens } = await store.read({
    tenant: one(TENANT, { tenantId }),
    tokens: each(
      DEVICE_TOKEN,
      devices.map(({ subjectId }) => ({ subjectId, tenantId })),
    ),
  });
  const { families } = await store.read({
    families: each(
      FAMILY,
      tokens.map(({ familyId }) => ({ familyId })),
    ),
  });
  const now = clock();
  return devices.map((device) => {
    const token = tokens.find(({ subjectId }) => subjectId === device.subjectId);
    const family = families.find(({ familyId }) => familyId === token?.familyId);
    const rows = { client: undefined, subject: device, consent: undefined };
    const isLive = tenant !== undefined && family !== undefined && isFamilyLive({ family, tenant, ...rows }, now);
    return { device, token: isLive ? token : undefined };
  });
}
