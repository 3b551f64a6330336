import type { AttributesChange } from '../attributes.ts';
import type { UpdateSubject } from '../commands/update-subject.ts';
import { SymbolonError } from '../errors.ts';
import { given } from '../given.ts';
import { ID_BYTES, userId } from '../ids.ts';
import type { JsonText } from '../model.ts';
import { requirePermission } from '../permissions.ts';
import type { Services } from '../services/services.ts';
import { SUBJECTS, type Subject } from '../tables/subjects.ts';
import { requireDisplayName, requireEmail, requireLoginName, requirePhone } from '../text/fields.ts';
import { requireNewPassword } from '../text/passwords.ts';
import { findUser, type Relation, requireUser, type UserRef } from './access.ts';
import type { Call } from './authenticate.ts';
import { makeCode, noticeIds, withinBudget } from './codes.ts';
import { type GivenProof, withOwnProof } from './own-proof.ts';
import { type Listed, listPage, type PageRequest } from './pages.ts';
import { perform } from './perform.ts';
import { type Registered, register, requireAdminFor, requireRegistration, type TokenWish } from './registration.ts';
import { requireAttributes, requireAttributesChange } from './validate.ts';

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
    throw new SymbolonError('invalid_argument', 'password is missing: a user with a name needs one', PASSWORD);
  }
  if (!isNamed && password !== undefined) {
    const about = { field: 'login_name', value: '' };
    throw new SymbolonError('invalid_argument', 'A user with a password needs a name', { about });
  }
  if (!isNamed && withTokens === undefined) {
    throw new SymbolonError('invalid_argument', 'with_token is missing: a user without a name has no other way in');
  }
  if (!isNamed && (withTokens?.requestId?.length ?? MIN_SOLE_PROOF) < MIN_SOLE_PROOF) {
    const about = { field: 'request_id', value: '' };
    const message = `request_id must be at least ${MIN_SOLE_PROOF} characters, and random: who knows it is given the tokens`;
    throw new SymbolonError('invalid_argument', message, { about });
  }
  const subjectId = userId(services.random(ID_BYTES));
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
  const prepared = password === undefined ? undefined : requireNewPassword(password);
  return register(services, call, {
    subject: { subjectId, kind: 'user', ...profile },
    password: prepared,
    withTokens,
    makeCodes: () => withinBudget(services, call, verificationCodes(services, subjectId, profile)),
  });
}

/** Of a request id that alone opens what was made: a random UUID has 36. */
const MIN_SOLE_PROOF = 16;

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
): Promise<{ subject: Subject; relation: Relation }> {
  const { subject, relation } = await findUser(services, call, ref);
  return { subject, relation };
}

export async function listSubjects(
  services: Services,
  call: Call,
  kind: Subject['kind'],
  page: PageRequest,
): Promise<Listed<Subject>> {
  requirePermission(call.caller, 'manage_subjects');
  const { tenantId } = call.caller;
  return listPage(services, call, { name: ['subjects', kind], list: SUBJECTS, by: { tenantId, kind } }, page);
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
  readonly attributes?: AttributesChange;
  /** The first password of a pseudo user. */
  readonly password?: string;
}

/**
 * By an admin or the user itself. A new address is proven anew, and until then a proven one stays in its place. `asked`: the user's own
 * password, where it is asked for; it is a guess as at a login.
 */
export async function updateUser(
  services: Services,
  call: Call,
  ref: UserRef,
  update: UserUpdate,
  asked?: GivenProof,
): Promise<Subject> {
  const { subject, relation, permission, call: acting } = await requireUser(services, call, ref);
  if (relation !== 'admin' && (update.emailVerified !== undefined || update.phoneVerified !== undefined)) {
    throw new SymbolonError('permission_denied', 'Only an admin may set email_verified and phone_verified');
  }
  const { tenantId, subjectId } = subject;
  const { loginName, email, phone, displayName, attributes, emailVerified, phoneVerified, password } = update;
  const set: UpdateSubject['set'] = given({
    loginName: checked(loginName, requireLoginName),
    email: checked(email, requireEmail),
    phone: checked(phone, (number) => requirePhone(number, update.phoneCountry)),
    emailVerified,
    phoneVerified,
    displayName: displayName === undefined ? undefined : requireDisplayName(displayName),
  });
  const firstPasswordHash =
    password === undefined ? undefined : await services.passwords.hash(requireNewPassword(password), call.isAbandoned);
  const answer = await withOwnProof(services, acting, subject, asked, { needsFactor: false }, async (proof) =>
    perform(services, acting, permission, {
      kind: 'update_subject',
      tenantId,
      subjectKind: 'user',
      subjectId,
      set,
      seen: { email: subject.email, phone: subject.phone },
      attributes: attributes && requireAttributesChange(attributes),
      firstPasswordHash,
      codes: await withinBudget(services, call, verificationCodes(services, subjectId, set)),
      notices: noticeIds(services),
      proof,
    }),
  );
  return answer.subject;
}

/** What is absent stays so, and null too. */
function checked<T extends string | null | undefined>(
  value: T,
  require: (text: string) => string,
): string | Exclude<T, string> {
  return typeof value === 'string' ? require(value) : (value as Exclude<T, string>);
}

/** Ends every token of a user. Answers the revision. `asked`: what a user proves who deletes itself, where it is asked for. */
export async function endUser(
  services: Services,
  call: Call,
  ref: UserRef,
  cause: 'disabled' | 'deleted',
  asked?: GivenProof,
): Promise<{ revision: number }> {
  if (cause === 'disabled') {
    requirePermission(call.caller, 'manage_subjects');
  }
  const { subject, permission, call: acting } = await requireUser(services, call, ref);
  const { tenantId, subjectId } = subject;
  const target = { kind: 'user', id: subjectId } as const;
  const { revision } = await withOwnProof(services, acting, subject, asked, { needsFactor: true }, (proof) =>
    perform(services, acting, permission, { kind: 'cut_off', tenantId, target, cause, proof }),
  );
  return { revision };
}

export async function enableUser(services: Services, call: Call, ref: UserRef): Promise<void> {
  requirePermission(call.caller, 'manage_subjects');
  const { subject } = await requireUser(services, call, ref);
  const { tenantId, subjectId } = subject;
  await perform(services, call, 'manage_subjects', {
    kind: 'enable',
    tenantId,
    target: { kind: 'user', id: subjectId },
  });
}
