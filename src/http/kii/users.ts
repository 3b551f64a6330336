/** Registering, reading, changing, disabling and deleting users, and setting their addresses (section 5 of docs/kii-wire.md). */
import { SymbolonError } from '../../core/errors.ts';
import { requireUser } from '../../core/operations/access.ts';
import {
  enableUser,
  endUser,
  getUser,
  type NewUser,
  registerUser,
  type UserUpdate,
  updateUser,
} from '../../core/operations/users.ts';
import { requirePermission } from '../../core/permissions.ts';
import { readTenant } from '../../core/services/lookups.ts';
import type { Subject } from '../../core/tables/subjects.ts';
import type { Answer } from '../answer.ts';
import type { Fields } from './fields.ts';
import { answer, isAdmin, jsonBody, noContent, type ResourceRequest } from './resource.ts';
import { passwordTooShort, ResourceError, unauthorized } from './resource-errors.ts';
import { firstTokens, fullUser, publicUser, RESERVED_USER_FIELDS, userRefOf } from './user-view.ts';
import {
  attributesOf,
  booleanOf,
  mergedAttributes,
  newAttributes,
  removableTextOf,
  replacedAttributes,
  requiredBoolean,
  requiredText,
  textOf,
  userPassword,
} from './values.ts';

const WITH_TOKEN = 'RegistrationAndAuthorizationRequest';

export async function registerKiiUser(request: ResourceRequest): Promise<Answer> {
  const { services, call } = request;
  const { type, fields } = jsonBody(request, ['RegistrationRequest', WITH_TOKEN]);
  const withTokens = type === WITH_TOKEN;
  const isPseudo = ['loginName', 'emailAddress', 'phoneNumber', 'password'].every((name) => isAbsent(fields, name));
  if (isPseudo && !withTokens) {
    throw passwordTooShort();
  }
  const user: NewUser = {
    ...defined('loginName', textOf(fields, 'loginName')),
    ...defined('email', textOf(fields, 'emailAddress')),
    ...defined('phone', textOf(fields, 'phoneNumber')),
    ...phoneCountry(fields, undefined),
    ...defined('displayName', textOf(fields, 'displayName')),
    ...verified(request, fields),
    ...(isPseudo ? {} : { password: userPassword(fields, 'password') }),
    attributes: newAttributes(fields, RESERVED_USER_FIELDS),
    ...(withTokens ? { withTokens: { scopes: [] } } : {}),
  };
  const registered = await registerUser(services, call, user).catch((error) => asWritten(error, user));
  const { subject } = registered;
  const body = { ...fullUser(subject), ...firstTokens(registered, !isPseudo) };
  const location = `/api/apps/${subject.tenantId}/users/${subject.subjectId}`;
  const responseType = withTokens ? 'RegistrationAndAuthorizationResponse' : 'RegistrationResponse';
  return answer(201, responseType, body, { Location: location });
}

function isAbsent(fields: Fields, name: string): boolean {
  return (fields.get(name) ?? undefined) === undefined;
}

function defined<K extends string, V>(name: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [name]: value } as Partial<Record<K, V>>);
}

/** An admin says of an address whether it is verified; what others say of it is what they read before, and means nothing. */
function verified(request: ResourceRequest, fields: Fields): Pick<NewUser, 'emailVerified' | 'phoneVerified'> {
  const [email, phone] = [booleanOf(fields, 'emailAddressVerified'), booleanOf(fields, 'phoneNumberVerified')];
  return isAdmin(request) ? { ...defined('emailVerified', email), ...defined('phoneVerified', phone) } : {};
}

/** The country tells only what a number without a country code means. */
function phoneCountry(fields: Fields, known: unknown): Pick<NewUser, 'phoneCountry'> {
  return defined('phoneCountry', textOf(fields, 'country') ?? (typeof known === 'string' ? known : undefined));
}

/** The name as its sender wrote it, not as it is looked up. */
function asWritten(error: unknown, given: Pick<UserUpdate, 'loginName' | 'email'>): never {
  if (error instanceof SymbolonError && error.code === 'already_exists' && error.about !== undefined) {
    const { field, value } = error.about;
    const written = field === 'login_name' ? given.loginName : field === 'email' ? given.email : undefined;
    throw new SymbolonError(error.code, error.message, { about: { field, value: written ?? value } });
  }
  throw error;
}

export async function readUser(request: ResourceRequest): Promise<Answer> {
  const { subject, isFull } = await shownUser(request);
  return answer(200, 'UserDataRetrievalResponse', isFull ? fullUser(subject) : publicUser(subject));
}

/** A user, and whether all of it may be shown. */
async function shownUser(request: ResourceRequest): Promise<{ subject: Subject; isFull: boolean }> {
  const { services, call } = request;
  const { subject, relation } = await getUser(services, call, userRefOf(request));
  const tenant = relation === 'other' ? await readTenant(services.store, subject.tenantId) : undefined;
  return { subject, isFull: relation !== 'other' || tenant?.policy.exposeFullUsers === true };
}

export async function readEmailAddress(request: ResourceRequest): Promise<Answer> {
  const { subjectId, email, emailVerified } = await shownAddresses(request);
  if (email === null) {
    throw withoutAddress(request, subjectId, 'e-mail address');
  }
  return answer(200, 'EmailAddressRetrievalResponse', { emailAddress: email, verified: emailVerified });
}

