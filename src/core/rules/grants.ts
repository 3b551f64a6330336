/** Beginning a family: what every way to log in ends with. */
import { answer, type Change, type Decision, insert, refuse } from '../changes.ts';
import { INVALID_CREDENTIALS, type Refusal } from '../errors.ts';
import { accessExpiry, familyExpiry, mayBeRefreshed } from '../lifetimes.ts';
import type { Digest, Instant, TokenKind } from '../model.ts';
import type { Client } from '../tables/clients.ts';
import { FAMILY, type Family, type Place, type RefreshState } from '../tables/families.ts';
import type { Tenant } from '../tables/tenants.ts';
import { tokenIdOf } from '../token-form.ts';
import { isForPages, PAGES_LIFETIME_MS } from './audiences.ts';

/** Digests of tokens that are about to be issued; the secrets themselves never leave the operation. */
export interface NewTokens {
  /** The tag key that they were minted with. */
  readonly keyId: string;
  readonly accessDigest: Digest;
  readonly refreshDigest: Digest;
}

/** What a proven login gets. */
export interface Grant {
  readonly tenantId: string;
  /** The client that the tokens are issued to. */
  readonly clientId: string;
  /** The caller, which may refresh too. */
  readonly refreshClientId: string;
  readonly subjectId: string;
  /** As the tokens were minted. */
  readonly tokenKind: TokenKind;
  readonly scopes: readonly string[];
  readonly expireTime?: Instant | undefined;
  /** When the login ends that it comes of: nothing of it lives longer. Absent or null: it comes of none that ends. */
  readonly notAfter?: Instant | null | undefined;
  /** The resource server that the tokens are for (RFC 8707); absent or null: any. */
  readonly audience?: string | null | undefined;
  /** The consent that the family hangs on; absent or null: none. */
  readonly consentId?: string | null | undefined;
  /** False: no refresh token, whatever tenant and client allow. */
  readonly withRefresh?: boolean | undefined;
  readonly familyId: string;
  readonly tokens: NewTokens;
  /** Where it is signed in from; absent: not known. */
  readonly place?: Place | undefined;
}

/** What is known of an issued pair; the secrets are added by the operation, which alone has them. */
export interface Issued {
  readonly tokenId: string;
  readonly kind: TokenKind;
  readonly subjectId: string;
  readonly familyId: string;
  readonly scopes: readonly string[];
  readonly issueTime: Instant;
  readonly expireTime: Instant;
  /** Null: there is no refresh token. */
  readonly refreshExpireTime: Instant | null;
}

/** Of the digest of the refresh token that was presented last. */
export const PRESENTED_BYTES = 16;
/** Both randoms of a pair. */
export const BOX_BYTES = 40;

/** Why a grant can't be; undefined when it can. */
export function refuseGrant(
  { clientId, tenantId, scopes }: Pick<Grant, 'clientId' | 'tenantId' | 'scopes'>,
  tenant: Tenant | undefined,
  client: Client | undefined,
): Refusal | undefined {
  if (tenant === undefined || tenant.disabled || client?.tenantId !== tenantId || client.disabled) {
    return INVALID_CREDENTIALS;
  }
  const refused = scopes.find((scope) => !client.scopes.includes(scope));
  return refused === undefined
    ? undefined
    : { code: 'scope_not_allowed', message: `The client ${clientId} may not ask for the scope ${refused}` };
}

/** Begins the family of a login that is proven. */
export function begin(
  grant: Grant,
  tenant: Tenant | undefined,
  client: Client | undefined,
  now: Instant,
): Decision<{ readonly issued: Issued }> {
  const refusal = refuseGrant(grant, tenant, client);
  if (refusal !== undefined || tenant === undefined || client === undefined) {
    return refuse(refusal ?? INVALID_CREDENTIALS);
  }
  const { tokenKind: kind, consentId } = grant;
  const expiry = isForPages(grant.audience)
    ? { expireTime: now + PAGES_LIFETIME_MS }
    : accessExpiry(tenant.policy, { kind, consentId }, grant.expireTime, now);
  if ('refusal' in expiry) {
    return refuse(expiry.refusal);
  }
  const notAfter = grant.notAfter ?? Number.POSITIVE_INFINITY;
  const family = familyOf(grant, tenant, client, Math.min(expiry.expireTime, notAfter), now);
  const changes: Change[] = [insert(FAMILY, family)];
  return answer({ issued: issuedOf(family) }, changes);
}

/** What comes by consent is refreshed by clients that are registered for it, and the rest as the tenant says. */
function isWithRefresh(
  { tokenKind, audience, consentId = null, withRefresh }: Grant,
  { policy }: Tenant,
  client: Client,
): boolean {
  const isNever = withRefresh === false || tokenKind === 'ANONYMOUS' || isForPages(audience);
  if (isNever || !mayBeRefreshed(policy, { consentId })) {
    return false;
  }
  return consentId === null || client.grants.includes('refresh_token');
}

function familyOf(grant: Grant, tenant: Tenant, client: Client, accessExpireTime: Instant, now: Instant): Family {
  const { tenantId, clientId, refreshClientId, subjectId, tokenKind: kind, scopes, familyId, tokens } = grant;
  const notAfter = grant.notAfter ?? Number.POSITIVE_INFINITY;
  const { audience = null, consentId = null, place } = grant;
  const withRefresh = isWithRefresh(grant, tenant, client);
  const familyLimit = familyExpiry(tenant.policy, { consentId }, accessExpireTime, withRefresh, now);
  return {
    familyId,
    tenantId,
    clientId,
    refreshClientId: refreshClientId === clientId ? null : refreshClientId,
    subjectId,
    kind,
    scopes,
    generation: 0,
    issueRevision: tenant.revision,
    issueTime: now,
    expireTime: Math.min(familyLimit, notAfter),
    revokedRevision: null,
    audience,
    consentId,
    keyId: tokens.keyId,
    accessDigest: tokens.accessDigest,
    accessIssueTime: now,
    accessExpireTime,
    refresh: withRefresh ? firstRefresh(tokens, now) : null,
    placeAddress: place?.address ?? null,
    placeAgent: place?.agent ?? null,
    visitTime: isForPages(audience) ? now : null,
  };
}

/** Filled from the start: a row that grows later splits its page. Its repeat is over before it began. */
function firstRefresh({ refreshDigest }: NewTokens, now: Instant): RefreshState {
  return {
    digest: refreshDigest,
    presented: new Uint8Array(PRESENTED_BYTES),
    repeatUntil: now,
    box: new Uint8Array(BOX_BYTES),
  };
}

/** What is known of the current pair of a family. */
export function issuedOf(family: Family): Issued {
  const { familyId, kind, subjectId, scopes, generation, accessIssueTime, accessExpireTime, refresh, expireTime } =
    family;
  return {
    tokenId: tokenIdOf('access', familyId, generation),
    kind,
    subjectId,
    familyId,
    scopes,
    issueTime: accessIssueTime,
    expireTime: accessExpireTime,
    refreshExpireTime: refresh === null ? null : expireTime,
  };
}
