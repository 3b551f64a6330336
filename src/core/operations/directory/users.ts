import type { UpdateSubject } from '../../directory-commands.ts';
import { SymbolonError } from '../../errors.ts';
import { ID_BYTES, userId } from '../../ids.ts';
import type { JsonText, Subject } from '../../model.ts';
import { requirePermission } from '../../permissions.ts';
import type { Services } from '../../services.ts';
import type { Call } from '../authenticate.ts';
import { findUser, requireUser, type Standing, type UserRef } from './access.ts';
import { makeCode } from './codes.ts';
import {
  requireAttributes,
  requireDisplayName,
  requireEmail,
  requireLoginName,
  requireNewPassword,
  requirePhone,
} from './fields.ts';
import { type Listed, listPage, type PageRequest } from './pages.ts';
import { perform } from './perform.ts';
import {
  type Registered,
  registered,
  requireAdminFor,
  requireRegistration,
  type TokenWish,
  wantedTokens,
} from './registration.ts';

export interface NewUser {
  readonly loginName?: string;
  readonly email?: string;
  /** For admins. */
  readonly emailVerified?: boolean;
  readonly phone?: string;
  /** ISO 3166 alpha-2, of a number without a country code. */
  readonly phoneCountry?: string;
  /** For admins. */
  readonly phoneVerified?: boolean;
  readonly password?: string;
  readonly displayName?: string;
  readonly attributes?: JsonText;
  readonly withTokens?: TokenWish;
}

/** Registers a user. Without names and a password it is a pseudo user, whose token is its only credential. */
export async function registerUser(services: Services, call: Call, request: NewUser): Promise<Registered> {
  await requireRegistration(services, call);
  requireAdminFor(call, request.emailVerified === true || request.phoneVerified === true, 'verified addresses');
  const { password, withTokens, email = null, phone = null, loginName = null } = request;
  const isNamed = loginName !== null || email !== null || phone !== null;
  if (isNamed && password === undefined) {
    throw new SymbolonError('invalid_argument', 'A user with a name needs a password', PASSWORD);
  }
  if (!isNamed && password !== undefined) {
    const about = { field: 'login_name', value: '' };
    throw new SymbolonError('invalid_argument', 'A user with a password needs a name', { about });
  }
  if (!isNamed && withTokens === undefined) {
    throw new SymbolonError('invalid_argument', 'A user without a name needs a token: it has no other way in');
  }
  const { random, passwords } = services;
  const subjectId = userId(random(ID_BYTES));
  const profile = {
    loginName: loginName === null ? null : requireLoginName(loginName),
    email: email === null ? null : requireEmail(email),
    emailVerified: request.emailVerified ?? false,
    phone: phone === null ? null : requirePhone(phone, request.phoneCountry),
    phoneVerified: request.phoneVerified ?? false,
    vendorId: null,
    displayName: requireDisplayName(request.displayName ?? ''),
    attributes: requireAttributes(request.attributes ?? '{}'),
  };
  const wanted = wantedTokens(services, call, 'user', withTokens);
  const passwordHash = password === undefined ? null : await passwords.hash(requireNewPassword(password));
  const { tenantId } = call.caller;
  const answer = await perform(services, call, {
    kind: 'create_subject',
    subject: { subjectId, tenantId, kind: 'user', passwordHash, ...profile },
    ...wanted?.issue,
    codes: verificationCodes(services, subjectId, profile),
  });
  return registered(answer, wanted?.pair);
}

const PASSWORD = { about: { field: 'password', value: '' } };

function verificationCodes(services: Services, subjectId: string, set: { email?: unknown; phone?: unknown }) {
  return [
    ...(typeof set.email === 'string' ? [makeCode(services, subjectId, 'verify_email', 'email')] : []),
    ...(typeof set.phone === 'string' ? [makeCode(services, subjectId, 'verify_phone', 'sms')] : []),
  ];
}

/** A user, and who is asking: `other` may be shown the public fields alone. */
export async function getUser(
  services: Services,
  call: Call,
  ref: UserRef,
): Promise<{ subject: Subject; standing: Standing }> {
  const { subject, standing } = await findUser(services, call, ref);
  return { subject, standing };
}

