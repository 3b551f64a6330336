import { SymbolonError } from '../errors.ts';
import type { Digest, Instant, TokenKind } from '../model.ts';
import { MAX_TOKEN } from '../names.ts';
import { requirePermission } from '../permissions.ts';
import { MAX_LIFETIME_MS } from '../policy.ts';
import { isLive, type TokenReading } from '../rules/liveness.ts';
import { digestFrom, digestOf, digestTextOf } from '../secrets.ts';
import type { KnownToken } from '../services/known-tokens.ts';
import type { Services } from '../services/services.ts';
import type { ReadBounds } from '../services/store.ts';
import type { Judgement } from '../services/tag-keys.ts';
import { familyIn, parseToken, TOKEN_LENGTH, tokenIdOf } from '../token-form.ts';
import { learnWhether, mayKnow } from './audience.ts';
import type { Call } from './authenticate.ts';
import { confirmUse } from './confirm-use.ts';
import { authenticateAgain } from './machine-operator.ts';
import { requireText } from './validate.ts';

export interface ReadRequest {
  readonly atLeastRevision?: number;
  /** How old the answer may be; 0 or absent: it knows every revocation that was answered before the call. */
  readonly maxStalenessMs?: number;
}

export interface IntrospectRequest extends ReadRequest {
  readonly token: string;
}

export type Introspection =
  | { readonly active: false; readonly revision: number }
  | {
      readonly active: true;
      readonly revision: number;
      readonly tokenId: string;
      readonly kind: TokenKind;
      readonly tenantId: string;
      readonly clientId: string;
      readonly subjectId: string;
      readonly scopes: readonly string[];
      readonly issueTime: Instant;
      readonly expireTime: Instant;
      /** What was left until then, by our clock. */
      readonly timeToLiveMs: number;
      readonly familyId: string;
      /** The resource server that the token is for; null: any. */
      readonly audience: string | null;
      /** The consent that it came by; null: by none. */
      readonly consentId: string | null;
    };

/** What is told of a token that never expires, as of the longest others: verifiers count in nanoseconds. */
const LONGEST_TIME_TO_LIVE_MS = MAX_LIFETIME_MS;

export type LiveToken = Extract<Introspection, { readonly active: true }>;

/**
 * Tells whether an access token of the caller's tenant is live. Starts from inactive; each check can only let it through.
 * `call.caller` may come from `knownCaller`: what is read with the token tells whether that still holds.
 */
export async function introspect(services: Services, call: Call, request: IntrospectRequest): Promise<Introspection> {
  const { caller } = call;
  requirePermission(caller, 'introspect');
  requireText(request.token, 'token', MAX_TOKEN);
  // Answered without a promise nearly always: this is the path that is taken thousands of times a second.
  const found = findToken(services, request.token);
  const token = found instanceof Promise ? await found : found;
  if (token === undefined) {
    // What was made up is not looked up; the caller is, for nothing else tells whether it still stands.
    const again = await authenticateAgain(services, call);
    requirePermission(again, 'introspect');
    const { revision } = again;
    requireRevision(revision, request);
    return told(call, { active: false, revision });
  }
  const { digest } = token;
  const bounds = boundsOf(call, request);
  // The operator on the machine need not know the tenant.
  const tenantId = caller.tenantId === '' ? null : caller.tenantId;
  const { reading, revision, clientVersion } = await services.store.readFamily(tenantId, token.familyId, bounds);
  // A replica may be behind what is known of the caller, which is then known better. Of no tenant at all nothing is told anew.
  if (tenantId !== null && (clientVersion > caller.clientVersion || clientVersion < 0)) {
    return introspectAnew(services, call, request);
  }
  requireRevision(revision, request);
  if (reading === undefined) {
    return judged(services, call, undefined, digest, revision);
  }
  const isTold =
    mayKnow(services, caller, reading, clientVersion) ?? (await learnWhether(services, caller, reading, clientVersion));
  return judged(services, call, isTold ? reading : undefined, digest, revision);
}

