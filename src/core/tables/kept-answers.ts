import type { Digest, Instant } from '../model.ts';
import { bytes, integer, table } from '../table.ts';
import { familyId } from './families.ts';

/** The answer to an Issue or a registration with a request id, kept for a bounded time. What it says beside the pair is in the family. */
export interface KeptAnswer {
  /** SHA-256 of the calling client's id and the request id. */
  readonly requestDigest: Digest;
  /** SHA-256 of what was asked, to tell a repeat from another request. */
  readonly fingerprint: Digest;
  /** The pair, sealed under what only the caller knows. */
  readonly box: Uint8Array;
  readonly familyId: string;
  readonly expireTime: Instant;
}

export const KEPT_ANSWER = table<KeptAnswer>(
  'kept_answer',
  { requestDigest: bytes(), fingerprint: bytes(), box: bytes(), familyId: familyId(), expireTime: integer() },
  { key: ['requestDigest'], forget: { by: 'expireTime' } },
);
