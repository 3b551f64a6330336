import { isBoundTo, type Refresh, type RefreshAnswer } from '../commands/refresh.ts';
import { INVALID_REFRESH_TOKEN, REFRESH_REUSE, type Refusal, SymbolonError } from '../errors.ts';
import type { Instant } from '../model.ts';
import { MAX_TOKEN } from '../names.ts';
import { requirePermission } from '../permissions.ts';
import { digestOf } from '../secrets.ts';
import type { Services } from '../services/services.ts';
import type { Family } from '../tables/families.ts';
import { MAX_GENERATION, type ParsedToken, parseToken, tokenIdOf } from '../token-form.ts';
import type { Call } from './authenticate.ts';
import { endedBy } from './ended-by.ts';
import { authenticateAgain } from './machine-operator.ts';
import { type IssuedTokens, issuedTokens } from './new-tokens.ts';
import { noteIssued } from './notes.ts';
import { mintPair, newRandoms, newTokensOf, openPair, sealRandoms, type TokenPair } from './pair.ts';
import { execute } from './perform.ts';
import { requireText } from './validate.ts';

export interface RefreshRequest {
  readonly refreshToken: string;
  readonly expireTime?: Instant;
  /** Absent: that of the login. */
  readonly resource?: string;
}

/** Trades a refresh token for a new pair, or answers the same pair again when the first answer was lost. */
export async function refresh(services: Services, call: Call, request: RefreshRequest): Promise<IssuedTokens> {
  call.notes?.note({ event: 'refresh', credential: 'refresh_token' });
  requirePermission(call.caller, 'refresh');
  const { refreshToken, expireTime, resource } = request;
  requireText(refreshToken, 'refresh_token', MAX_TOKEN);
  const token = parseToken(refreshToken);
  const tag = token?.use === 'refresh' ? await services.tagKeys.judge(token) : 'made_up';
  if (token === undefined || tag === 'made_up' || token.generation >= MAX_GENERATION) {
    // What was made up reads no family and writes nothing.
    await authenticateAgain(services, call);
    throw SymbolonError.of(INVALID_REFRESH_TOKEN);
  }
  const { tenantId, clientId } = call.caller;
  if (tag === 'genuine') {
    const { use, familyId: family, generation } = token;
    call.notes?.note({ family, token: tokenIdOf(use, family, generation) });
  }
  const next = await nextPair(services, token);
  const command: Refresh = {
    kind: 'refresh',
    tenantId,
    clientId,
    familyId: token.familyId,
    generation: token.generation,
    digest: digestOf(refreshToken),
    tag,
    expireTime,
    resource,
    tokens: next.tokens,
    box: next.box,
  };
  const outcome = await execute(services, call, 'refresh', command);
  if ('refusal' in outcome) {
    throw await refused(services, call, outcome.refusal, command);
  }
  return answer(services, call, outcome.answer, next.pair, token);
}

/** With what ended the login, for the client that the token was issued to. */
async function refused(
  services: Services,
  { caller, notes }: Call,
  refusal: Refusal,
  { familyId, digest, tag }: Refresh,
): Promise<SymbolonError> {
  if (refusal.cause === REFRESH_REUSE.cause) {
    notes?.note({ isReuse: true });
  }
  if (refusal.code !== INVALID_REFRESH_TOKEN.code) {
    return SymbolonError.of(refusal);
  }
  const { tenantId, clientId } = caller;
  const mayKnow = (family: Family) => isBoundTo(family, clientId);
  const expireTimeOf = ({ expireTime }: Family) => expireTime;
  const cause = await endedBy(services, tenantId, { familyId, digest, tag, expireTimeOf, mayKnow });
  return SymbolonError.of({ ...refusal, endedBy: cause });
}

/** The pair of the next generation, and its randoms sealed under the presented token. */
async function nextPair({ tagKeys, random }: Services, { text, kind, familyId, generation }: ParsedToken) {
  const key = await tagKeys.minting();
  const randoms = newRandoms(random);
  const pair = mintPair(key, { kind, familyId, generation: generation + 1, randoms });
  const tokens = newTokensOf(key, pair);
  return { pair, tokens, box: sealRandoms(randoms, text, tokens.accessDigest) };
}

async function answer(
  { tagKeys }: Services,
  { notes }: Call,
  answered: RefreshAnswer,
  pair: TokenPair,
  token: ParsedToken,
): Promise<IssuedTokens> {
  if ('issued' in answered) {
    noteIssued(notes, answered.issued);
    return issuedTokens(answered.issued, pair);
  }
  noteIssued(notes, answered.repeated);
  notes?.note({ isRepeat: true });
  const key = await tagKeys.open(answered.pair.keyId);
  const first = key && openPair(key, answered.pair, token.text, token);
  if (first === undefined) {
    // The key of the pair is lost: nobody can make it again, and the client has to log in.
    throw SymbolonError.of({ ...INVALID_REFRESH_TOKEN, cause: 'the pair of this refresh can’t be made again' });
  }
  return issuedTokens(answered.repeated, first);
}
