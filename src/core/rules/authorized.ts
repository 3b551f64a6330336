/** What a code gives: what was authorized, kept in the code's row, and whether that still stands when the code comes. */
import { answer, type Change, type Decision, refuse, set } from '../changes.ts';
import { CODE_REUSE, INVALID_GRANT, type Refusal } from '../errors.ts';
import type { Digest, Instant } from '../model.ts';
import { all, one } from '../plan.ts';
import type { Client, GrantType } from '../tables/clients.ts';
import { CONSENT, type Consent } from '../tables/consents.ts';
import { END_NODE_LOGIN, type EndNodeLogin } from '../tables/end-nodes.ts';
import { FAMILY, type Family, type Place } from '../tables/families.ts';
import { RESOURCE_SERVER, type ResourceServer } from '../tables/resource-servers.ts';
import { SINGLE_USE, type SingleUse } from '../tables/single-use.ts';
import { SUBJECT, type Subject } from '../tables/subjects.ts';
import type { Tenant } from '../tables/tenants.ts';
import { begin, type Issued, type NewTokens } from './grants.ts';
import { isFamilyLive } from './liveness.ts';
import { refuseAudience } from './resource-servers.ts';
import { endFamily } from './revoking.ts';

/** What a user authorized, as the row of its code keeps it. */
export interface Authorized {
  readonly scopes: readonly string[];
  /** The resource server that the tokens are for (RFC 8707); null: any. */
  readonly audience: string | null;
  readonly consentId: string;
  /** The tenant's revision when it was authorized; compared with cutoffs. */
  readonly issueRevision: number;
  /** Of the browser in which that was. Absent: not known, or not where the tokens will be. */
  readonly place?: Place | undefined;
}

/** What a code is redeemed with, by whichever flow. */
export interface Redeeming {
  readonly tenantId: string;
  /** The caller. */
  readonly clientId: string;
  /** Of the code. Its row is changed by this, as it is locked: an engine knows it by the same words then. */
  readonly digest: Digest;
  /** Of the token call (RFC 8707 section 2.2). */
  readonly resource?: string | undefined;
  readonly familyId: string;
  readonly tokens: NewTokens;
  /** Of the caller. */
  readonly place?: Place | undefined;
}

/** The rows that decide about a code, besides its own and the tenant. */
export interface AuthorizedRows {
  readonly tenant: Tenant | undefined;
  readonly client: Client | undefined;
  readonly server: ResourceServer | undefined;
  readonly subject: Subject | undefined;
  readonly consent: Consent | undefined;
  /** That the code gave; undefined before. */
  readonly given: Family | undefined;
  readonly endNodes: readonly EndNodeLogin[];
}

/** What a code's row leads to. */
export function readAuthorized(code: SingleUse | undefined, authorized: Pick<Authorized, 'consentId'> | undefined) {
  return {
    subject: one(SUBJECT, code && { subjectId: code.subjectId }),
    consent: one(CONSENT, authorized && { consentId: authorized.consentId }),
    given: one(FAMILY, code?.familyId ? { familyId: code.familyId } : undefined),
    endNodes: all(END_NODE_LOGIN, code?.familyId ? { familyId: code.familyId } : undefined),
  };
}

export function readServer({ tenantId, resource }: Pick<Redeeming, 'tenantId' | 'resource'>) {
  return one(RESOURCE_SERVER, resource === undefined ? undefined : { tenantId, resourceServerId: resource });
}

/** Why the client may not use a grant; undefined when it may. */
export function refuseGrantType(client: Client | undefined, grant: GrantType): Refusal | undefined {
  return client?.grants.includes(grant)
    ? undefined
    : { code: 'unauthorized_client', message: `The client has not got the grant ${grant}` };
}

/** Why the client may not ask for these scopes; undefined when it may. */
export function refuseScopes(
  client: Pick<Client, 'scopes'> | undefined,
  scopes: readonly string[],
): Refusal | undefined {
  const refused = scopes.find((scope) => !client?.scopes.includes(scope));
  return refused === undefined
    ? undefined
    : { code: 'scope_not_allowed', message: `The client may not ask for the scope ${refused}` };
}

/** RFC 6749 section 4.1.2, RFC 9700 section 4.5: who comes second may be the one whose code it is. So what the first one got ends. */
export function refuseReplay(
  { tenant, given, endNodes }: Pick<AuthorizedRows, 'tenant' | 'given' | 'endNodes'>,
  now: Instant,
): Decision<never> {
  return tenant === undefined ||
    given === undefined ||
    given.tenantId !== tenant.tenantId ||
    given.revokedRevision !== null
    ? refuse(INVALID_GRANT)
    : refuse(CODE_REUSE, endFamily(tenant, given.familyId, 'code_reuse', now, endNodes).changes);
}

/** Begins the family of a code that is right, unless what it comes of has ended since. */
export function beginAuthorized(
  code: SingleUse,
  authorized: Authorized,
  rows: AuthorizedRows,
  command: Redeeming,
  now: Instant,
): Decision<{ readonly issued: Issued }> {
  const { tenant, client } = rows;
  const { tenantId, clientId, digest, resource, familyId, tokens } = command;
  const { scopes, consentId, place = command.place } = authorized;
  if (tenant === undefined || !stands(code, authorized, rows, now)) {
    return refuse(INVALID_GRANT);
  }
  const refusal = refuseTarget(authorized, rows, resource);
  if (refusal !== undefined) {
    return refuse(refusal);
  }
  const { subjectId } = code;
  const audience = resource ?? authorized.audience;
  const whose = { tenantId, clientId, refreshClientId: clientId, subjectId, tokenKind: 'USER' } as const;
  const begun = begin({ ...whose, scopes, audience, consentId, familyId, tokens, place }, tenant, client, now);
  const used: Change = set(SINGLE_USE, { digest }, { familyId });
  return 'refusal' in begun.outcome ? begun : answer(begun.outcome.answer, [used, ...begun.changes]);
}

/** What ends a user's tokens, or a consent, ends a code that waits for its client too. */
function stands(
  { tenantId, clientId, expireTime }: SingleUse,
  { issueRevision, consentId }: Authorized,
  { tenant, client, subject, consent }: AuthorizedRows,
  now: Instant,
): boolean {
  const login = { tenantId, clientId, issueRevision, expireTime, revokedRevision: null } as const;
  const family = { ...login, kind: 'USER', consentId } as const;
  return tenant !== undefined && isFamilyLive({ family, tenant, client, subject, consent }, now);
}

/** What was authorized may be narrowed to one resource server, and not moved to another (RFC 8707 section 2.2). */
function refuseTarget(
  { audience, scopes }: Authorized,
  { server }: AuthorizedRows,
  resource: string | undefined,
): Refusal | undefined {
  if (resource === undefined) {
    return undefined;
  }
  if (audience !== null && audience !== resource) {
    return { code: 'invalid_target', message: 'resource is not the one that was authorized' };
  }
  return refuseAudience({ audience: resource, scopes }, server);
}
