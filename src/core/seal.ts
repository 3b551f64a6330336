/** The one sealed box: AES-256-GCM under a key that HKDF-SHA256 (RFC 5869) derives from a secret, one for each purpose. */
import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';

export const NONCE_BYTES = 12;
const SEAL_KEY_BYTES = 32;
const TAG_BYTES = 16;

/** A key of its own for each use of a secret. */
export function deriveKey(secret: string | Uint8Array, info: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `symbolon ${info} v1`, SEAL_KEY_BYTES));
}

/** Answers nonce, ciphertext and tag in one piece. `nonce` is 12 random bytes. */
export function seal(text: string, key: Uint8Array, nonce: Uint8Array): Uint8Array {
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  return new Uint8Array(Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]));
}

/** Opens what `seal` made; undefined when the key is not the one that it was sealed with, or the box was changed. */
export function unseal(box: Uint8Array, key: Uint8Array): string | undefined {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAuthTag(box.subarray(box.length - TAG_BYTES));
    const text = decipher.update(box.subarray(NONCE_BYTES, box.length - TAG_BYTES));
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}
