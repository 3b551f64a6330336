/** What a login is named by, and the one form in which each name is looked up, so that no alias escapes a lock. */
import { EMAIL_FORM } from './emails.ts';
import { emailHandle, type LoginHandle, loginNameHandle, phoneHandle } from './handles.ts';
import { LOGIN_NAME_FORM } from './names.ts';
import { parsePhone } from './phones.ts';

/** Characters of what is looked up; what is longer is refused before it is. */
export const MAX_USERNAME = 254;

/**
 * Reads a user name in any of its forms. What can be no name of anybody is undefined, and fails as an unknown name does.
 */
export function parseUsername(username: string): LoginHandle | undefined {
  if (username.startsWith('EMAIL:')) {
    return emailOf(username.slice('EMAIL:'.length));
  }
  if (username.startsWith('PHONE:')) {
    return phoneOf(username.slice('PHONE:'.length));
  }
  if (username.startsWith('LOGIN_NAME:')) {
    return loginNameOf(username.slice('LOGIN_NAME:'.length));
  }
  if (username.startsWith('+')) {
    return phoneOf(username);
  }
  return username.includes('@') ? emailOf(username) : loginNameOf(username);
}

function loginNameOf(text: string): LoginHandle | undefined {
  return LOGIN_NAME_FORM.test(text) ? loginNameHandle(text) : undefined;
}

function emailOf(text: string): LoginHandle | undefined {
  return EMAIL_FORM.test(text) ? emailHandle(text) : undefined;
}

/** `+819012341234`, or a country and a local number: `JP-9012341234`. */
function phoneOf(text: string): LoginHandle | undefined {
  const local = /^([A-Z]{2})-([0-9][0-9 \-().]*)$/i.exec(text);
  const number = local ? parsePhone(local[2] ?? '', local[1]?.toUpperCase()) : parsePhone(text);
  return number === undefined ? undefined : phoneHandle(number);
}
