/** Passwords of users and devices, as the OpaqueString profile prepares them (RFC 8265 section 4.2). Secrets of clients are not people's. */
import { SymbolonError } from '../errors.ts';

declare const PREPARED: unique symbol;

/** What is hashed of a password. Only this file makes one, so that no door hashes or checks what was typed as it came. */
export type Password = string & { readonly [PREPARED]: true };

/** Of users, in code points of what is hashed; a device's password may have one. */
export const MIN_PASSWORD = 4;
/** In UTF-8, of what is hashed. */
const MAX_PASSWORD_BYTES = 1_024;
/** UTF-16 units of what is typed; NFC makes no text shorter than a third. */
const MAX_TYPED = 3 * MAX_PASSWORD_BYTES;
/** UAX 15, stream-safe text: no language puts more than 30 marks on a letter, and to put them in order takes the square of their number. */
const TOO_MANY_MARKS = /\p{M}{31}/u;

function invalid(message: string): SymbolonError {
  return new SymbolonError('invalid_argument', message, { about: { field: 'password', value: '' } });
}

/**
 * One form for what keyboards write in several: every space is U+0020 (Zs), and accents are put together (NFC). Case, width and all else
 * stay. Where a password is set and where it is checked alike, so that one hash decides (decision 0090).
 */
export function toPassword(typed: string): Password {
  return typed.replace(/\p{Zs}/gu, ' ').normalize('NFC') as Password;
}

/** Any password that somebody may have. */
export function requirePassword(typed: string): Password {
  if (typed.length === 0) {
    throw invalid('password is missing');
  }
  if (typed.length > MAX_TYPED) {
    throw tooLong();
  }
  if (typed.includes('\0')) {
    throw invalid('password must not have a NUL character');
  }
  // Half of a surrogate pair is hashed as U+FFFD, as any other half is.
  if (!typed.isWellFormed()) {
    throw invalid('password is not valid Unicode');
  }
  if (TOO_MANY_MARKS.test(typed)) {
    throw invalid('password must have at most 30 accents on one letter');
  }
  const password = toPassword(typed);
  if (Buffer.byteLength(password) > MAX_PASSWORD_BYTES) {
    throw tooLong();
  }
  return password;
}

function tooLong(): SymbolonError {
  return invalid(`password must be at most ${MAX_PASSWORD_BYTES} bytes`);
}

/** Of a user. A line break that was pasted along would keep out who types the password. */
export function requireNewPassword(typed: string): Password {
  if (typed.length < MIN_PASSWORD) {
    throw tooShort();
  }
  const password = requirePassword(typed);
  if ([...password].length < MIN_PASSWORD) {
    throw tooShort();
  }
  if (/\p{Cc}/u.test(password)) {
    throw invalid('password must not have control characters, such as line breaks');
  }
  return password;
}

function tooShort(): SymbolonError {
  return invalid(`password must be at least ${MIN_PASSWORD} characters`);
}