/** The same at once, where the store has in memory what it would read. Undefined where it does not. */
export function introspectNow(services: Services, call: Call, request: IntrospectRequest): Introspection | undefined {
  const { caller } = call;
  const { token } = request;
  if (services.store.findFamily === undefined || token.length !== TOKEN_LENGTH) {
    return undefined;
  }
  requirePermission(caller, 'introspect');
  requireText(token, 'token', MAX_TOKEN);
  const tenantId = caller.tenantId === '' ? null : caller.tenantId;
  // Of a family that is known the digest decides, whatever the tag says.
  const found = services.store.findFamily(tenantId, familyIn(token));
  if (found?.reading === undefined || (tenantId !== null && found.clientVersion > caller.clientVersion)) {
    return undefined;
  }
  const { reading, revision, clientVersion } = found;
  const isTold = mayKnow(services, caller, reading, clientVersion);
  if (isTold === undefined) {
    return undefined;
  }
  requireRevision(revision, request);
  return judged(services, call, isTold ? reading : undefined, digestOf(token), revision);
}

function judged(
  services: Services,
  call: Call,
  reading: TokenReading | undefined,
  digest: Digest,
  revision: number,
): Introspection {
  const now = services.clock();
  if (reading === undefined || !isLive(reading, digest, now)) {
    return told(call, { active: false, revision });
  }
  confirmUse(services, reading, now);
  return told(call, describe(reading, revision, now));
}

function told({ notes }: Call, introspection: Introspection): Introspection {
  if (notes !== undefined) {
    notes.isActive = introspection.active;
  }
  return introspection;
}

/** What the token says of itself; undefined when it was made up. */
export function findToken(services: Services, text: string): KnownToken | undefined | Promise<KnownToken | undefined> {
  const digestText = digestTextOf(text);
  if (services.knownTokens.has(digestText)) {
    return { familyId: familyIn(text), digest: digestFrom(digestText) };
  }
  const parsed = parseToken(text);
  if (parsed?.use !== 'access') {
    return undefined;
  }
  const take = (tag: Judgement): KnownToken | undefined => {
    if (tag === 'genuine') {
      services.knownTokens.add(digestText);
    }
    return tag === 'made_up' ? undefined : { familyId: parsed.familyId, digest: digestFrom(digestText) };
  };
  const judged = services.tagKeys.judge(parsed);
  return typeof judged === 'string' ? take(judged) : judged.then(take);
}

export function boundsOf({ deadline }: Call, request: ReadRequest): ReadBounds | undefined {
  const { maxStalenessMs = 0, atLeastRevision = 0 } = request;
  return maxStalenessMs === 0
    ? undefined
    : { maxStalenessMs, atLeastRevision, ...(deadline === undefined ? {} : { deadline }) };
}

/** The caller's client may have been disabled, stripped of its role, or moved to another tenant. */
async function introspectAnew(services: Services, call: Call, request: IntrospectRequest): Promise<Introspection> {
  const caller = await authenticateAgain(services, call);
  // From the primary, which is not behind what it just said of the caller.
  return introspect(services, { ...call, caller }, { ...request, maxStalenessMs: 0 });
}

export function requireRevision(revision: number, { atLeastRevision = 0 }: ReadRequest): void {
  if (revision < atLeastRevision) {
    throw new SymbolonError(
      'revision_not_reached',
      `The store is at revision ${revision} and has not reached at_least_revision. Repeat later`,
      { retryAfterMs: 1_000 },
    );
  }
}

export function describe({ family }: TokenReading, revision: number, now: Instant): LiveToken {
  const { familyId, generation, kind, tenantId, clientId, subjectId, scopes, audience, consentId } = family;
  return {
    active: true,
    revision,
    tokenId: tokenIdOf('access', familyId, generation),
    kind,
    tenantId,
    clientId,
    subjectId,
    scopes,
    issueTime: family.accessIssueTime,
    expireTime: family.accessExpireTime,
    timeToLiveMs: Math.min(family.accessExpireTime - now, LONGEST_TIME_TO_LIVE_MS),
    familyId,
    audience,
    consentId,
  };
}
