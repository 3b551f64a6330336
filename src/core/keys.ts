/** Keys derived from the one that the servers of a store share (HKDF-SHA256, RFC 5869): one for each purpose and use. */
import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync } from 'node:crypto';
import type { Digest } from './model.ts';
import { NONCE_BYTES } from './seal.ts';
import type { Keys } from './services.ts';

/** Bytes of the shared key. */
export const KEY_BYTES = 32;
const TAG_BYTES = 16;

/** `random` makes the nonces. */
export function keysOf(root: Uint8Array, random: (bytes: number) => Uint8Array): Keys {
  const derived = new Map<string, Buffer>();
  const keyFor = (use: string, purpose: string): Buffer => {
    const info = `symbolon ${use} ${purpose} v1`;
    const key = derived.get(info) ?? Buffer.from(hkdfSync('sha256', root, '', info, KEY_BYTES));
    derived.set(info, key);
    return key;
  };
  return {
    digest: (purpose, text) => new Uint8Array(createHmac('sha256', keyFor('digest', purpose)).update(text).digest()),
    seal: (purpose, text) => {
      const nonce = random(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', keyFor('seal', purpose), nonce);
      return new Uint8Array(Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]));
    },
    unseal: (purpose, box) => open(keyFor('seal', purpose), box),
  };
}

function open(key: Buffer, box: Uint8Array): string | undefined {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAuthTag(box.subarray(box.length - TAG_BYTES));
    const text = decipher.update(box.subarray(NONCE_BYTES, box.length - TAG_BYTES));
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}

/** Tells one key from another, and nothing about either. */
export function fingerprintOf(root: Uint8Array): Digest {
  return new Uint8Array(createHash('sha256').update('symbolon key fingerprint v1').update(root).digest());
}
