/** What a login is named by, and the one form in which each name is looked up, so that no alias escapes a lock. */

import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { emailHandle, type LoginHandle, loginNameHandle, phoneHandle } from './handles.ts';

export const LOGIN_NAME_FORM = /^[a-zA-Z0-9\-_.]{3,64}$/;
export const VENDOR_ID_FORM = /^[a-zA-Z0-9\-_.]{1,200}$/;
export const EMAIL_FORM = /^[^\s@\p{Cc}]{1,64}@[^\s@\p{Cc}]{1,189}$/u;
export const TENANT_ID_FORM = /^[a-z0-9][a-z0-9\-_]{0,62}$/;
export const CLIENT_ID_FORM = /^[a-zA-Z0-9\-_.]{1,128}$/;
/** RFC 6749 appendix A.4: scope-token. */
export const SCOPE_FORM = /^[\x21\x23-\x5B\x5D-\x7E]{1,128}$/;
export const REQUEST_ID_FORM = /^[\x21-\x7E]{1,128}$/;

/** Characters of what is looked up; what is longer is refused before it is. */
export const MAX_USERNAME = 254;
export const MAX_PASSWORD_BYTES = 1_024;
export const MAX_SCOPES = 64;
export const MAX_TOKEN = 4_096;
export const MAX_ID = 256;
export const MAX_CODE = 64;

/** Turns a phone number of a country (ISO 3166 alpha-2), or an international one, into E.164; undefined when it is none. */
export function parsePhone(number: string, country?: string): string | undefined {
  const parsed =
    country === undefined
      ? parsePhoneNumberFromString(number)
      : isSupportedCountry(country)
        ? parsePhoneNumberFromString(number, country)
        : undefined;
  return parsed?.isPossible() ? parsed.number : undefined;
}

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

const SCRIPTS = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u, /\p{Script=Armenian}/u];

/**
 * Whether a text could be taken for another by people: invisible characters, compatibility forms (Unicode UAX 15), or one label of
 * two alphabets whose letters look alike (UTS 39 section 5.1).
 */
export function isLookAlike(text: string): boolean {
  if (/[\p{Cf}\p{Zs}]/u.test(text) || text.normalize('NFKC') !== text.normalize('NFC')) {
    return true;
  }
  return text.split(/[@.]/).some((label) => SCRIPTS.filter((script) => script.test(label)).length > 1);
}
