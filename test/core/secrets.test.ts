import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ACCESS_PREFIXES,
  base62,
  CLIENT_SECRET_PREFIX,
  digestOf,
  formatSecret,
  isRefreshToken,
  isToken,
  REFRESH_PREFIX,
  SECRET_BYTES,
  SECRET_LENGTH,
} from '../../src/core/secrets.ts';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const TOKEN_PREFIXES = [...Object.values(ACCESS_PREFIXES), REFRESH_PREFIX];

const someBytes = fc.uint8Array({ minLength: SECRET_BYTES, maxLength: SECRET_BYTES });
const someToken = fc.record({ prefix: fc.constantFrom(...TOKEN_PREFIXES), random: someBytes });

describe('the checksum', () => {
  it('is the CRC32 whose check value is 0xCBF43926', () => {
    expect(crc32('123456789')).toBe(0xcbf43926);
  });

  it('is the CRC32 of all that comes before it, in base62', () => {
    fc.assert(
      fc.property(someToken, ({ prefix, random }) => {
        const token = formatSecret(prefix, random);
        const number = [...token.slice(-6)].reduce((sum, digit) => sum * 62 + ALPHABET.indexOf(digit), 0);
        expect(number).toBe(crc32(token.slice(0, -6)));
      }),
    );
  });

  it('refuses a token of which any one character was changed', () => {
    const someChange = fc.record({ at: fc.nat(SECRET_LENGTH - 1), to: fc.constantFrom(...ALPHABET, '_', '-') });
    fc.assert(
      fc.property(someToken, someChange, ({ prefix, random }, { at, to }) => {
        const token = formatSecret(prefix, random);
        fc.pre(token[at] !== to);
        expect(isToken(token.slice(0, at) + to + token.slice(at + 1))).toBe(false);
      }),
      { numRuns: 5_000 },
    );
  });

  it('refuses a token of which two neighbours were swapped', () => {
    fc.assert(
      fc.property(someToken, fc.nat(SECRET_LENGTH - 2), ({ prefix, random }, at) => {
        const token = formatSecret(prefix, random);
        fc.pre(token[at] !== token[at + 1]);
        expect(isToken(token.slice(0, at) + token[at + 1] + token[at] + token.slice(at + 2))).toBe(false);
      }),
    );
  });
});

describe('a token', () => {
  it('fits into 120 characters of [A-Za-z0-9_-] behind the prefix of its kind, and is one', () => {
    fc.assert(
      fc.property(someToken, ({ prefix, random }) => {
        const token = formatSecret(prefix, random);
        expect(token).toMatch(/^[A-Za-z0-9_-]{1,120}$/);
        expect(token).toHaveLength(SECRET_LENGTH);
        expect(token.startsWith(prefix)).toBe(true);
        expect(isToken(token)).toBe(true);
        expect(isRefreshToken(token)).toBe(prefix === REFRESH_PREFIX);
      }),
    );
  });

  it('has a prefix of its own for each kind', () => {
    expect(new Set([...TOKEN_PREFIXES, CLIENT_SECRET_PREFIX]).size).toBe(7);
  });

  it('is of the same length when its random bytes are all zero or all ones', () => {
    for (const byte of [0, 0xff]) {
      expect(isToken(formatSecret('syu_', new Uint8Array(32).fill(byte)))).toBe(true);
    }
  });

  it('is pinned in its form, for what is issued must be readable for decades', () => {
    const random = Uint8Array.from({ length: 32 }, (_, i) => i);
    expect(formatSecret('syu_', random)).toBe('syu_003aUlTJC7tjlCTQj2uNU3MFagCXG9LRKRcwGkBIDlf2lY4o3');
  });

  it.each([
    ['nothing', ''],
    ['a prefix alone', 'syu_'],
    ['another’s token', 'ghp_16C7e42F292c6912E7710c838347Ae178B4a'],
    ['a JWT', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U'],
    ['a client’s secret', formatSecret(CLIENT_SECRET_PREFIX, new Uint8Array(32))],
    ['a token with a line break behind it', `${formatSecret('syu_', new Uint8Array(32))}\n`],
    ['a token with a space before it', ` ${formatSecret('syu_', new Uint8Array(32))}`],
    ['a token twice', formatSecret('syu_', new Uint8Array(32)).repeat(2)],
    ['a token in lower case', formatSecret('syu_', new Uint8Array(32).fill(7)).toLowerCase()],
  ])('is not %s', (_, text) => {
    expect(isToken(text)).toBe(false);
  });

  it('is not any text that comes along', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !isToken(text)));
  });

  it('is made of 32 bytes and of no other number', () => {
    for (const length of [0, 31, 33]) {
      expect(() => formatSecret('syu_', new Uint8Array(length))).toThrow(RangeError);
    }
  });
});

it('base62 keeps every bit, and is as long for small numbers as for large ones', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
      const text = base62(bytes);
      const number = [...text].reduce((sum, digit) => sum * 62n + BigInt(ALPHABET.indexOf(digit)), 0n);
      expect(text).toHaveLength(22);
      expect(number.toString(16).padStart(32, '0')).toBe(Buffer.from(bytes).toString('hex'));
    }),
  );
});

it('a digest is the SHA-256 of the text (FIPS 180-4)', () => {
  const expected = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  expect(Buffer.from(digestOf('abc')).toString('hex')).toBe(expected);
});
