import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toCode, toRecoveryCode } from '../../../src/core/text/codes.ts';

const CODE = '04918273';

describe('a code as people type it', () => {
  it.each([
    '0491 8273',
    '0491-8273',
    ' 04918273\n',
    '\t0491\u00a08273\r\n',
    '0491\u20118273',
    '0491 \u2013 8273',
    '0491\u22128273',
    '0491\u30fc8273',
    '\uff10\uff14\uff19\uff11\u3000\uff18\uff12\uff17\uff13',
    '\uff10\uff14\uff19\uff11\uff0d\uff18\uff12\uff17\uff13',
    // Arabic-Indic, Persian, Devanagari, and what surrounds numbers in text from right to left.
    '\u0660\u0664\u0669\u0661\u0668\u0662\u0667\u0663',
    '\u06f0\u06f4\u06f9\u06f1\u06f8\u06f2\u06f7\u06f3',
    '\u0966\u096a\u096f\u0967\u096e\u0968\u096d\u0969',
    '\u206804918273\u2069',
    '\u200e04918273\u200f',
    '\ufeff04918273',
  ])('%j', (typed) => {
    expect(toCode(typed)).toBe(CODE);
  });

  it.each([
    '049182733',
    '4918273',
    '0491827',
    'O4918273',
    '04918273a',
    '0491.8273',
    '+04918273',
    '\u2460' + '4918273',
    '',
  ])('%j is another', (typed) => {
    expect(toCode(typed)).not.toBe(CODE);
  });

  it('has the value of every digit there is', () => {
    const digits = Array.from({ length: 0x11_0000 }, (_, point) => point)
      .filter((point) => /\p{Nd}/u.test(String.fromCodePoint(point)))
      .map((point) => toCode(String.fromCodePoint(point)));
    expect(digits.length).toBeGreaterThanOrEqual(680);
    // Unicode section 4.6: they come in tens, from zero to nine.
    expect(digits).toEqual(digits.map((_, index) => String(index % 10)));
  });

  it('is one code only: nothing but separators is lost, and reading it again changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 64 }), (typed) => {
        const code = toCode(typed);
        expect(toCode(code)).toBe(code);
        const kept = [...typed].filter((c) => !/[\s\p{Pd}\p{Cf}\u2212\u30fc\uff70]/u.test(c));
        expect([...code]).toHaveLength(kept.length);
      }),
    );
  });
});

describe('a recovery code as people type it', () => {
  it.each([
    'K01QZ-0A1B2',
    'k01qz0a1b2',
    ' K01QZ 0A1B2\n',
    'kOIqz-oalb2',
    'KolQZ\u2013OAiB2',
    '\uff2b\uff10\uff11\uff31\uff3a\uff0d\uff10\uff21\uff11\uff22\uff12',
    '\uff4b\uff10\uff11\uff51\uff5a\uff10\uff41\uff11\uff42\uff12',
    'K\u0660\u0661QZ-\u0660A\u0661B\u0662',
  ])('%j', (typed) => {
    expect(toRecoveryCode(typed)).toBe('K01QZ0A1B2');
  });

  it.each(['K01QZ-0A1B', 'K01QZ-0A1B22', 'K01QZ-OA1BZ', 'K01QZ_0A1B2', '\u212a01QZ-0A1B2', 'K0\u0131QZ-0A1B2', ''])(
    '%j is another',
    (typed) => {
      expect(toRecoveryCode(typed)).not.toBe('K01QZ0A1B2');
    },
  );

  it('is the same when it is read again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 64 }), (typed) => {
        expect(toRecoveryCode(toRecoveryCode(typed))).toBe(toRecoveryCode(typed));
      }),
    );
  });
});
