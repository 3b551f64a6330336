/** What applications keep beside a user: any text that UTF-8 can hold. */
import { expect, it } from 'vitest';
import { refuseAttributes } from '../../src/core/attributes.ts';

it.each([
  '{"a":"\\ud800"}',
  '{"a":"x\\udc00\\ud800y"}',
  '{"\\udfff":1}',
  '{"a":[{"b":"\\ud83d"}]}',
  '{"a":{"\\ud83d":null}}',
])('refuses half of a surrogate pair: %s', (text) => {
  expect(refuseAttributes(text)).toMatchObject({
    code: 'invalid_argument',
    message: 'attributes must be valid Unicode, with no half of a surrogate pair',
  });
});

it.each(['{"a":"\\ud83d\\ude00"}', '{"a":"😀","é":"\\u0000"}', '{"\\\\ud800":"\\\\ud800"}'])('takes %s', (text) => {
  expect(refuseAttributes(text)).toBeUndefined();
});
