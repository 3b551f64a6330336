/** What people name somebody by, and the one form in which each name is looked up, so that no spelling escapes a lock. */
import { toEmail } from './emails.ts';
import { type LoginHandle, loginNameHandle, phoneHandle, vendorIdHandle } from './handles.ts';
import { toLoginName, toVendorId } from './names.ts';
import { toPhone } from './phones.ts';
import { toNarrow } from './typed.ts';

/** UTF-16 units of what is looked up, without its prefix; what is longer is refused before it is. */
export const MAX_USERNAME = 254;

const PREFIX = /^(EMAIL|PHONE|LOGIN_NAME):/;

/**
 * Reads a user name in any of its forms. What can be no name of anybody is undefined, and fails as an unknown name does.
 */
export function parseUsername(typed: string): LoginHandle | undefined {
  const username = toNarrow(typed).trim();
  const name = username.replace(PREFIX, '');
  switch (PREFIX.exec(username)?.[1]) {
    case 'EMAIL':
      return toEmailHandle(name);
    case 'PHONE':
      return toPhoneHandle(name);
    case 'LOGIN_NAME':
      return toLoginNameHandle(name);
    default:
      return name.includes('@')
        ? toEmailHandle(name)
        : name.startsWith('+')
          ? toPhoneHandle(name)
          : toLoginNameHandle(name);
  }
}

export function withoutPrefix(username: string): string {
  return username.replace(PREFIX, '');
}

export function toLoginNameHandle(typed: string): LoginHandle | undefined {
  const name = toLoginName(typed);
  return name === undefined ? undefined : loginNameHandle(name);
}

export function toEmailHandle(typed: string): LoginHandle | undefined {
  const key = toEmail(typed)?.key;
  return key === undefined ? undefined : { kind: 'email', key };
}

/** `+819012341234`, or a country and a local number: `JP-9012341234`. */
export function toPhoneHandle(typed: string): LoginHandle | undefined {
  const [, country, local = typed] = /^\s*([A-Z]{2})-(.+)$/is.exec(typed) ?? [];
  const number = toPhone(local, country);
  return number === undefined ? undefined : phoneHandle(number);
}

export function toVendorIdHandle(typed: string): LoginHandle | undefined {
  const id = toVendorId(typed);
  return id === undefined ? undefined : vendorIdHandle(id);
}
