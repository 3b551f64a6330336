import { SymbolonError } from '../../errors.ts';
import { deviceId, ID_BYTES } from '../../ids.ts';
import type { JsonText, Subject } from '../../model.ts';
import { isPermitted, requirePermission } from '../../permissions.ts';
import type { Services } from '../../services.ts';
import type { Call } from '../authenticate.ts';
import { requirePassword, requireText } from '../validate.ts';
import { type DeviceRef, lookUp, requireDevice } from './access.ts';
import { requireAttributes, requireDisplayName, requireVendorId } from './fields.ts';
import { perform } from './perform.ts';
import {
  type Registered,
  registered,
  requireAdminFor,
  requireRegistration,
  type TokenWish,
  wantedTokens,
} from './registration.ts';

const LONGEST_ID = 256;

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
  const { ownerIds = [], password, withTokens } = request;
  requireAdminFor(call, ownerIds.length > 0, 'owners');
  requirePassword(password);
  const vendorId = requireVendorId(request.vendorId);
  for (const ownerId of ownerIds) {
    await requireOwner(services, call, ownerId);
  }
  const { random, passwords } = services;
  const subjectId = deviceId(random(ID_BYTES));
  const wanted = wantedTokens(services, call, 'device', withTokens);
  const answer = await perform(services, call, {
    kind: 'create_subject',
    subject: {
      subjectId,
      tenantId: call.caller.tenantId,
      kind: 'device',
      passwordHash: await passwords.hash(password),
      loginName: null,
      email: null,
      emailVerified: false,
      phone: null,
      phoneVerified: false,
      vendorId,
      displayName: requireDisplayName(request.displayName ?? ''),
      attributes: requireAttributes(request.attributes ?? '{}'),
      ownerIds: [...new Set(ownerIds)],
    },
    ...wanted?.issue,
  });
  return registered(answer, wanted?.pair);
}

export async function getDevice(services: Services, call: Call, ref: DeviceRef): Promise<Subject> {
  return (await requireDevice(services, call, ref)).subject;
}

export interface DeviceUpdate {
  readonly displayName?: string;
  readonly attributes?: JsonText;
  /** Members that are set in the attributes, or removed by null. */
  readonly attributesPatch?: JsonText;
}

/** By an admin, an owner, or the device itself. */
export async function updateDevice(
  services: Services,
  call: Call,
  ref: DeviceRef,
  { displayName, attributes, attributesPatch }: DeviceUpdate,
): Promise<Subject> {
  const { subject } = await requireDevice(services, call, ref);
  const { subject: updated } = await perform(services, call, {
    kind: 'update_subject',
    ...named(subject),
    set: {
      ...(displayName === undefined ? {} : { displayName: requireDisplayName(displayName) }),
      ...(attributes === undefined ? {} : { attributes: requireAttributes(attributes) }),
    },
    ...(attributesPatch === undefined ? {} : { attributesPatch: requireAttributes(attributesPatch) }),
  });
  return updated;
}

export async function addDeviceOwner(
  services: Services,
  call: Call,
  ref: DeviceRef,
  ownerId: string,
): Promise<Subject> {
  const { subject } = await requireDevice(services, call, ref);
  await requireOwner(services, call, ownerId);
  const command = { kind: 'update_subject', ...named(subject), set: {}, addOwnerId: ownerId } as const;
  return (await perform(services, call, command)).subject;
}

export async function removeDeviceOwner(
  services: Services,
  call: Call,
  ref: DeviceRef,
  ownerId: string,
): Promise<Subject> {
  const { subject } = await requireDevice(services, call, ref);
  const command = { kind: 'update_subject', ...named(subject), set: {}, removeOwnerId: ownerId } as const;
  return (await perform(services, call, command)).subject;
}

/** Ends every token of a device: disabled by an admin or an owner, deleted by these or itself. Answers the revision. */
export async function endDevice(
  services: Services,
  call: Call,
  ref: DeviceRef,
  cause: 'disabled' | 'deleted',
): Promise<{ revision: number }> {
  const { subject, standing } = await requireDevice(services, call, ref);
  if (cause === 'disabled' && standing === 'self') {
    throw new SymbolonError('permission_denied', 'A device is disabled by its owner or an admin');
  }
  const { tenantId, subjectId } = subject;
  const principal = { kind: 'device', id: subjectId } as const;
  const { revision } = await perform(services, call, { kind: 'cut_off', tenantId, principal, cause });
  return { revision };
}

export async function enableDevice(services: Services, call: Call, ref: DeviceRef): Promise<void> {
  const { subject } = await requireDevice(services, call, ref);
  const { tenantId, subjectId } = subject;
  await perform(services, call, { kind: 'enable', tenantId, principal: { kind: 'device', id: subjectId } });
}

/** A user of the tenant; an owner that is none would be given rights over the device by whoever gets that id. */
async function requireOwner(services: Services, call: Call, ownerId: string): Promise<void> {
  const { caller } = call;
  // A device may name its owner too: whoever has its token or password rules it anyway.
  if (!isPermitted(caller, 'manage_subjects') && caller.subject === undefined) {
    requirePermission(caller, 'manage_subjects');
  }
  requireText(ownerId, 'user_id', LONGEST_ID);
  if ((await lookUp(services, call, 'user', { kind: 'subject_id', key: ownerId })) === undefined) {
    const about = { field: 'user_id', value: ownerId };
    throw new SymbolonError('not_found', 'There is no such user', { about });
  }
}

function named({ tenantId, subjectId, kind }: Subject) {
  return { tenantId, subjectId, subjectKind: kind } as const;
}
