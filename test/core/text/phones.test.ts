import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refusePhone, toPhone } from '../../../src/core/text/phones.ts';
import { wide } from '../../typed.ts';

describe('a phone number', () => {
  it.each([
    '+819012341234',
    '+81 90-1234-1234',
    '+81 (0)90 1234 1234',
    '+81.90.1234.1234',
    '+81/90/12341234',
    ' +819012341234\n',
    '\u202a+81 90 1234 1234\u202c',
    wide('+81-90-1234-1234'),
    '+81\u30fc90\u30fc1234\u30fc1234',
    '+\u0668\u0661\u0669\u0660\u0661\u0662\u0663\u0664\u0661\u0662\u0663\u0664',
  ])('is the same as %j', (typed) => {
    expect(toPhone(typed)).toBe('+819012341234');
  });

  it.each([
    ['090-1234-1234', 'JP'],
    ['\uff10\uff19\uff10\u30fc1234\u30fc1234', 'JP'],
    ['9012341234', ' jp '],
    ['010 81 90 1234 1234', 'JP'],
    ['00 81 90 1234 1234', 'DE'],
    // The country is not looked at.
    ['+81 90 1234 1234', 'US'],
    ['\uff0b81 90 1234 1234', 'Nippon'],
  ])('may be local: %j of %j', (typed, country) => {
    expect(toPhone(typed, country)).toBe('+819012341234');
  });

  it.each(['+8719011112222', '+999123456789', '+12025550123456', '+1234567', '+123456789012345'])(
    '%j is well-formed, whatever a list says of it',
    (typed) => {
      expect(toPhone(typed)).toBe(typed);
    },
  );

  it.each([
    ['+1 213 373 4253 ext. 5', 'no extension'],
    ['+1 213 373 4253 x5', 'no extension'],
    ['+1 213 373 4253;ext=5', 'no extension'],
    ['+1 213 373 4253#5', 'no extension'],
    ['+1 213 373 4253,5', 'no extension'],
    ['+1 213 373 4253 \uff585', 'no extension'],
    ['+1 213 373 4253 \u0434\u043e\u0431. 5', 'no extension'],
    ['+1 800 FLOWERS', 'no letters'],
    ['tel:+12133734253', 'no letters'],
    ['+1 213 373 4253 / +1 213 373 4254', 'no extension'],
    ['+123456', 'its country code'],
    ['+1234567890123456', 'its country code'],
    ['+0812345678', 'its country code'],
    ['0081 90 1234 1234', 'its country code'],
    ['9012341234', 'its country code'],
    ['', 'its country code'],
    ['+', 'its country code'],
    ['ann', 'its country code'],
    [`+81 90 1234 1234${' '.repeat(100)}`, 'digits alone'],
  ])('is refused as %j', (typed, reason) => {
    expect(toPhone(typed)).toBeUndefined();
    expect(refusePhone(typed)).toContain(reason);
  });

  it.each([
    ['090-1234-1234', 'XX'],
    ['090-1234-1234', ''],
    ['12', 'JP'],
    ['090-1234-1234-5678', 'JP'],
    ['213 373 4253 ext. 5', 'US'],
  ])('is refused as %j of %j', (typed, country) => {
    expect(toPhone(typed, country)).toBeUndefined();
    expect(refusePhone(typed, country)).toMatch(/^must be /);
  });

  it('is E.164, and stays as it is when it is read again', () => {
    const near = fc.string({ unit: fc.constantFrom(...'+0123456789 -()./x#;\u0660\uff11'.split('')), maxLength: 24 });
    const country = fc.constantFrom(undefined, 'JP', 'US', 'IT', 'DE', 'AR', 'MX', 'XX');
    fc.assert(
      fc.property(
        fc.oneof(
          near,
          near.map((digits) => `+${digits}`),
          fc.string({ unit: 'binary' }),
        ),
        country,
        (typed, of) => {
          const number = toPhone(typed, of);
          expect(refusePhone(typed, of) === undefined).toBe(number !== undefined);
          if (number !== undefined) {
            expect(number).toMatch(/^\+[1-9][0-9]{6,14}$/);
            expect(toPhone(number, of)).toBe(number);
            expect(toPhone(number)).toBe(number);
          }
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it('has one form, also where it is written with two trunk prefixes', () => {
    for (const written of ['+86008291549402', '+8608291549402', '+868291549402']) {
      expect(toPhone(written)).toBe('+868291549402');
    }
    // What is left of this one is too short.
    expect(toPhone('000403', 'DE')).toBeUndefined();
  });
});
