/** The rows that a cutoff or a disabling is about. */

import type { Refusal } from '../errors.ts';
import type { Target } from '../model.ts';
import { type Lock, lockRow, one } from '../plan.ts';
import { CLIENT, type Client } from '../tables/clients.ts';
import { SUBJECT, type Subject } from '../tables/subjects.ts';

export function readTarget({ kind, id }: Target) {
  const isSubject = kind === 'user' || kind === 'device';
  return {
    client: one(CLIENT, kind === 'client' ? { clientId: id } : undefined),
    subject: one(SUBJECT, isSubject ? { subjectId: id } : undefined),
  };
}

/** Beside the tenant. */
export function lockTarget({ kind, id }: Target): Lock[] {
  return kind === 'user' || kind === 'device' ? [lockRow(SUBJECT, { subjectId: id })] : [];
}

/** Who acts as the owner of a device may have lost it since that was looked at. */
export function refuseOwner(subject: Subject | undefined, ownerId: string | undefined): Refusal | undefined {
  return ownerId === undefined || subject?.ownerIds.includes(ownerId) ? undefined : NOT_OWNER;
}

export const NOT_OWNER: Refusal = {
  code: 'permission_denied',
  message: 'Only an owner, the device or an admin may do this',
};

/** What an admin disabled, an owner neither enables, nor frees its vendor id so that it could be registered anew (decision 0072). */
export function refuseOwnerOfDisabled(subject: Subject | undefined, ownerId: string | undefined): Refusal | undefined {
  return ownerId !== undefined && subject?.disabled === true && !subject.disabledByOwner
    ? DISABLED_BY_ADMIN
    : undefined;
}

const DISABLED_BY_ADMIN: Refusal = {
  code: 'permission_denied',
  message: 'An admin has disabled the device, and only an admin may enable it, delete it or change its vendor id',
};

/** Whether the target is of the tenant. */
export function isThere(
  { client, subject }: { readonly client: Client | undefined; readonly subject: Subject | undefined },
  target: Target,
  tenantId: string,
): boolean {
  switch (target.kind) {
    case 'tenant':
      return target.id === tenantId;
    case 'client':
      return client?.tenantId === tenantId;
    case 'user':
    case 'device':
      return subject?.tenantId === tenantId && subject.kind === target.kind;
  }
}
