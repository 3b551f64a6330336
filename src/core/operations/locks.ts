/** Lifting what failed logins have locked. */
import { requirePermission } from '../permissions.ts';
import type { Services } from '../services/services.ts';
import type { Subject } from '../tables/subjects.ts';
import { type DeviceRef, requireDevice, requireUser, type UserRef } from './access.ts';
import type { Call } from './authenticate.ts';
import { perform } from './perform.ts';

/** By an admin. The lock of a second factor goes too; that of a network address is over in a minute. */
export async function unlockUser(services: Services, call: Call, ref: UserRef): Promise<void> {
  requirePermission(call.caller, 'manage_subjects');
  await unlock(services, call, (await requireUser(services, call, ref)).subject);
}

export async function unlockDevice(services: Services, call: Call, ref: DeviceRef): Promise<void> {
  requirePermission(call.caller, 'manage_subjects');
  await unlock(services, call, (await requireDevice(services, call, ref)).subject);
}

async function unlock(services: Services, call: Call, { tenantId, subjectId, kind }: Subject): Promise<void> {
  await perform(services, call, 'manage_subjects', { kind: 'unlock', tenantId, subjectId, subjectKind: kind });
}
