/** The messages about users. */
import type {
  RegisterUserRequest,
  RegisterUserResponse,
  TokenWish as TokenWishMessage,
  UpdateUserRequest,
  User,
  UserRef as UserRefMessage,
} from '../../../gen/ts/symbolon/v1/directory_service.ts';
import { SymbolonError } from '../../core/errors.ts';
import type { Subject } from '../../core/model.ts';
import type { UserRef } from '../../core/operations/directory/access.ts';
import type { Registered, TokenWish } from '../../core/operations/directory/registration.ts';
import type { NewUser, UserUpdate } from '../../core/operations/directory/users.ts';
import { attributesTextOf, structOf } from './attributes.ts';
import { missing, textOf } from './fields.ts';
import { pathsOf } from './masks.ts';
import { instantOf, timestampOf } from './time.ts';
import { tokensMessageOf } from './tokens.ts';

/** How a user is named where no access token will do. */
export type NamedUserRef = Exclude<UserRef, { by: 'access_token' }>;

export function userRefOf(message: UserRefMessage | undefined): UserRef {
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

export function namedUserRefOf(message: UserRefMessage | undefined): NamedUserRef {
  const ref = userRefOf(message);
  if (ref.by === 'access_token') {
    throw new SymbolonError('invalid_argument', 'user must be named by an id, a name or an address here');
  }
  return ref;
}

export function tokenWishOf(wish: TokenWishMessage): TokenWish {
  const { scopes, expireTime } = wish;
  return { scopes, ...(expireTime === undefined ? {} : { expireTime: instantOf(expireTime, 'expire_time') }) };
}

export function newUserOf(message: RegisterUserRequest): NewUser {
  const { emailVerified, phoneVerified, displayName, attributes, withToken } = message;
  const [loginName, email, phone] = [message.loginName, message.email, message.phone].map(textOf);
  const [phoneCountry, password] = [message.phoneCountry, message.password].map(textOf);
  return {
    ...(loginName === undefined ? {} : { loginName }),
    ...(email === undefined ? {} : { email }),
    ...(emailVerified ? { emailVerified } : {}),
    ...(phone === undefined ? {} : { phone }),
    ...(phoneCountry === undefined ? {} : { phoneCountry }),
    ...(phoneVerified ? { phoneVerified } : {}),
    ...(password === undefined ? {} : { password }),
    displayName,
    ...(attributes === undefined ? {} : { attributes: attributesTextOf(attributes) }),
    ...(withToken === undefined ? {} : { withTokens: tokenWishOf(withToken) }),
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
export function userUpdateOf(message: UpdateUserRequest): UserUpdate {
  const paths = pathsOf(message.updateMask, PATHS);
  const { emailVerified, phoneVerified, displayName, attributes = {} } = message;
  const [phoneCountry, password] = [message.phoneCountry, message.password].map(textOf);
  return {
    ...(paths.has('login_name') ? { loginName: textOf(message.loginName) ?? null } : {}),
    ...(paths.has('email') ? { email: textOf(message.email) ?? null } : {}),
    ...(paths.has('email_verified') ? { emailVerified } : {}),
    ...(paths.has('phone') ? { phone: textOf(message.phone) ?? null } : {}),
    ...(phoneCountry === undefined ? {} : { phoneCountry }),
    ...(paths.has('phone_verified') ? { phoneVerified } : {}),
    ...(paths.has('display_name') ? { displayName } : {}),
    ...(paths.has('attributes') ? { attributes: attributesTextOf(attributes) } : {}),
    ...(password === undefined ? {} : { password }),
  };
}

export function userMessageOf(user: Subject): User {
  return {
    userId: user.subjectId,
    loginName: user.loginName ?? '',
    email: user.email ?? '',
    emailVerified: user.emailVerified,
    phone: user.phone ?? '',
    phoneVerified: user.phoneVerified,
    displayName: user.displayName,
    attributes: structOf(user.attributes),
    hasPassword: user.passwordHash !== null,
    mfaEnabled: user.mfaEnabled,
    disabled: user.disabled,
    createTime: timestampOf(user.createTime),
  };
}

export function registeredUserMessageOf({ subject, tokens }: Registered): RegisterUserResponse {
  return { user: userMessageOf(subject), tokens: tokens && tokensMessageOf(tokens) };
}
