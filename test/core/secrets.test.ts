import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CLIENT_SECRET_PREFIX,
  digestOf,
  formatSecret,
  isSecret,
  PENDING_LOGIN_PREFIX,
  SECRET_BYTES,
} from '../../src/core/secrets.ts';
import { parseToken } from '../../src/core/token-form.ts';
import { madeUp } from './made-up.ts';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const LENGTH = 58;
const PREFIX = PENDING_LOGIN_PREFIX;

const someBytes = fc.uint8Array({ minLength: SECRET_BYTES, maxLength: SECRET_BYTES });
const somePrefix = fc.constantFrom(CLIENT_SECRET_PREFIX, PENDING_LOGIN_PREFIX);
const someSecret = fc.record({ prefix: somePrefix, random: someBytes });

describe('the checksum', () => {
  it('is the CRC32 whose check value is 0xCBF43926', () => {
    expect(crc32('123456789')).toBe(0xcbf43926);
  });

  it('is the CRC32 of all that comes before it, in base62', () => {
    fc.assert(
      fc.property(someSecret, ({ prefix, random }) => {
        const secret = formatSecret(prefix, random);
        const number = [...secret.slice(-6)].reduce((sum, digit) => sum * 62 + ALPHABET.indexOf(digit), 0);
        expect(number).toBe(crc32(secret.slice(0, -6)));
      }),
    );
  });

  it('refuses a secret of which any one character was changed', () => {
    const someChange = fc.record({ at: fc.nat(LENGTH - 1), to: fc.constantFrom(...ALPHABET, '_', '-') });
    fc.assert(
      fc.property(someSecret, someChange, ({ prefix, random }, { at, to }) => {
        const secret = formatSecret(prefix, random);
        fc.pre(secret[at] !== to);
        expect(isSecret(prefix, secret.slice(0, at) + to + secret.slice(at + 1))).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  it('refuses a secret of which two neighbours were swapped', () => {
    fc.assert(
      fc.property(someSecret, fc.nat(LENGTH - 2), ({ prefix, random }, at) => {
        const secret = formatSecret(prefix, random);
        fc.pre(secret[at] !== secret[at + 1]);
        const swapped = secret.slice(0, at) + secret[at + 1] + secret[at] + secret.slice(at + 2);
        expect(isSecret(prefix, swapped)).toBe(false);
      }),
    );
  });
});

describe('a secret', () => {
  it('is 58 characters behind the prefix of its kind, and is one of that kind alone', () => {
    fc.assert(
      fc.property(someSecret, ({ prefix, random }) => {
        const secret = formatSecret(prefix, random);
        expect(secret).toMatch(/^sy[sm]_[A-Za-z0-9]{54}$/);
        expect(isSecret(CLIENT_SECRET_PREFIX, secret)).toBe(prefix === CLIENT_SECRET_PREFIX);
        expect(isSecret(PENDING_LOGIN_PREFIX, secret)).toBe(prefix === PENDING_LOGIN_PREFIX);
      }),
    );
  });

  it('is no token, and no token is a secret', () => {
    expect(parseToken(formatSecret(PREFIX, new Uint8Array(SECRET_BYTES)))).toBeUndefined();
    expect(isSecret(PREFIX, madeUp('access'))).toBe(false);
    expect(isSecret('syr_', madeUp('refresh'))).toBe(false);
  });

  it('is pinned in its form, for what is issued must be readable for decades', () => {
    const random = Uint8Array.from({ length: SECRET_BYTES }, (_, i) => i);
    expect(formatSecret('sys_', random)).toBe('sys_000HBL04Yxj5097eGp0DgKoZ0IF1MJ0Mnhu30RMORn0Vv4zX0NtxuQ');
  });

  it.each([
    ['nothing', ''],
    ['a prefix alone', PREFIX],
    ['another’s token', 'ghp_16C7e42F292c6912E7710c838347Ae178B4a'],
    ['a JWT', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U'],
    ['a secret with a line break behind it', `${formatSecret(PREFIX, new Uint8Array(32))}\n`],
    ['a secret with a space before it', ` ${formatSecret(PREFIX, new Uint8Array(32))}`],
    ['a secret twice', formatSecret(PREFIX, new Uint8Array(32)).repeat(2)],
    ['a secret in lower case', formatSecret(PREFIX, new Uint8Array(32).fill(7)).toLowerCase()],
  ])('is not %s', (_, text) => {
    expect(isSecret(PREFIX, text)).toBe(false);
  });

  it('is not any text that comes along', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !isSecret(PREFIX, PREFIX + text)));
  });

  it('is made of 32 bytes and of no other number', () => {
    for (const length of [0, 31, 33]) {
      expect(() => formatSecret(PREFIX, new Uint8Array(length))).toThrow(RangeError);
    }
  });
});

it('a digest is the SHA-256 of the text (FIPS 180-4), in an array of its own', () => {
  const expected = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  const digest = digestOf('abc');
  expect(Buffer.from(digest).toString('hex')).toBe(expected);
  expect(digest.buffer.byteLength).toBe(32);
});
