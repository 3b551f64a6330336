/** What a token is, for who holds it: the token is the proof, whichever client presents it. */
import { timingSafeEqual } from 'node:crypto';
import { DEAD_TOKEN, SymbolonError } from '../errors.ts';
import { MAX_TOKEN } from '../names.ts';
import { requirePermission } from '../permissions.ts';
import { isLive } from '../rules/liveness.ts';
import { digestOf } from '../secrets.ts';
import type { Services } from '../services/services.ts';
import { parseToken } from '../token-form.ts';
import type { Call } from './authenticate.ts';
import { confirmUse } from './confirm-use.ts';
import { endedBy } from './ended-by.ts';
import { describe, type LiveToken } from './introspect.ts';
import { presentedFacts } from './notes.ts';
import { requireText } from './validate.ts';

/** Describes a live access token of the caller's tenant. One that is not live is `invalid_credentials`, with what ended it. */
export async function describeToken(services: Services, call: Call, text: string): Promise<LiveToken> {
  requirePermission(call.caller, 'describe_token');
  requireText(text, 'access_token', MAX_TOKEN);
  const { store, tagKeys, clock } = services;
  const token = parseToken(text);
  const tag = token?.use === 'access' ? await tagKeys.judge(token) : 'made_up';
  if (token === undefined || tag === 'made_up') {
    throw SymbolonError.of(DEAD_TOKEN);
  }
  call.notes?.note(presentedFacts(services, token));
  const { tenantId } = call.caller;
  const { familyId } = token;
  const digest = digestOf(text);
  const { reading, revision } = await store.readFamily(tenantId, familyId);
  const now = clock();
  if (reading !== undefined && isLive(reading, digest, now)) {
    confirmUse(services, reading, now);
    return describe(reading, revision, now);
  }
  const cause = await endedBy(services, tenantId, {
    familyId,
    digest,
    tag,
    expireTimeOf: ({ accessExpireTime }) => accessExpireTime,
    // Who has the token is told by every client of the tenant what it is, and so what it was. One that a refresh has replaced was ended by
    // that: what ended its login came later.
    mayKnow: ({ accessDigest }) => timingSafeEqual(digest, accessDigest),
  });
  throw SymbolonError.of({ ...DEAD_TOKEN, endedBy: cause });
}
