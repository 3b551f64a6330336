/** Keeps what owners find their devices by as the devices' own rows are. */
import { type Change, drop, put } from '../changes.ts';
import { DEVICE_OWNER } from '../tables/device-owners.ts';
import type { Subject } from '../tables/subjects.ts';

/** `before`: who owned it before; nobody owned what is new. */
export function moveOwners(before: readonly string[], device: Subject): Change[] {
  const { subjectId, tenantId, createTime, ownerIds } = device;
  const gained = new Set(ownerIds.filter((ownerId) => !before.includes(ownerId)));
  const lost = new Set(before.filter((ownerId) => !ownerIds.includes(ownerId)));
  return [
    ...[...lost].map((ownerId) => drop(DEVICE_OWNER, { subjectId, ownerId })),
    ...[...gained].map((ownerId) => put(DEVICE_OWNER, { subjectId, ownerId, tenantId, createTime })),
  ];
}
