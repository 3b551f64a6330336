/** Making the secrets of a new pair. They stay in the operation; the store is told their digests. */
import type { IssuedRecord, NewTokens } from '../commands.ts';
import { ID_BYTES, tokenId } from '../ids.ts';
import type { TokenKind } from '../model.ts';
import type { TokenPair } from '../seal.ts';
import { ACCESS_PREFIXES, digestOf, formatSecret, REFRESH_PREFIX, SECRET_BYTES } from '../secrets.ts';
import type { Services } from '../services.ts';

/** An issued pair with all that is known about it. */
export interface IssuedTokens extends IssuedRecord {
  readonly accessToken: string;
  /** Undefined when there is none. */
  readonly refreshToken: string | undefined;
}

export function makePair(random: Services['random'], kind: TokenKind): { pair: TokenPair; tokens: NewTokens } {
  const pair = {
    accessToken: formatSecret(ACCESS_PREFIXES[kind], random(SECRET_BYTES)),
    refreshToken: formatSecret(REFRESH_PREFIX, random(SECRET_BYTES)),
  };
  const tokens = {
    accessTokenId: tokenId(random(ID_BYTES)),
    accessDigest: digestOf(pair.accessToken),
    refreshTokenId: tokenId(random(ID_BYTES)),
    refreshDigest: digestOf(pair.refreshToken),
  };
  return { pair, tokens };
}

/** Puts secrets and record together; a refresh token that was not stored is not answered. */
export function issuedTokens(record: IssuedRecord, pair: TokenPair): IssuedTokens {
  const { accessToken, refreshToken } = pair;
  return { ...record, accessToken, refreshToken: record.refreshExpireTime === null ? undefined : refreshToken };
}
