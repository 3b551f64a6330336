/** Bytes as text: every 4 bytes are 6 characters of base62, so that no big numbers are needed and texts sort as the bytes do. */

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BASE = ALPHABET.length;
const GROUP_BYTES = 4;
const GROUP_LENGTH = 6;
const MAX_GROUP = 2 ** 32 - 1;

/** By character code; 255 for what is not a digit. */
const VALUES = Uint8Array.from({ length: 128 }, (_, code) => {
  const value = ALPHABET.indexOf(String.fromCharCode(code));
  return value < 0 ? 255 : value;
});

/** Two digits each: three look-ups make a group. */
const PAIRS: readonly string[] = Array.from(
  { length: BASE ** 2 },
  (_, value) => ALPHABET.charAt(Math.floor(value / BASE)) + ALPHABET.charAt(value % BASE),
);

/** An unsigned number of 32 bits as 6 characters. */
export function encodeGroup(value: number): string {
  const upper = Math.floor(value / PAIRS.length);
  const first = Math.floor(upper / PAIRS.length);
  return `${PAIRS[first]}${PAIRS[upper - first * PAIRS.length]}${PAIRS[value - upper * PAIRS.length]}`;
}

/** Undefined for what is not 6 digits, or a number above 32 bits: each number has one text. */
export function decodeGroup(text: string, at: number): number | undefined {
  let value = 0;
  for (let i = 0; i < GROUP_LENGTH; i++) {
    const digit = VALUES[text.charCodeAt(at + i)] ?? 255;
    if (digit === 255) {
      return undefined;
    }
    value = value * BASE + digit;
  }
  return value > MAX_GROUP ? undefined : value;
}

/** A whole number of groups. */
export function encodeBytes(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += GROUP_BYTES) {
    text += encodeGroup(groupAt(bytes, i));
  }
  return text;
}

/** By hand: a DataView costs more than all the rest. */
function groupAt(bytes: Uint8Array, at: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}

export function decodeBytes(text: string, from = 0, to = text.length): Uint8Array | undefined {
  const bytes = new Uint8Array(((to - from) / GROUP_LENGTH) * GROUP_BYTES);
  for (let i = from, at = 0; i < to; i += GROUP_LENGTH, at += GROUP_BYTES) {
    const value = decodeGroup(text, i);
    if (value === undefined) {
      return undefined;
    }
    bytes[at] = value >>> 24;
    bytes[at + 1] = value >>> 16;
    bytes[at + 2] = value >>> 8;
    bytes[at + 3] = value;
  }
  return bytes;
}

/** Whether the text is whole groups from one place to another. */
export function areGroups(text: string, from: number, to: number): boolean {
  for (let i = from; i < to; i += GROUP_LENGTH) {
    if (decodeGroup(text, i) === undefined) {
      return false;
    }
  }
  return true;
}
