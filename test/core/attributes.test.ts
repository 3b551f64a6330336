import { describe, expect, it } from 'vitest';
import { changeAttributes, refuseAttributes } from '../../src/core/attributes.ts';

describe('attributes', () => {
  it.each([
    '{}',
    '{"a":1e400,"b":{"a":[]}}',
    `{"a":"${'x'.repeat(65_528)}"}`,
    `${'{"a":'.repeat(31)}{}${'}'.repeat(31)}`,
  ])('may be %s', (text) => {
    expect(refuseAttributes(text)).toBeUndefined();
  });

  it.each([
    ['[1]', 'attributes must be a JSON object'],
    ['1.0', 'attributes must be a JSON object'],
    ['{"a":1', 'attributes must be a JSON object'],
    ['{"a":1,"a":1}', 'attributes must not have a name twice in one object'],
    ['{"a":[{"b":1,"\\u0062":1}]}', 'attributes must not have a name twice in one object'],
    ['{"a":"\\ud800"}', 'attributes must be valid Unicode, without half of a surrogate pair'],
    [`{"a":"${'x'.repeat(65_529)}"}`, 'attributes must be at most 65536 bytes of JSON'],
    [`${'{"a":'.repeat(32)}{}${'}'.repeat(32)}`, 'attributes must be a JSON object, at most 32 levels deep'],
  ])('may not be %s', (text, message) => {
    expect(refuseAttributes(text)).toMatchObject({ code: 'invalid_argument', message, about: { field: 'attributes' } });
  });
});

describe('a change of attributes', () => {
  const BEFORE = '{"a":1.0,"b":null,"country":"JP"}';

  it.each([
    [{ how: 'merge', attributes: '{"a":null,"c":-0}' }, '{"country":"JP","c":-0}'],
    [{ how: 'merge', attributes: '{}' }, '{"a":1.0,"country":"JP"}'],
    [{ how: 'merge', attributes: '{"__proto__":1}' }, '{"a":1.0,"country":"JP","__proto__":1}'],
    [{ how: 'replace', attributes: '{"c":null}' }, '{"c":null}'],
    [{ how: 'replace', attributes: '{"c":2.0}', keep: ['country', 'locale'] }, '{"country":"JP","c":2.0}'],
    [{ how: 'replace', attributes: '{"country":"US"}', keep: ['country'] }, '{"country":"US"}'],
  ] as const)('%j makes %s', (change, after) => {
    expect(changeAttributes(BEFORE, change)).toBe(after);
  });
});

it.each([
  '{"a":"\\ud800"}',
  '{"a":"x\\udc00\\ud800y"}',
  '{"\\udfff":1}',
  '{"a":[{"b":"\\ud83d"}]}',
  '{"a":{"\\ud83d":null}}',
])('refuses half of a surrogate pair: %s', (text) => {
  expect(refuseAttributes(text)).toMatchObject({
    code: 'invalid_argument',
    message: 'attributes must be valid Unicode, without half of a surrogate pair',
  });
});

it.each(['{"a":"\\ud83d\\ude00"}', '{"a":"😀","é":"\\u0000"}', '{"\\\\ud800":"\\\\ud800"}'])('takes %s', (text) => {
  expect(refuseAttributes(text)).toBeUndefined();
});
