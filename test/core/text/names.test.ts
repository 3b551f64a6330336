import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refuseDisplayName, toLoginName, toVendorId } from '../../../src/core/text/names.ts';
import { wide } from '../../typed.ts';

describe('a login name', () => {
  it.each([
    ['Ann.A-1_x', 'Ann.A-1_x'],
    [' ann\n', 'ann'],
    [wide('Ann_1'), 'Ann_1'],
    ['ann\u3000', 'ann'],
  ])('typed as %j is kept as %j', (typed, kept) => {
    expect(toLoginName(typed)).toBe(kept);
  });

  it.each(['ab', 'a b c', 'ann\0', 'an\u200bn', '\u202eann', '\u0430nn', '\u212aann', '\u00e4nn', 'a'.repeat(65)])(
    'is refused as %j',
    (typed) => {
      expect(toLoginName(typed)).toBeUndefined();
    },
  );

  it('stays as it is when it is read again, as a vendor id does', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^\s?[\w.-]{1,70}\s?$/).map(wide)),
        (typed) => {
          for (const to of [toLoginName, toVendorId]) {
            const name = to(typed);
            expect(name === undefined ? undefined : to(name)).toBe(name);
          }
        },
      ),
    );
  });
});

describe('a display name', () => {
  it.each([
    [''],
    ['Bob \u2615'],
    ['\u5c71\u7530 \u592a\u90ce'],
    ['\u05d3\u05e0\u05d9 (Dani)'],
    ['\u200fDani\u200e'],
    ['\u2067\u05d3\u05e0\u05d9\u2069 and \u202bx\u202c'],
    ['\u{1f468}\u200d\u{1f469}\u200d\u{1f467}'],
    ['\u{1f600}'.repeat(256)],
    ['a'.repeat(256)],
  ])('may be %j', (name) => {
    expect(refuseDisplayName(name)).toBeUndefined();
  });

  it.each([
    ['a'.repeat(257), '256 characters'],
    ['\u{1f600}'.repeat(257), '256 characters'],
    ['Ann\nEve', 'control'],
    ['Ann\u2028Eve', 'control'],
    ['Ann\u0085', 'control'],
    ['Ann\ud800', 'control'],
    ['Ann\u202egnp.exe', 'direction'],
    ['Ann\u202d', 'direction'],
    ['Ann\u202e\u202c', 'direction'],
    ['Ann\u2067', 'direction'],
    ['Ann\u2069', 'direction'],
    ['\u2067Ann\u202c', 'direction'],
    ['\u2067\u202bAnn\u2069\u202c', 'direction'],
  ])('may not be %j', (name, reason) => {
    expect(refuseDisplayName(name)).toContain(reason);
  });
});
