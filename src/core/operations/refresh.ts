import type { Actor } from '../actor.ts';
import type { Outcome, Refresh } from '../commands.ts';
import { INVALID_REFRESH_TOKEN, SymbolonError } from '../errors.ts';
import type { Instant, TokenKind } from '../model.ts';
import { requirePermission } from '../permissions.ts';
import { NONCE_BYTES, seal, type TokenPair, unseal } from '../seal.ts';
import { digestOf, isRefreshToken, isToken } from '../secrets.ts';
import type { Services } from '../services.ts';
import { actorOf, type Call } from './authenticate.ts';
import { type IssuedTokens, issuedTokens, makePair } from './new-tokens.ts';
import { requireText } from './validate.ts';

export interface RefreshRequest {
  readonly refreshToken: string;
  readonly expireTime?: Instant;
}

const LONGEST_TOKEN = 4_096;
const SEAL_PURPOSE = 'refresh';

/** Trades a refresh token for a new pair, or answers the same pair again when the first answer was lost. */
export async function refresh(services: Services, call: Call, request: RefreshRequest): Promise<IssuedTokens> {
  requirePermission(call.caller, 'refresh');
  const { refreshToken, expireTime } = request;
  requireText(refreshToken, 'refresh_token', LONGEST_TOKEN);
  if (!isToken(refreshToken) || !isRefreshToken(refreshToken)) {
    throw SymbolonError.of(INVALID_REFRESH_TOKEN);
  }
  const { tenantId, clientId } = call.caller;
  const digest = digestOf(refreshToken);
  const kind = await kindOf(services, tenantId, digest);
  const { pair, tokens } = makePair(services.random, kind);
  const command: Refresh & { by: Actor } = {
    kind: 'refresh',
    tenantId,
    clientId,
    digest,
    ...(expireTime === undefined ? {} : { expireTime }),
    tokens,
    sealed: seal(pair, refreshToken, SEAL_PURPOSE, services.random(NONCE_BYTES)),
    by: actorOf(call),
  };
  return answer(await services.store.execute(command, call), pair, refreshToken);
}

/** The kind never changes within a family, so it can be read ahead; it only decides the new token's prefix. */
async function kindOf(services: Services, tenantId: string, digest: Uint8Array): Promise<TokenKind> {
  const { reading } = await services.store.readToken(tenantId, digest);
  if (reading === undefined) {
    throw SymbolonError.of(INVALID_REFRESH_TOKEN);
  }
  return reading.family.kind;
}

function answer(outcome: Outcome<Refresh>, pair: TokenPair, refreshToken: string): IssuedTokens {
  if ('refusal' in outcome) {
    throw SymbolonError.of(outcome.refusal);
  }
  if ('issued' in outcome.answer) {
    return issuedTokens(outcome.answer.issued, pair);
  }
  const first = unseal(outcome.answer.sealed, refreshToken, SEAL_PURPOSE);
  if (first === undefined) {
    throw new SymbolonError('internal', 'The stored answer to this refresh can’t be opened');
  }
  return issuedTokens(outcome.answer.repeated, first);
}
