/** The messages about users. */
import type { TokenWish as TokenWishMessage } from '../../../gen/ts/symbolon/v1/token_service.ts';
import type {
  RegisterUserRequest,
  RegisterUserResponse,
  UpdateUserRequest,
  User,
  UserRef as UserRefMessage,
} from '../../../gen/ts/symbolon/v1/user_service.ts';
import { SymbolonError } from '../../core/errors.ts';
import type { UserRef } from '../../core/operations/access.ts';
import type { Locks } from '../../core/operations/locks.ts';
import type { Registered, TokenWish } from '../../core/operations/registration.ts';
import type { NewUser, UserUpdate } from '../../core/operations/users.ts';
import type { Subject } from '../../core/tables/subjects.ts';
import { MEMBER_PREFIX, parseAttributesChange, toAttributesText, toStruct } from './attributes.ts';
import { missing, parseText } from './fields.ts';
import { parsePaths } from './masks.ts';
import { optional, parseInstant, toTimestamp } from './time.ts';
import { toTokensMessage } from './tokens.ts';

/** How a user is named where no access token will do. */
export type NamedUserRef = Exclude<UserRef, { by: 'access_token' }>;

export function parseUserRef(message: UserRefMessage | undefined): UserRef {
  const user = message?.user;
  switch (user?.$case) {
    case undefined:
      throw missing('user');
    case 'userId':
      return { by: 'user_id', userId: user.value };
    case 'loginName':
      return { by: 'login_name', loginName: user.value };
    case 'email':
      return { by: 'email', email: user.value };
    case 'phone':
      return { by: 'phone', phone: user.value };
    case 'accessToken':
      return { by: 'access_token', accessToken: user.value };
  }
}

export function parseNamedUserRef(message: UserRefMessage | undefined): NamedUserRef {
  const ref = parseUserRef(message);
  if (ref.by === 'access_token') {
    throw new SymbolonError('invalid_argument', 'user must be named by an id, a name or an address here');
  }
  return ref;
}

export function parseTokenWish(wish: TokenWishMessage): TokenWish {
  const { scopes, expireTime, requestId } = wish;
  return {
    scopes,
    ...(expireTime === undefined ? {} : { expireTime: parseInstant(expireTime, 'expire_time') }),
    ...(requestId === '' ? {} : { requestId }),
  };
}

export function parseNewUser(message: RegisterUserRequest): NewUser {
  const { emailVerified, phoneVerified, displayName, attributes, withToken } = message;
  const [loginName, email, phone] = [message.loginName, message.email, message.phone].map(parseText);
  const [phoneCountry, password] = [message.phoneCountry, message.password].map(parseText);
  return {
    ...(loginName === undefined ? {} : { loginName }),
    ...(email === undefined ? {} : { email }),
    ...(emailVerified ? { emailVerified } : {}),
    ...(phone === undefined ? {} : { phone }),
    ...(phoneCountry === undefined ? {} : { phoneCountry }),
    ...(phoneVerified ? { phoneVerified } : {}),
    ...(password === undefined ? {} : { password }),
    displayName,
    ...(attributes === undefined ? {} : { attributes: toAttributesText(attributes) }),
    ...(withToken === undefined ? {} : { withTokens: parseTokenWish(withToken) }),
  };
}

const PATHS = [
  'login_name',
  'email',
  'email_verified',
  'phone',
  'phone_verified',
  'display_name',
  'attributes',
] as const;

/** What is named and empty is cleared. */
export function parseUserUpdate(message: UpdateUserRequest): UserUpdate {
  const paths = parsePaths(message.updateMask, PATHS, MEMBER_PREFIX);
  const { emailVerified, phoneVerified, displayName, attributes } = message;
  const [phoneCountry, password] = [message.phoneCountry, message.password].map(parseText);
  return {
    ...(paths.has('login_name') ? { loginName: parseText(message.loginName) ?? null } : {}),
    ...(paths.has('email') ? { email: parseText(message.email) ?? null } : {}),
    ...(paths.has('email_verified') ? { emailVerified } : {}),
    ...(paths.has('phone') ? { phone: parseText(message.phone) ?? null } : {}),
    ...(phoneCountry === undefined ? {} : { phoneCountry }),
    ...(paths.has('phone_verified') ? { phoneVerified } : {}),
    ...(paths.has('display_name') ? { displayName } : {}),
    ...parseAttributesChange(message.updateMask, attributes),
    ...(password === undefined ? {} : { password }),
  };
}

export function toUserMessage(user: Subject, locks: Locks = {}): User {
  return {
    userId: user.subjectId,
    loginName: user.loginName ?? '',
    email: user.email ?? '',
    emailVerified: user.emailVerified,
    pendingEmail: user.pendingEmail ?? '',
    phone: user.phone ?? '',
    phoneVerified: user.phoneVerified,
    pendingPhone: user.pendingPhone ?? '',
    displayName: user.displayName,
    attributes: toStruct(user.attributes),
    hasPassword: user.passwordHash !== null,
    mfaEnabled: user.mfaEnabled,
    disabled: user.disabled,
    createTime: toTimestamp(user.createTime),
    lockedUntil: optional(locks.lockedUntil),
    secondFactorLockedUntil: optional(locks.secondFactorLockedUntil),
  };
}

export function toRegisteredUserMessage({ subject, tokens }: Registered): RegisterUserResponse {
  return { user: toUserMessage(subject), tokens: tokens && toTokensMessage(tokens) };
}