export async function listSubjects(
  services: Services,
  call: Call,
  kind: Subject['kind'],
  page: PageRequest,
): Promise<Listed<Subject>> {
  requirePermission(call.caller, 'manage_subjects');
  const { tenantId } = call.caller;
  return listPage(
    services,
    call,
    ['subjects', kind],
    page,
    (part: Parameters<Services['store']['listSubjects']>[2]) => services.store.listSubjects(tenantId, kind, part),
    ({ createTime, subjectId }) => ({ time: createTime, id: subjectId }),
  );
}

/** What is absent stays; null clears. */
export interface UserUpdate {
  readonly loginName?: string | null;
  readonly email?: string | null;
  /** For admins. */
  readonly emailVerified?: boolean;
  readonly phone?: string | null;
  readonly phoneCountry?: string;
  /** For admins. */
  readonly phoneVerified?: boolean;
  readonly displayName?: string;
  readonly attributes?: JsonText;
  /** Members that are set in the attributes, or removed by null. */
  readonly attributesPatch?: JsonText;
  /** The first password of a pseudo user. */
  readonly password?: string;
}

/** By an admin or the user itself. New addresses are verified anew. */
export async function updateUser(services: Services, call: Call, ref: UserRef, update: UserUpdate): Promise<Subject> {
  const { subject, standing, call: acting } = await requireUser(services, call, ref);
  if (standing !== 'admin' && (update.emailVerified !== undefined || update.phoneVerified !== undefined)) {
    throw new SymbolonError('permission_denied', 'Only an admin sets verified addresses');
  }
  const { tenantId, subjectId } = subject;
  const { loginName, email, phone, displayName, attributes, emailVerified, phoneVerified, password, attributesPatch } =
    update;
  const set: UpdateSubject['set'] = {
    ...(loginName === undefined ? {} : { loginName: loginName === null ? null : requireLoginName(loginName) }),
    ...(email === undefined ? {} : { email: email === null ? null : requireEmail(email) }),
    ...(phone === undefined ? {} : { phone: phone === null ? null : requirePhone(phone, update.phoneCountry) }),
    ...(emailVerified === undefined ? {} : { emailVerified }),
    ...(phoneVerified === undefined ? {} : { phoneVerified }),
    ...(displayName === undefined ? {} : { displayName: requireDisplayName(displayName) }),
    ...(attributes === undefined ? {} : { attributes: requireAttributes(attributes) }),
  };
  const firstPasswordHash =
    password === undefined ? undefined : await services.passwords.hash(requireNewPassword(password));
  const answer = await perform(services, acting, {
    kind: 'update_subject',
    tenantId,
    subjectKind: 'user',
    subjectId,
    set,
    seen: { email: subject.email, phone: subject.phone },
    ...(attributesPatch === undefined ? {} : { attributesPatch: requireAttributes(attributesPatch) }),
    ...(firstPasswordHash === undefined ? {} : { firstPasswordHash }),
    codes: verificationCodes(services, subjectId, set),
  });
  return answer.subject;
}

/** Ends every token of a user. Answers the revision. */
export async function endUser(
  services: Services,
  call: Call,
  ref: UserRef,
  cause: 'disabled' | 'deleted',
): Promise<{ revision: number }> {
  if (cause === 'disabled') {
    requirePermission(call.caller, 'manage_subjects');
  }
  const { subject, call: acting } = await requireUser(services, call, ref);
  const { tenantId, subjectId } = subject;
  const principal = { kind: 'user', id: subjectId } as const;
  const { revision } = await perform(services, acting, { kind: 'cut_off', tenantId, principal, cause });
  return { revision };
}

export async function enableUser(services: Services, call: Call, ref: UserRef): Promise<void> {
  requirePermission(call.caller, 'manage_subjects');
  const { subject } = await requireUser(services, call, ref);
  const { tenantId, subjectId } = subject;
  await perform(services, call, { kind: 'enable', tenantId, principal: { kind: 'user', id: subjectId } });
}
