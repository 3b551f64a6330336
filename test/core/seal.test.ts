import { createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { deriveKey, NONCE_BYTES, seal, unseal } from '../../src/core/seal.ts';

const TEXT = 'syu_access syr_refresh';
const SECRET = 'what only the caller knows';
const KEY = deriveKey(SECRET, 'issue');

function sealed(nonce: Uint8Array = randomBytes(NONCE_BYTES)): Uint8Array {
  return seal(TEXT, KEY, nonce);
}

it('the key derivation is that of RFC 5869, appendix A.1', () => {
  const okm = hkdfSync(
    'sha256',
    Buffer.alloc(22, 0x0b),
    Buffer.from('000102030405060708090a0b0c', 'hex'),
    Buffer.from('f0f1f2f3f4f5f6f7f8f9', 'hex'),
    42,
  );
  expect(Buffer.from(okm).toString('hex')).toBe(
    '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
  );
});

it('opens to the same text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, secret) => {
      const key = deriveKey(secret, 'issue');
      expect(unseal(seal(text, key, randomBytes(NONCE_BYTES)), key)).toBe(text);
    }),
  );
});

it('opens with no other secret, and for no other purpose', () => {
  const box = sealed();
  for (const secret of ['', SECRET.slice(1), `${SECRET} `, SECRET.toUpperCase()]) {
    expect(unseal(box, deriveKey(secret, 'issue'))).toBeUndefined();
  }
  expect(unseal(box, deriveKey(SECRET, 'refresh'))).toBeUndefined();
});

it('opens no more when any one bit was changed', () => {
  const box = sealed();
  for (let bit = 0; bit < box.length * 8; bit++) {
    const changed = new Uint8Array(box);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(unseal(changed, KEY), `bit ${bit}`).toBeUndefined();
  }
});

it('opens no part of a box, and no box with something behind it', () => {
  const box = sealed();
  for (let length = 0; length < box.length; length++) {
    expect(unseal(box.subarray(0, length), KEY), `${length} bytes`).toBeUndefined();
  }
  expect(unseal(Buffer.concat([box, Buffer.alloc(1)]), KEY)).toBeUndefined();
});

it('shows nothing of the text or the secret, and looks different with each nonce', () => {
  const [first, second] = [Buffer.from(sealed()), Buffer.from(sealed())];
  for (const text of [...TEXT.split(' '), SECRET]) {
    expect(first.includes(text)).toBe(false);
  }
  expect(first.subarray(NONCE_BYTES).equals(second.subarray(NONCE_BYTES))).toBe(false);
});

it('is AES-256-GCM under a key of HKDF-SHA256, so that what is stored can be opened by the next version', () => {
  const box = sealed();
  const key = Buffer.from(hkdfSync('sha256', SECRET, '', 'symbolon issue v1', 32));
  const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(0, 12));
  decipher.setAuthTag(box.subarray(-16));
  const text = Buffer.concat([decipher.update(box.subarray(12, -16)), decipher.final()]).toString();

  expect(text).toBe(TEXT);
});
