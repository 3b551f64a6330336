/** Naming users and devices, and who may do what to them. */
import { CALLER_UNAUTHENTICATED, type Refusal, SymbolonError } from '../errors.ts';
import { MAX_ID, MAX_TOKEN } from '../names.ts';
import { isPermitted, type Permission, requirePermission } from '../permissions.ts';
import { NOT_OWNER } from '../rules/targets.ts';
import { findSubject } from '../services/lookups.ts';
import type { Services } from '../services/services.ts';
import type { Subject } from '../tables/subjects.ts';
import type { LoginHandle } from '../text/handles.ts';
import { toEmailHandle, toLoginNameHandle, toPhoneHandle, toVendorIdHandle } from '../text/usernames.ts';
import { authenticateTokenHolder, type Call } from './authenticate.ts';
import { authenticateAgain } from './machine-operator.ts';
import { hashOfHandle } from './notes.ts';
import { requireText } from './validate.ts';

/** How a user is named. E-mail addresses and phone numbers name who verified them. */
export type UserRef =
  | { readonly by: 'user_id'; readonly userId: string }
  | { readonly by: 'login_name'; readonly loginName: string }
  | { readonly by: 'email'; readonly email: string }
  | { readonly by: 'phone'; readonly phone: string }
  /** The user whose token it is, acting in person. */
  | { readonly by: 'access_token'; readonly accessToken: string };

export type DeviceRef =
  | { readonly by: 'device_id'; readonly deviceId: string }
  | { readonly by: 'vendor_id'; readonly vendorId: string };

/** Whether the call is an admin's, or of the user itself; `other` sees what all users see of each other. */
export type Relation = 'admin' | 'self' | 'other';

export interface Access {
  readonly subject: Subject;
  readonly relation: Relation;
  /** What a change of the subject needs. */
  readonly permission: Permission;
  /** The user who acts as the owner of a device. */
  readonly ownerId?: string | undefined;
  /** The call, in the name of the user when its token was given. */
  readonly call: Call;
}

/** A user, for those who may change it: an admin, and the user itself. Clients without a right learn nothing; users may look each other up. */
export async function requireUser(services: Services, call: Call, ref: UserRef): Promise<Access> {
  const access = await findUser(services, call, ref);
  if (access.relation === 'other') {
    throw new SymbolonError('permission_denied', 'The caller may act only for itself');
  }
  return access;
}

/** A user, for anyone who may see users at all. */
export async function findUser(services: Services, call: Call, ref: UserRef): Promise<Access> {
  if (ref.by === 'access_token') {
    return bearerOf(services, call, ref.accessToken);
  }
  const isSelf = ref.by === 'user_id' && call.caller.subject?.kind === 'user' && call.caller.subject.id === ref.userId;
  if (!isSelf) {
    requirePermission(call.caller, 'read_public_profile');
  }
  const subject = await lookUp(services, call, 'user', handleOf(ref));
  if (subject === undefined) {
    throw userNotFound(ref);
  }
  const { caller } = call;
  const own = caller.subject?.kind === 'user' && caller.subject.id === subject.subjectId;
  const relation = isPermitted(caller, 'manage_subjects') ? 'admin' : own ? 'self' : 'other';
  return { subject, call, relation, permission: relation === 'admin' ? 'manage_subjects' : 'act_for_user' };
}

/** The user who calls with a token of its own, where users call in person. */
export function requireUserInPerson({ caller }: Call): NonNullable<Call['caller']['subject']> {
  requirePermission(caller, 'act_for_user');
  if (caller.subject?.kind !== 'user') {
    throw new SymbolonError('permission_denied', 'Only a user may do this, and only in person');
  }
  return caller.subject;
}

const NOT_OF_A_USER: Refusal = {
  code: 'invalid_credentials',
  message: 'The access token is not a live one of a user of this tenant',
};

/** The user whose token a client presents: it acts in the user's name. */
async function bearerOf(services: Services, call: Call, accessToken: string, field = 'access_token'): Promise<Access> {
  requirePermission(call.caller, 'act_for_user');
  requireText(accessToken, field, MAX_TOKEN);
  const caller = await authenticateTokenHolder(services, call.caller.tenantId, accessToken, call.notes);
  const id = caller?.subject?.kind === 'user' ? caller.subject.id : undefined;
  const subject = id === undefined ? undefined : await lookUp(services, call, 'user', { kind: 'subject_id', key: id });
  if (caller === undefined || subject === undefined) {
    throw SymbolonError.of(NOT_OF_A_USER);
  }
  const acting = { ...caller, presenter: call.caller };
  return {
    subject,
    relation: 'self',
    permission: 'act_for_user',
    call: { ...call, caller: acting },
  };
}

