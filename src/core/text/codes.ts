/** Codes as people type them from a mail, an SMS, an app or a sheet of paper. What is compared is what these functions answer. */
import { toAsciiDigits, toNarrow, withoutSeparators } from './typed.ts';

/** UTF-16 units of what is typed. */
export const MAX_CODE = 64;

/** Of codes that are digits: those that were sent, and one-time passwords (RFC 6238). A letter stays, and makes the code wrong. */
export function toCode(typed: string): string {
  return toAsciiDigits(withoutSeparators(typed));
}

/** Of recovery codes, in Crockford's base32: any case, and O is 0, I and L are 1. */
export function toRecoveryCode(typed: string): string {
  const code = toCode(toNarrow(typed));
  return /^[0-9a-zA-Z]+$/.test(code) ? code.toUpperCase().replaceAll('O', '0').replace(/[IL]/g, '1') : code;
}
