/**
 * A pair of tokens, and keeping it so that a lost answer can be given again. Of a pair only the two randoms are secret; the rest
 * follows from the family's row.
 */
import { timingSafeEqual } from 'node:crypto';
import type { SealedPair } from '../commands/refresh.ts';
import { hkdfSha256 } from '../hmac.ts';
import type { Digest, TokenKind } from '../model.ts';
import { BOX_BYTES, type NewTokens } from '../rules/grants.ts';
import { digestOf } from '../secrets.ts';
import { mintToken, type OpenTagKey, TOKEN_RANDOM_BYTES } from '../token-form.ts';

export interface TokenPair {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** What a pair is minted for. */
export interface PairParts {
  readonly kind: TokenKind;
  readonly familyId: string;
  readonly generation: number;
  /** Those of the access token and of the refresh token, 20 bytes each. */
  readonly randoms: Uint8Array;
}

/** `random` makes the two secrets. */
export function newRandoms(random: (bytes: number) => Uint8Array): Uint8Array {
  return random(BOX_BYTES);
}

export function mintPair(key: OpenTagKey, { randoms, ...parts }: PairParts): TokenPair {
  const [access, refresh] = [randoms.subarray(0, TOKEN_RANDOM_BYTES), randoms.subarray(TOKEN_RANDOM_BYTES)];
  return {
    accessToken: mintToken(key, { ...parts, use: 'access', random: access }),
    refreshToken: mintToken(key, { ...parts, use: 'refresh', random: refresh }),
  };
}

export function newTokensOf({ keyId }: OpenTagKey, { accessToken, refreshToken }: TokenPair): NewTokens {
  return { keyId, accessDigest: digestOf(accessToken), refreshDigest: digestOf(refreshToken) };
}

/** Only who has the presented token opens it again. The salt makes it one pad for one pair (RFC 5869 section 3.1). */
export function sealRandoms(randoms: Uint8Array, presented: string, accessDigest: Digest): Uint8Array {
  const pad = hkdfSha256(Buffer.from(presented, 'utf8'), accessDigest, 'symbolon repeat v2', BOX_BYTES);
  const sealed = new Uint8Array(BOX_BYTES);
  for (let i = 0; i < BOX_BYTES; i++) {
    sealed[i] = (randoms[i] ?? 0) ^ (pad[i] ?? 0);
  }
  return sealed;
}

/** The pair of a family's row; undefined when it is not the one that the row has the digests of. */
export function openPair(
  key: OpenTagKey,
  sealed: SealedPair,
  presented: string,
  { kind, familyId }: Pick<PairParts, 'kind' | 'familyId'>,
): TokenPair | undefined {
  const { box, generation, accessDigest, refreshDigest } = sealed;
  const pair = mintPair(key, { kind, familyId, generation, randoms: sealRandoms(box, presented, accessDigest) });
  const made = newTokensOf(key, pair);
  return timingSafeEqual(made.accessDigest, accessDigest) && timingSafeEqual(made.refreshDigest, refreshDigest)
    ? pair
    : undefined;
}
