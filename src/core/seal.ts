/**
 * Sealing an answer so that it can be given again: AES-256-GCM under a key that HKDF-SHA256 (RFC 5869) derives from a secret that
 * only the caller has. The store keeps the box and never the key.
 */
import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';

export const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** The two secrets of an answer; `refreshToken` is empty where there is none. */
export interface TokenPair {
  readonly accessToken: string;
  readonly refreshToken: string;
}

function keyOf(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `symbolon ${purpose} v1`, 32));
}

/** Answers nonce, ciphertext and tag in one piece. `nonce` is 12 random bytes. */
export function seal(pair: TokenPair, secret: string, purpose: string, nonce: Uint8Array): Uint8Array {
  const cipher = createCipheriv('aes-256-gcm', keyOf(secret, purpose), nonce);
  const text = `${pair.accessToken} ${pair.refreshToken}`;
  const box = Buffer.concat([nonce, cipher.update(text, 'latin1'), cipher.final(), cipher.getAuthTag()]);
  return new Uint8Array(box);
}

/** Opens what `seal` made; undefined when the secret is not the one that it was sealed with, or the box was changed. */
export function unseal(box: Uint8Array, secret: string, purpose: string): TokenPair | undefined {
  try {
    const nonce = box.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', keyOf(secret, purpose), nonce, { authTagLength: TAG_BYTES });
    decipher.setAuthTag(box.subarray(box.length - TAG_BYTES));
    const text = decipher.update(box.subarray(NONCE_BYTES, box.length - TAG_BYTES)).toString('latin1');
    decipher.final();
    const [accessToken = '', refreshToken = ''] = text.split(' ');
    return { accessToken, refreshToken };
  } catch {
    return undefined;
  }
}
