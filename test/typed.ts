/** How people and input methods write what they were told. */

/** ASCII in its full-width forms, as a Japanese keyboard writes it. */
export function wide(text: string): string {
  return text.replace(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0));
}

const zeroAt = (zero: number) => (text: string) =>
  text.replace(/[0-9]/g, (c) => String.fromCodePoint(zero + Number(c)));

/** Ways to write a code of digits. */
export const WRITTEN: readonly [string, (code: string) => string][] = [
  ['with a space', (code) => `${code.slice(0, 3)} ${code.slice(3)}`],
  ['with a hyphen and a line break', (code) => `${code.slice(0, 4)}-${code.slice(4)}\r\n`],
  ['with a dash and a no-break space', (code) => `${code.slice(0, 4)}\u2013\u00a0${code.slice(4)}`],
  ['in full-width digits', (code) => wide(`${code.slice(0, 4)}-${code.slice(4)}`)],
  ['in Arabic-Indic digits', zeroAt(0x660)],
  ['in Persian digits', zeroAt(0x6f0)],
  ['within marks of direction', (code) => `\u2068${code}\u2069`],
];