export async function readPhoneNumber(request: ResourceRequest): Promise<Answer> {
  const { subjectId, phone, phoneVerified } = await shownAddresses(request);
  if (phone === null) {
    throw withoutAddress(request, subjectId, 'phone number');
  }
  return answer(200, 'PhoneNumberRetrievalResponse', { phoneNumber: phone, verified: phoneVerified });
}

function withoutAddress({ context: { appID } }: ResourceRequest, userID: string, what: string): ResourceError {
  return new ResourceError('USER_ADDRESS_NOT_FOUND', `The user has no ${what}`, { userID, appID });
}

async function shownAddresses(request: ResourceRequest): Promise<Subject> {
  const { subject, isFull } = await shownUser(request);
  if (!isFull) {
    throw unauthorized(request.context, 'Only the user and an admin can see the user’s addresses');
  }
  return subject;
}

/** Predefined fields that are kept beside the custom ones, for nothing else reads them. */
const PREDEFINED = ['country', 'locale'];

/** POST: custom fields that it does not name go. Predefined ones stay. */
export async function replaceKiiUser(request: ResourceRequest): Promise<Answer> {
  return changeUser(request, (fields) => replacedAttributes(fields, RESERVED_USER_FIELDS, PREDEFINED));
}

/** PATCH: what it does not name stays. */
export async function patchKiiUser(request: ResourceRequest): Promise<Answer> {
  return changeUser(request, (fields) => mergedAttributes(fields, RESERVED_USER_FIELDS));
}

/** Null removes. A pseudo user becomes a normal one by a name and a password. */
async function changeUser(
  request: ResourceRequest,
  attributesBy: (fields: Fields) => Pick<UserUpdate, 'attributes'>,
): Promise<Answer> {
  const { services, call } = request;
  const { subject } = await requireUser(services, call, userRefOf(request));
  const { fields } = jsonBody(request, ['UserUpdateRequest']);
  const displayName = removableTextOf(fields, 'displayName');
  const update: UserUpdate = {
    ...defined('loginName', removableTextOf(fields, 'loginName')),
    ...defined('email', removableTextOf(fields, 'emailAddress')),
    ...defined('phone', removableTextOf(fields, 'phoneNumber')),
    ...phoneCountry(fields, attributesOf(subject.attributes).country),
    ...(displayName === undefined ? {} : { displayName: displayName ?? '' }),
    ...verified(request, fields),
    ...(isAbsent(fields, 'password') ? {} : { password: userPassword(fields, 'password') }),
    ...attributesBy(fields),
  };
  const ref = { by: 'user_id', userId: subject.subjectId } as const;
  await updateUser(services, call, ref, update).catch((error) => asWritten(error, update));
  return answer(200, 'UserDataRetrievalResponse', { modifiedAt: services.clock() });
}

export async function setEmailAddress(request: ResourceRequest): Promise<Answer> {
  return setAddress(request, 'EmailAddressModificationRequest', (fields, isVerified) => ({
    email: requiredText(fields, 'emailAddress'),
    ...(isVerified === undefined ? {} : { emailVerified: isVerified }),
  }));
}

export async function setPhoneNumber(request: ResourceRequest): Promise<Answer> {
  return setAddress(request, 'PhoneNumberModificationRequest', (fields, isVerified, { attributes }) => {
    return {
      phone: requiredText(fields, 'phoneNumber'),
      ...phoneCountry(fields, attributesOf(attributes).country),
      ...(isVerified === undefined ? {} : { phoneVerified: isVerified }),
    };
  });
}

async function setAddress(
  request: ResourceRequest,
  type: string,
  updateOf: (fields: Fields, isVerified: boolean | undefined, subject: Subject) => UserUpdate,
): Promise<Answer> {
  const { services, call } = request;
  const { subject } = await requireUser(services, call, userRefOf(request));
  const { fields } = jsonBody(request, [type]);
  const said = booleanOf(fields, 'verified');
  // “Not verified” goes without saying, so that anyone may say it.
  const isVerified = said === true || isAdmin(request) ? said : undefined;
  const ref = { by: 'user_id', userId: subject.subjectId } as const;
  await updateUser(services, call, ref, updateOf(fields, isVerified, subject));
  return noContent();
}

export async function deleteUser(request: ResourceRequest): Promise<Answer> {
  await endUser(request.services, request.call, userRefOf(request), 'deleted');
  return noContent();
}

export async function readUserStatus(request: ResourceRequest): Promise<Answer> {
  const { subject } = await requireUser(request.services, request.call, userRefOf(request));
  return answer(200, undefined, { disabled: subject.disabled });
}

/** By an admin alone, so never as `me` (C12). */
export async function setUserStatus(request: ResourceRequest): Promise<Answer> {
  const { services, call } = request;
  requirePermission(call.caller, 'manage_subjects');
  const ref = userRefOf(request);
  const { fields } = jsonBody(request, ['UserStatusUpdateRequest']);
  if (requiredBoolean(fields, 'disabled')) {
    await endUser(services, call, ref, 'disabled');
  } else {
    await enableUser(services, call, ref);
  }
  return noContent();
}