/**
 * Does what a client and the user whose token it presents must both stand for. Where the token ends meanwhile the refusal is about it: that
 * the caller is unauthenticated is said of a client alone.
 */
export async function besideUser<A>(
  services: Services,
  call: Call,
  accessToken: string,
  act: () => Promise<A>,
): Promise<A> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof SymbolonError && error.code === CALLER_UNAUTHENTICATED.code) {
      // Throws where it is the client.
      await authenticateAgain(services, call);
      if ((await authenticateTokenHolder(services, call.caller.tenantId, accessToken)) === undefined) {
        throw SymbolonError.of(NOT_OF_A_USER);
      }
    }
    throw error;
  }
}

/** A device, for an admin, an owner of it, or itself. */
export async function requireDevice(services: Services, call: Call, ref: DeviceRef): Promise<Access> {
  const { caller } = call;
  const isAdmin = isPermitted(caller, 'manage_subjects');
  if (!isAdmin && caller.subject === undefined) {
    requirePermission(caller, 'manage_subjects');
  }
  const subject = await lookUp(services, call, 'device', deviceHandle(ref));
  const isOwner = caller.subject?.kind === 'user' && subject?.ownerIds.includes(caller.subject.id);
  const isItself = caller.subject?.kind === 'device' && subject?.subjectId === caller.subject.id;
  if (!isAdmin && subject !== undefined && !isOwner && !isItself) {
    throw SymbolonError.of(NOT_OWNER);
  }
  if (subject === undefined) {
    throw deviceNotFound(ref);
  }
  const relation = isAdmin ? 'admin' : isItself ? 'self' : 'other';
  return {
    subject,
    call,
    relation,
    permission: isAdmin ? 'manage_subjects' : 'act_for_device',
    ownerId: isAdmin || isItself ? undefined : caller.subject?.id,
  };
}

/** The same, for the user whose token a client presents. */
export async function requireOwnDevice(
  services: Services,
  call: Call,
  ref: DeviceRef,
  ownerAccessToken: string,
): Promise<Access> {
  const { call: acting } = await bearerOf(services, call, ownerAccessToken, 'owner_access_token');
  return requireDevice(services, acting, ref);
}

/** Undefined for what can be nobody's name. */
export function handleOf(ref: Exclude<UserRef, { by: 'access_token' }>): LoginHandle | undefined {
  switch (ref.by) {
    case 'user_id':
      requireText(ref.userId, 'user_id', MAX_ID);
      return { kind: 'subject_id', key: ref.userId };
    case 'login_name':
      requireText(ref.loginName, 'login_name', MAX_ID);
      return toLoginNameHandle(ref.loginName);
    case 'email':
      requireText(ref.email, 'email', MAX_ID);
      return toEmailHandle(ref.email);
    case 'phone':
      requireText(ref.phone, 'phone', MAX_ID);
      return toPhoneHandle(ref.phone);
  }
}

export function deviceHandle(ref: DeviceRef): LoginHandle | undefined {
  if (ref.by === 'device_id') {
    requireText(ref.deviceId, 'device_id', MAX_ID);
    return { kind: 'subject_id', key: ref.deviceId };
  }
  requireText(ref.vendorId, 'vendor_id', MAX_ID);
  return toVendorIdHandle(ref.vendorId);
}

/** What is looked up is what the call is about, until a command says otherwise. */
export async function lookUp(
  services: Services,
  { caller, notes }: Call,
  kind: Subject['kind'],
  handle: LoginHandle | undefined,
): Promise<Subject | undefined> {
  const found = await findSubject(services.store, caller.tenantId, handle);
  const subject = found?.kind === kind ? found : undefined;
  notes?.note(
    subject === undefined
      ? { unknown: hashOfHandle(services, caller.tenantId, handle) }
      : { subject: subject.subjectId },
  );
  return subject;
}

export function userNotFound(ref: UserRef): SymbolonError {
  const [field, value] = Object.entries(ref).find(([name]) => name !== 'by') ?? ['', ''];
  const about = { field: ref.by, value: ref.by === 'access_token' ? '' : value };
  return new SymbolonError('not_found', 'There is no such user', field === '' ? {} : { about });
}

export function deviceNotFound(ref: DeviceRef): SymbolonError {
  const about = { field: ref.by, value: ref.by === 'device_id' ? ref.deviceId : ref.vendorId };
  return new SymbolonError('not_found', 'There is no such device', { about });
}
