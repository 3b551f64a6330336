import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBytes, decodeGroup, encodeBytes, encodeGroup } from '../../src/core/base62.ts';

const MAX = 2 ** 32 - 1;
const someNumber = fc.integer({ min: 0, max: MAX });
const someBytes = fc.array(someNumber, { maxLength: 8 }).map((groups) => {
  const bytes = Buffer.alloc(groups.length * 4);
  groups.forEach((group, i) => {
    bytes.writeUInt32BE(group, i * 4);
  });
  return bytes;
});

describe('a group', () => {
  it.each([
    [0, '000000'],
    [1, '000001'],
    [61, '00000z'],
    [62, '000010'],
    [MAX, '4gfFC3'],
  ])('%i is %s', (number, text) => {
    expect(encodeGroup(number)).toBe(text);
    expect(decodeGroup(text, 0)).toBe(number);
  });

  it('is one text for one number, and sorts as the numbers do', () => {
    fc.assert(
      fc.property(someNumber, someNumber, (one, other) => {
        expect(encodeGroup(one)).toHaveLength(6);
        expect(decodeGroup(encodeGroup(one), 0)).toBe(one);
        expect(encodeGroup(one) < encodeGroup(other)).toBe(one < other);
      }),
    );
  });

  it('above 32 bits is none, so that no number has two texts', () => {
    for (const text of ['4gfFC4', '4gfFD0', '500000', 'zzzzzz']) {
      expect(decodeGroup(text, 0)).toBeUndefined();
      expect(decodeBytes(`000000${text}`)).toBeUndefined();
    }
  });

  it.each(['', '00000', '00000-', '_00000', '00é000', '0000\u0130 '])('%j is none', (text) => {
    expect(decodeGroup(text, 0)).toBeUndefined();
  });
});

it('bytes are kept bit for bit, and sort as their texts do', () => {
  fc.assert(
    fc.property(someBytes, someBytes, (one, other) => {
      expect(Buffer.from(decodeBytes(encodeBytes(one)) ?? [1])).toEqual(one);
      fc.pre(one.length === other.length);
      expect(encodeBytes(one) < encodeBytes(other)).toBe(Buffer.compare(one, other) < 0);
    }),
  );
});

it('bytes are read from where they lie in a larger buffer', () => {
  const large = Uint8Array.from({ length: 24 }, (_, i) => i);
  expect(encodeBytes(large.subarray(3, 11))).toBe(encodeBytes(Uint8Array.of(3, 4, 5, 6, 7, 8, 9, 10)));
});
