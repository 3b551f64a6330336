import { createHmac, hkdfSync } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hkdfSha256, hmacKey, hmacOf } from '../../src/core/hmac.ts';

const bytes = (min: number, max: number) => fc.uint8Array({ minLength: min, maxLength: max });

it('is HMAC-SHA256 as Node has it, of any key up to a block, and again with the same key', () => {
  fc.assert(
    fc.property(bytes(0, 64), bytes(0, 200), (key, message) => {
      const text = Buffer.from(message).toString('latin1');
      const prepared = hmacKey(key, message.length);
      const expected = createHmac('sha256', key).update(message).digest('binary');
      expect(hmacOf(prepared, text)).toBe(expected);
      expect(hmacOf(prepared, text)).toBe(expected);
    }),
  );
});

it('is HKDF-SHA256 as Node has it', () => {
  fc.assert(
    fc.property(bytes(0, 200), bytes(0, 64), fc.integer({ min: 1, max: 255 }), (secret, salt, length) => {
      const expected = Buffer.from(hkdfSync('sha256', secret, salt, 'some info', length));
      expect(hkdfSha256(secret, salt, 'some info', length).toString('hex')).toBe(expected.toString('hex'));
    }),
  );
});

it('refuses a key beyond a block, and a message of another length', () => {
  expect(() => hmacKey(new Uint8Array(65), 1)).toThrow(RangeError);
  expect(() => hmacOf(hmacKey(new Uint8Array(32), 2), 'abc')).toThrow(RangeError);
});
