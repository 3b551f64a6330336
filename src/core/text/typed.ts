/** What input methods write in place of ASCII, where ASCII is meant. */

/** The full-width forms of ASCII (U+FF01 to U+FF5E) as ASCII: width mapping, RFC 8265 section 3.3. */
export function toNarrow(typed: string): string {
  return typed.replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0));
}

/** The decimal digits of every script as 0 to 9. */
export function toAsciiDigits(typed: string): string {
  return typed.replace(/\p{Nd}/gu, toAsciiDigit);
}

/** Unicode section 4.6: digits come in tens from zero to nine, and no ten begins within another. */
function toAsciiDigit(digit: string): string {
  const point = digit.codePointAt(0) ?? 0;
  let before = 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(point - before - 1))) {
    before += 1;
  }
  return String(before % 10);
}

/** Spaces, hyphens of all kinds, and what is not seen: they stand between the groups of a number or around it, and say nothing. */
export function withoutSeparators(typed: string): string {
  return typed.replace(/[\s\p{Pd}\p{Cf}\u2212\u30fc\uff70]/gu, '');
}
