import type { Digest } from '../model.ts';
import { bytes, type Column, flag, integer, table, text } from '../table.ts';

/** The second factor of a user: time-based one-time passwords (RFC 6238) and recovery codes. */
export interface Totp {
  readonly subjectId: string;
  readonly tenantId: string;
  /** The shared secret, sealed under the server's key. */
  readonly sealed: Uint8Array;
  /** Whether it was confirmed by a code; until then it asks nothing of a login. */
  readonly active: boolean;
  /** The time step of the last code that was taken; a code of it or of an earlier one is a replay (RFC 6238 section 5.2). */
  readonly lastStep: number;
  /** Keyed digests of the recovery codes that are left. */
  readonly recoveryDigests: readonly Digest[];
}

const DIGEST_BYTES = 32;

/** One after the other in one column. */
const digests: Column<readonly Digest[]> = {
  kind: 'bytes',
  toStored: (value) => Buffer.concat(value),
  fromStored: (stored: Uint8Array) =>
    Array.from({ length: Math.floor(stored.length / DIGEST_BYTES) }, (_, i) =>
      stored.subarray(i * DIGEST_BYTES, (i + 1) * DIGEST_BYTES),
    ),
};

export const TOTP = table<Totp>(
  'totp',
  { subjectId: text(), tenantId: text(), sealed: bytes(), active: flag, lastStep: integer(), recoveryDigests: digests },
  { key: ['subjectId'], diesWith: ['subjectId'] },
);
