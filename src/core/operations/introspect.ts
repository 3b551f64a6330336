import { SymbolonError } from '../errors.ts';
import { isLive, type TokenReading } from '../liveness.ts';
import type { Instant, TokenKind } from '../model.ts';
import { requirePermission } from '../permissions.ts';
import { digestOf, isToken } from '../secrets.ts';
import type { Services } from '../services.ts';
import type { ReadBounds } from '../store.ts';
import { authenticateAndKeep, type Call } from './authenticate.ts';
import { confirmUse } from './confirm-use.ts';
import { requireText } from './validate.ts';

export interface IntrospectRequest {
  readonly token: string;
  readonly atLeastRevision?: number;
  /** How old the answer may be; 0 or absent: it knows every revocation that was answered before the call. */
  readonly maxStalenessMs?: number;
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
      readonly familyId: string;
    };

const LONGEST_TOKEN = 4_096;

/**
 * Tells whether an access token of the caller's tenant is live. Starts from inactive; each check can only let it through.
 * `call.caller` may come from `authenticateAsKnown`: what is read with the token tells whether that still holds.
 */
export async function introspect(services: Services, call: Call, request: IntrospectRequest): Promise<Introspection> {
  const { caller } = call;
  requirePermission(caller, 'introspect');
  requireText(request.token, 'token', LONGEST_TOKEN);
  if (!isToken(request.token)) {
    // Rubbish is not looked up; the caller is, for nothing else tells whether it still stands.
    const { revision } = await authenticateAndKeep(services, caller.credential);
    requireRevision(revision, request);
    return { active: false, revision };
  }
  const digest = digestOf(request.token);
  const bounds = boundsOf(call, request);
  const { reading, revision, clientVersion } = await services.store.readToken(caller.tenantId, digest, bounds);
  // A replica may be behind what is known of the caller, which is then known better.
  if (clientVersion > caller.clientVersion || clientVersion < 0) {
    return introspectAnew(services, call, request);
  }
  requireRevision(revision, request);
  const now = services.clock();
  if (reading === undefined || !isLive(reading, now)) {
    return { active: false, revision };
  }
  confirmUse(services, reading, now);
  return describe(reading, revision);
}

function boundsOf({ deadline }: Call, request: IntrospectRequest): ReadBounds | undefined {
  const { maxStalenessMs = 0, atLeastRevision = 0 } = request;
  return maxStalenessMs === 0
    ? undefined
    : { maxStalenessMs, atLeastRevision, ...(deadline === undefined ? {} : { deadline }) };
}

/** The caller's client may have been disabled, stripped of its role, or moved to another tenant. */
async function introspectAnew(services: Services, call: Call, request: IntrospectRequest): Promise<Introspection> {
  const caller = await authenticateAndKeep(services, call.caller.credential);
  // From the primary, which is not behind what it just said of the caller.
  return introspect(services, { ...call, caller }, { ...request, maxStalenessMs: 0 });
}

function requireRevision(revision: number, { atLeastRevision = 0 }: IntrospectRequest): void {
  if (revision < atLeastRevision) {
    throw new SymbolonError('revision_not_reached', `The store is at revision ${revision}`, { retryAfterMs: 1_000 });
  }
}

function describe({ token, family }: TokenReading, revision: number): Introspection {
  return {
    active: true,
    revision,
    tokenId: token.tokenId,
    kind: family.kind,
    tenantId: family.tenantId,
    clientId: family.clientId,
    subjectId: family.subjectId,
    scopes: family.scopes,
    issueTime: token.issueTime,
    expireTime: token.expireTime,
    familyId: family.familyId,
  };
}
