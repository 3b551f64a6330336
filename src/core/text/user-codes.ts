/** The code that a person types to approve a device (RFC 8628 section 6.1): 8 of 20 consonants, which spell no words and look unlike. */
import { toNarrow, withoutSeparators } from './typed.ts';

const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';
const LENGTH = 8;
const HALF = LENGTH / 2;
/** Bytes from here on would make some letters more frequent. */
const FAIR_BYTES = 256 - (256 % LETTERS.length);

/** UTF-16 units of what is typed. */
export const MAX_USER_CODE = 64;

/** What is compared: any case, with and without spaces and hyphens. Undefined: nobody's. */
export function toUserCode(typed: string): string | undefined {
  const code = withoutSeparators(toNarrow(typed)).toUpperCase();
  return code.length === LENGTH && [...code].every((letter) => LETTERS.includes(letter)) ? code : undefined;
}

/** As it is shown: `XXXX-XXXX`. */
export function showUserCode(code: string): string {
  return `${code.slice(0, HALF)}-${code.slice(HALF)}`;
}

export function newUserCode(random: (bytes: number) => Uint8Array): string {
  let code = '';
  while (code.length < LENGTH) {
    for (const byte of random(2 * LENGTH)) {
      code += byte < FAIR_BYTES && code.length < LENGTH ? LETTERS.charAt(byte % LETTERS.length) : '';
    }
  }
  return code;
}
