/** Keys derived from the one that the servers of a store share: one for each purpose and use. */
import { createHash, createHmac } from 'node:crypto';
import type { Digest } from '../model.ts';
import { deriveKey, NONCE_BYTES, seal, unseal } from '../seal.ts';
import type { Keys } from './services.ts';

/** Bytes of the shared key. */
export const KEY_BYTES = 32;

/** `random` makes the nonces. */
export function keysOf(root: Uint8Array, random: (bytes: number) => Uint8Array): Keys {
  const derived = new Map<string, Buffer>();
  const keyFor = (use: string, purpose: string): Buffer => {
    const info = `${use} ${purpose}`;
    const key = derived.get(info) ?? deriveKey(root, info);
    derived.set(info, key);
    return key;
  };
  return {
    fingerprint: fingerprintOf(root),
    digest: (purpose, text) => new Uint8Array(createHmac('sha256', keyFor('digest', purpose)).update(text).digest()),
    seal: (purpose, text) => seal(text, keyFor('seal', purpose), random(NONCE_BYTES)),
    unseal: (purpose, box) => unseal(box, keyFor('seal', purpose)),
  };
}

/** Tells one key from another, and nothing about either. */
export function fingerprintOf(root: Uint8Array): Digest {
  return new Uint8Array(createHash('sha256').update('symbolon key fingerprint v1').update(root).digest());
}
