/** Making the secrets of a new pair. They stay in the operation; the store is told their digests. */
import type { TokenKind } from '../model.ts';
import type { Issued, NewTokens } from '../rules/grants.ts';
import type { Services } from '../services/services.ts';
import type { Place } from '../tables/families.ts';
import { FAMILY_RANDOM_BYTES, newFamilyId } from '../token-form.ts';
import type { Call } from './authenticate.ts';
import { mintPair, newRandoms, newTokensOf, type TokenPair } from './pair.ts';
import { placeOf } from './places.ts';

/** An issued pair with all that is known about it. */
export interface IssuedTokens extends Issued {
  readonly accessToken: string;
  /** Undefined when there is none. */
  readonly refreshToken: string | undefined;
}

/** What a new family is begun with. */
export interface NewFamily {
  readonly pair: TokenPair;
  readonly begun: { readonly familyId: string; readonly tokens: NewTokens; readonly place?: Place | undefined };
}

/** `call`: of who signs in; absent where its place is not that of who will have the tokens. */
export async function newFamily(
  { tagKeys, random, clock }: Services,
  kind: TokenKind,
  call?: Call,
): Promise<NewFamily> {
  const key = await tagKeys.minting();
  const familyId = newFamilyId(clock(), random(FAMILY_RANDOM_BYTES));
  const pair = mintPair(key, { kind, familyId, generation: 0, randoms: newRandoms(random) });
  const place = call && placeOf(call, kind);
  return { pair, begun: { familyId, tokens: newTokensOf(key, pair), place } };
}

/** Puts secrets and what is known of them together; a refresh token that was not stored is not answered. */
export function issuedTokens(issued: Issued, { accessToken, refreshToken }: TokenPair): IssuedTokens {
  return { ...issued, accessToken, refreshToken: issued.refreshExpireTime === null ? undefined : refreshToken };
}
