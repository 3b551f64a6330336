/**
 * The form of tokens and client secrets: a prefix that tells the kind, 32 random bytes in base62, and a CRC32 of both in base62.
 * The checksum refuses rubbish without a look at the store; the prefix lets secret scanners find leaks.
 */
import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Digest, TokenKind } from './model.ts';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BASE = BigInt(ALPHABET.length);

/** Characters that 32 bytes take in base62, and those that a CRC32 takes. */
const BODY_LENGTH = 43;
const CHECKSUM_LENGTH = 6;

/** Bytes of randomness in a secret. */
export const SECRET_BYTES = 32;

export const ACCESS_PREFIXES = {
  USER: 'syu_',
  DEVICE: 'syd_',
  APPLICATION: 'syp_',
  ADMIN: 'sya_',
  ANONYMOUS: 'syn_',
} as const satisfies Record<TokenKind, string>;
export const REFRESH_PREFIX = 'syr_';
export const CLIENT_SECRET_PREFIX = 'sys_';

const TOKEN_FORM = /^sy[udpanr]_[0-9A-Za-z]{49}$/;

/** Writes an unsigned number of any size in base62, padded on the left to `length` characters. */
function toBase62(value: bigint, length: number): string {
  let rest = value;
  let text = '';
  while (rest > 0n) {
    text = ALPHABET[Number(rest % BASE)] + text;
    rest /= BASE;
  }
  return text.padStart(length, ALPHABET[0]);
}

/** Random bytes as base62 of a fixed length. */
export function base62(bytes: Uint8Array): string {
  const length = Math.ceil((bytes.length * 8) / Math.log2(ALPHABET.length));
  return toBase62(BigInt(`0x${Buffer.from(bytes).toString('hex')}`), length);
}

function checksum(text: string): string {
  let rest = crc32(text);
  let digits = '';
  for (let i = 0; i < CHECKSUM_LENGTH; i++) {
    digits = ALPHABET.charAt(rest % 62) + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}

/** Makes a secret of 53 characters from 32 random bytes. */
export function formatSecret(prefix: string, random: Uint8Array): string {
  if (random.length !== SECRET_BYTES) {
    throw new RangeError(`a secret is made of ${SECRET_BYTES} bytes, not ${random.length}`);
  }
  const body = prefix + base62(random);
  return body + checksum(body);
}

/** Whether a text can be a token at all: the right form, and the checksum is right. */
export function isToken(text: string): boolean {
  return TOKEN_FORM.test(text) && checksum(text.slice(0, -CHECKSUM_LENGTH)) === text.slice(-CHECKSUM_LENGTH);
}

/** Whether a well-formed token is a refresh token. */
export function isRefreshToken(text: string): boolean {
  return text.startsWith(REFRESH_PREFIX);
}

/** SHA-256. A secret has full entropy, so a plain hash is enough (OWASP ASVS 5.0, 6.5.2). */
export function digestOf(secret: string): Digest {
  // By way of a string, which is twice as fast as Node's own Buffer; the array is its own, so that it crosses threads alone.
  const text = hash('sha256', secret, 'binary');
  const digest = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    digest[i] = text.charCodeAt(i);
  }
  return digest;
}

/** The length of the body, for those who make up malformed tokens. */
export const SECRET_LENGTH = 4 + BODY_LENGTH + CHECKSUM_LENGTH;
