import type { AttributesChange } from '../attributes.ts';
import { SymbolonError } from '../errors.ts';
import { given } from '../given.ts';
import { deviceId, ID_BYTES } from '../ids.ts';
import type { JsonText } from '../model.ts';
import { MAX_ID } from '../names.ts';
import { isPermitted, requirePermission } from '../permissions.ts';
import type { Services } from '../services/services.ts';
import type { Subject } from '../tables/subjects.ts';
import { requireDisplayName, requireVendorId } from '../text/fields.ts';
import { requirePassword } from '../text/passwords.ts';
import { type DeviceRef, lookUp, requireDevice } from './access.ts';
import type { Call } from './authenticate.ts';
import { perform } from './perform.ts';
import {
  type Registered,
  type Registration,
  register,
  requireAdminFor,
  requireRegistration,
  type TokenWish,
} from './registration.ts';
import { requireAttributes, requireAttributesChange, requireText } from './validate.ts';

export interface NewDevice {
  readonly vendorId: string;
  readonly password: string;
  readonly displayName?: string;
  readonly attributes?: JsonText;
  /** For admins. */
  readonly ownerIds?: readonly string[];
  readonly withTokens?: TokenWish;
}

export async function registerDevice(services: Services, call: Call, request: NewDevice): Promise<Registered> {
  await requireRegistration(services, call);
  const { ownerIds = [] } = request;
  requireAdminFor(call, ownerIds.length > 0, 'owners');
  const registration = deviceRegistration(services, request);
  for (const ownerId of ownerIds) {
    await requireOwner(services, call, ownerId);
  }
  return register(services, call, registration);
}

/** Checks all that a device is made of but its owners. */
export function deviceRegistration({ random }: Services, request: NewDevice): Registration {
  const { ownerIds = [], displayName = '', attributes = '{}' } = request;
  const password = requirePassword(request.password);
  const vendorId = requireVendorId(request.vendorId);
  return {
    subject: {
      subjectId: deviceId(random(ID_BYTES)),
      kind: 'device',
      loginName: null,
      email: null,
      emailVerified: false,
      phone: null,
      phoneVerified: false,
      vendorId,
      displayName: requireDisplayName(displayName),
      attributes: requireAttributes(attributes),
      ownerIds: [...new Set(ownerIds)],
    },
    password,
    withTokens: request.withTokens,
  };
}

export async function getDevice(services: Services, call: Call, ref: DeviceRef): Promise<Subject> {
  return (await requireDevice(services, call, ref)).subject;
}

export interface DeviceUpdate {
  readonly vendorId?: string;
  readonly displayName?: string;
  readonly attributes?: AttributesChange;
}

/** By an admin, an owner, or the device itself. */
export async function updateDevice(
  services: Services,
  call: Call,
  ref: DeviceRef,
  { vendorId, displayName, attributes }: DeviceUpdate,
): Promise<Subject> {
  const { subject, permission, ownerId: asOwnerId } = await requireDevice(services, call, ref);
  const { subject: updated } = await perform(services, call, permission, {
    kind: 'update_subject',
    ...named(subject),
    ownerId: asOwnerId,
    set: given({
      vendorId: vendorId === undefined ? undefined : requireVendorId(vendorId),
      displayName: displayName === undefined ? undefined : requireDisplayName(displayName),
    }),
    attributes: attributes && requireAttributesChange(attributes),
  });
  return updated;
}

/** Another vendor id with its password, in one transaction: every token of the device ends, its own too, as by any new password. */
export async function moveVendorId(
  services: Services,
  call: Call,
  ref: DeviceRef,
  vendorId: string,
  newPassword: string,
): Promise<Subject> {
  const { subject, permission, ownerId } = await requireDevice(services, call, ref);
  const password = requirePassword(newPassword);
  const set = { vendorId: requireVendorId(vendorId) };
  const newPasswordHash = await services.passwords.hash(password, call.isAbandoned);
  const command = { kind: 'update_subject', ...named(subject), ownerId, set, newPasswordHash } as const;
  return (await perform(services, call, permission, command)).subject;
}

/** A device after its owners changed, and the revision that holds the end of the end nodes which this detached. */
export interface WithOwners {
  readonly subject: Subject;
  readonly revision: number;
}

export async function addDeviceOwner(
  services: Services,
  call: Call,
  ref: DeviceRef,
  ownerId: string,
): Promise<WithOwners> {
  const { subject, permission, ownerId: asOwnerId } = await requireDevice(services, call, ref);
  await requireOwner(services, call, ownerId);
  const command = {
    kind: 'update_subject',
    ...named(subject),
    ownerId: asOwnerId,
    set: {},
    addOwnerId: ownerId,
  } as const;
  return perform(services, call, permission, command);
}

export async function removeDeviceOwner(
  services: Services,
  call: Call,
  ref: DeviceRef,
  ownerId: string,
): Promise<WithOwners> {
  const { subject, permission, ownerId: asOwnerId } = await requireDevice(services, call, ref);
  const command = {
    kind: 'update_subject',
    ...named(subject),
    ownerId: asOwnerId,
    set: {},
    removeOwnerId: ownerId,
  } as const;
  return perform(services, call, permission, command);
}

/** Ends every token of a device: disabled by an admin or an owner, deleted by these or itself. Answers the revision. */
export async function endDevice(
  services: Services,
  call: Call,
  ref: DeviceRef,
  cause: 'disabled' | 'deleted',
): Promise<{ revision: number }> {
  const { subject, relation, permission, ownerId: asOwnerId } = await requireDevice(services, call, ref);
  if (cause === 'disabled' && relation === 'self') {
    throw new SymbolonError('permission_denied', 'Only an owner or an admin may disable a device');
  }
  const { tenantId, subjectId } = subject;
  const target = { kind: 'device', id: subjectId } as const;
  const { revision } = await perform(services, call, permission, {
    kind: 'cut_off',
    tenantId,
    target,
    ownerId: asOwnerId,
    cause,
  });
  return { revision };
}

/** By an admin; by an owner what an owner disabled. */
export async function enableDevice(services: Services, call: Call, ref: DeviceRef): Promise<void> {
  const { subject, relation, permission, ownerId: asOwnerId } = await requireDevice(services, call, ref);
  if (relation === 'self') {
    throw new SymbolonError('permission_denied', 'Only an owner or an admin may enable a device');
  }
  const { tenantId, subjectId } = subject;
  await perform(services, call, permission, {
    kind: 'enable',
    tenantId,
    target: { kind: 'device', id: subjectId },
    ownerId: asOwnerId,
  });
}

/** A user of the tenant. Else who gets that id later would have rights over the device. */
async function requireOwner(services: Services, call: Call, ownerId: string): Promise<void> {
  const { caller } = call;
  // A device may name its owner too: who has its token or password rules it anyway.
  if (!isPermitted(caller, 'manage_subjects') && caller.subject === undefined) {
    requirePermission(caller, 'manage_subjects');
  }
  requireText(ownerId, 'user_id', MAX_ID);
  if ((await lookUp(services, call, 'user', { kind: 'subject_id', key: ownerId })) === undefined) {
    const about = { field: 'user_id', value: ownerId };
    throw new SymbolonError('not_found', 'There is no such user', { about });
  }
}

function named({ tenantId, subjectId, kind }: Subject) {
  return { tenantId, subjectId, subjectKind: kind } as const;
}
