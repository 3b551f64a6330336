/** A user in Kii's words, and which user a path names. */

import type { UserRef } from '../../core/operations/access.ts';
import type { Registered } from '../../core/operations/registration.ts';
import type { Subject } from '../../core/tables/subjects.ts';
import { type ResourceRequest, unsupportedMe } from './resource.ts';
import { attributesOf } from './values.ts';

/** Names that are no custom fields: the predefined ones, and those that the server alone writes. */
export const RESERVED_USER_FIELDS: ReadonlySet<string> = new Set([
  ...['userID', 'internalUserID', 'loginName', 'emailAddress', 'emailAddressVerified', 'phoneNumber'],
  ...['phoneNumberVerified', 'displayName', 'password', '_hasPassword', '_disabled', '_accessToken', '_refreshToken'],
  ...['_emailAddressPending', '_phoneNumberPending'],
]);

/** For admins and the user itself, and for all where the app exposes full users. */
export function fullUser(subject: Subject): object {
  const { loginName, displayName, email, emailVerified, phone, phoneVerified, passwordHash, disabled } = subject;
  const { pendingEmail, pendingPhone } = subject;
  return {
    ...attributesOf(subject.attributes),
    userID: subject.subjectId,
    ...internalUserId(subject.subjectId),
    ...(loginName === null ? {} : { loginName }),
    ...(displayName === '' ? {} : { displayName }),
    ...(email === null ? {} : { emailAddress: email, emailAddressVerified: emailVerified }),
    ...(pendingEmail === null ? {} : { _emailAddressPending: pendingEmail }),
    ...(phone === null ? {} : { phoneNumber: phone, phoneNumberVerified: phoneVerified }),
    ...(pendingPhone === null ? {} : { _phoneNumberPending: pendingPhone }),
    _hasPassword: passwordHash !== null,
    _disabled: disabled,
  };
}

/** What users see of each other (docs/kii-wire.md section 5). */
export function publicUser({ subjectId, loginName, displayName }: Subject): object {
  return {
    userID: subjectId,
    ...(loginName === null ? {} : { loginName }),
    ...(displayName === '' ? {} : { displayName }),
  };
}

/** A number that Kii's Java clients read into a long; nothing takes it back. */
function internalUserId(userId: string): { internalUserID?: number } {
  const head = /^[0-9a-f]{12}(?=-)/.exec(userId)?.[0];
  return head === undefined ? {} : { internalUserID: Number.parseInt(head, 16) };
}

/** The tokens of a registration; `withRefresh` is false for those who never refresh. */
export function firstTokens({ tokens }: Registered, withRefresh: boolean): object {
  return tokens === undefined
    ? {}
    : {
        _accessToken: tokens.accessToken,
        ...(withRefresh && tokens.refreshToken !== undefined ? { _refreshToken: tokens.refreshToken } : {}),
      };
}

type NamedUser = Exclude<UserRef, { by: 'access_token' }>;

/** `me`, an id, or `LOGIN_NAME:`, `EMAIL:` and `PHONE:` with what follows. */
export function userRefOf(request: ResourceRequest): NamedUser {
  const text = request.params.user ?? '';
  const { subject } = request.call.caller;
  if (text === 'me') {
    if (subject?.kind !== 'user') {
      throw unsupportedMe(request);
    }
    return { by: 'user_id', userId: subject.id };
  }
  const [, type, address = ''] = /^(LOGIN_NAME|EMAIL|PHONE):(.*)$/s.exec(text) ?? [];
  switch (type) {
    case 'LOGIN_NAME':
      return { by: 'login_name', loginName: address };
    case 'EMAIL':
      return { by: 'email', email: address };
    case 'PHONE':
      return { by: 'phone', phone: address };
    default:
      return { by: 'user_id', userId: text };
  }
}
