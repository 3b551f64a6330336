import type { Digest, Instant } from '../model.ts';
import { bytes, integer, table, text } from '../table.ts';

/** The fingerprint of the key that all servers of the store share; one row at most. */
export interface ServerKey {
  readonly id: 1;
  readonly fingerprint: Digest;
}

export const SERVER_KEY = table<ServerKey>('server_key', { id: integer<1>(), fingerprint: bytes() }, { key: ['id'] });

/**
 * `minting`: it may mint, and its tags are believed. `lost`: its box can't be opened any more. `untrusted`: it leaked, so a right tag
 * proves nothing.
 */
export type TagKeyState = 'minting' | 'lost' | 'untrusted';

/** A key whose tags prove which tokens are old. */
export interface TagKey {
  /** One character of base62: it is in every token. */
  readonly keyId: string;
  /** 32 random bytes, sealed under the servers' key. */
  readonly box: Uint8Array;
  readonly state: TagKeyState;
  /** When it was written. It mints a little later, so that every node knows it by then. */
  readonly since: Instant;
}

export const TAG_KEY = table<TagKey>(
  'tag_key',
  { keyId: text(), box: bytes(), state: text<TagKeyState>(), since: integer() },
  { key: ['keyId'] },
);
