import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inexactNumberOf, keptNumber, parseDoubles, parseExact, surveyOf } from '../../src/core/json.ts';

describe('parseExact', () => {
  it.each([
    ...['9007199254740993', '1e400', '-1E+400', '1e-400', '-0', '1.0', '0.10', '1E5', '1e5', '123456789012345678901'],
    ...['[1,-0,{"a":[1.50]}]', '{"__proto__":1.0,"a":"1.0"}', '"1.0"', 'null', '1', '-1.5', '1e+21'],
  ])('writes %s again as it was', (text) => {
    expect(JSON.stringify(parseExact(text))).toBe(text);
  });

  it('is JSON.parse for whatever JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(JSON.stringify(parseExact(text))).toBe(text);
      }),
    );
  });

  it('tells the numbers that it kept', () => {
    expect([keptNumber(parseExact('1.0')), keptNumber(1), keptNumber('1.0'), keptNumber({ rawJSON: '1' })]).toEqual([
      '1.0',
      ...[undefined, undefined, undefined],
    ]);
  });
});

describe('parseDoubles', () => {
  it.each([
    ['9007199254740993', '9007199254740993'],
    ['9007199254740992', 9007199254740992],
    ['9007199254740994.0', 9007199254740994],
    ['1e400', '1e400'],
    ['-1e400', '-1e400'],
    ['1e-400', '1e-400'],
    ['0e-400', 0],
    ['0.1000', 0.1],
    ['0.1000000000000000055', '0.1000000000000000055'],
    ['100E-2', 1],
    ['1e99999999999999999999', '1e99999999999999999999'],
    ['1000000000000000000000000', 1e24],
    ['-0', -0],
    ['-0.0', -0],
    [`1${'0'.repeat(60_000)}1`, `1${'0'.repeat(60_000)}1`],
    [`0.${'0'.repeat(60_000)}1`, `0.${'0'.repeat(60_000)}1`],
    [`1.${'0'.repeat(60_000)}`, 1],
  ])('reads %s', (text, value) => {
    expect(parseDoubles(`[${text}]`)).toEqual([value]);
  });

  it('reads every double that is written with all its digits', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(parseDoubles(JSON.stringify(value))).toBe(value + 0);
      }),
    );
  });
});

describe('surveyOf', () => {
  it.each([
    ['1', 0],
    ['"[[["', 0],
    ['[]', 1],
    ['{"a":[{}],"b":1}', 3],
    [`${'['.repeat(50_000)}${']'.repeat(50_000)}`, 50_000],
  ])('of %s', (text, depth) => {
    expect(surveyOf(text).depth).toBe(depth);
  });

  it.each([
    ['{"a":1,"b":{"a":2},"c":[{"a":1},{"a":2}]}', false],
    ['["a","a"]', false],
    ['{"a":"a","b":"a"}', false],
    ['{"a":1,"a":1}', true],
    ['{"a":1,"b":[{}],"\\u0061" :1}', true],
    ['{"__proto__":1,"__proto__":2}', true],
    ['{"a\\"":1,"a\\"":1}', true],
    ['{"a\\\\":1,"b":"\\\\"}', false],
    ['[{"x":[{"y":1,"y":2}]}]', true],
  ])('finds whether a name comes twice in %s: %s', (text, repeatsName) => {
    expect(surveyOf(text).repeatsName).toBe(repeatsName);
  });

  it.each([
    ['["\\ud83d\\ude00","é"]', true],
    ['["\\ud83d"]', false],
    ['{"\\ude00":1}', false],
    ['["\\\\ud83d"]', true],
  ])('finds whether %s is Unicode: %s', (text, isUnicode) => {
    expect(surveyOf(text).isUnicode).toBe(isUnicode);
  });

  it('agrees with JSON.stringify, which writes no name twice', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(surveyOf(JSON.stringify(value, null, 1)).repeatsName).toBe(false);
      }),
    );
  });
});

describe('inexactNumberOf', () => {
  it.each([
    '[9007199254740993]',
    '{"a":{"b":[1,1e400]}}',
    '0.1000000000000000055511151231257827021181583404541015625',
    '1e-400',
  ])('finds what no double holds in %s', (text) => {
    expect(inexactNumberOf(text)).toBe(/[0-9][0-9.e-]*[0-9]{2}/.exec(text)?.[0]);
  });

  it.each(['[9007199254740992, 1.0, -0, 1e3, 0.1, 100e-2]', '{"a":"9007199254740993"}', 'true', '{"1e400":1}'])(
    'finds nothing in %s',
    (text) => {
      expect(inexactNumberOf(text)).toBeUndefined();
    },
  );
});
