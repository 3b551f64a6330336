import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requireNewPassword, requirePassword, toPassword } from '../../../src/core/text/passwords.ts';

const refused = expect.objectContaining({ code: 'invalid_argument', about: { field: 'password', value: '' } });

describe('what is hashed of a password', () => {
  it.each([
    ['plain', 'plain'],
    ['pe\u0301', 'p\u00e9'],
    ['\u212b', '\u00c5'],
    ['a\u00a0b\u3000c\u2003d', 'a b c d'],
    [' kept ', ' kept '],
    // RFC 8265 section 4.2.2: no width mapping, no case mapping.
    ['\uff21Aa', '\uff21Aa'],
    ['\ufb01', '\ufb01'],
    ['tab\tand\u200d', 'tab\tand\u200d'],
  ])('of %j is %j', (typed, hashed) => {
    expect(requirePassword(typed)).toBe(hashed);
  });

  it('is the same of every canonical spelling, and preparing it again changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (typed) => {
        const password = toPassword(typed);
        expect(toPassword(password)).toBe(password);
        expect(toPassword(typed.normalize('NFD'))).toBe(password);
        expect(toPassword(typed.normalize('NFC'))).toBe(password);
      }),
    );
  });

  it('of printable ASCII is what was typed', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\x20-\x7e]{1,200}$/), (typed) => {
        expect(requirePassword(typed)).toBe(typed);
      }),
    );
  });
});

describe('a password', () => {
  it('may have 1,024 bytes in the form that is hashed', () => {
    expect(() => requirePassword('a'.repeat(1_024))).not.toThrow();
    expect(() => requirePassword('\u00e9'.repeat(512))).not.toThrow();
    expect(() => requirePassword('e\u0301'.repeat(512))).not.toThrow();
    expect(() => requirePassword('\u1100\u1161\u11a8'.repeat(341))).not.toThrow();
  });

  it.each([
    ['', 'password is missing'],
    ['a'.repeat(1_025), 'password must be at most 1024 bytes'],
    ['\u00e9'.repeat(513), 'password must be at most 1024 bytes'],
    ['e\u0301'.repeat(513), 'password must be at most 1024 bytes'],
    [`a${'\u0301\u0323'.repeat(100_000)}`, 'password must be at most 1024 bytes'],
    [`a${'\u0301\u0323'.repeat(16)}`, 'password must have at most 30 accents on one letter'],
    ['pass\0word', 'password must not have a NUL character'],
    ['pass\ud800', 'password is not valid Unicode'],
  ])('may not be %j', (password, message) => {
    expect(() => requirePassword(password)).toThrow(refused);
    expect(() => requirePassword(password)).toThrow(message);
  });

  it('is not told in the message', () => {
    expect(() => requirePassword(`hunter2${'x'.repeat(1_100)}`)).toThrow(/^(?!.*hunter2)/);
  });
});

describe('a new password of a user', () => {
  it.each([['abcd'], ['\u{1f511}\u{1f511}\u{1f511}\u{1f511}'], ['\u{1f468}\u200d\u{1f469}\u200d']])(
    'may be %j',
    (password) => {
      expect(requireNewPassword(password)).toBe(password);
    },
  );

  // NIST SP 800-63B counts code points.
  it.each([[''], ['abc'], ['e\u0301e\u0301'], ['\u{1f511}\u{1f511}']])('is too short as %j', (password) => {
    expect(() => requireNewPassword(password)).toThrow(refused);
    expect(() => requireNewPassword(password)).toThrow('password must be at least 4 characters');
  });

  it.each([['pass\n'], ['pa\tss'], ['pass\u0085']])('has no controls, as %j has', (password) => {
    expect(() => requireNewPassword(password)).toThrow('password must not have control characters');
  });
});
