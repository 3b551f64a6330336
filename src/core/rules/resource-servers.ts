/** Whom tokens are for (RFC 8707): resource servers of a tenant, and what holds of tokens for them. */
import type { Refusal } from '../errors.ts';
import { MAX_ID } from '../names.ts';
import { lockRow, type One, one } from '../plan.ts';
import type { Family } from '../tables/families.ts';
import { RESOURCE_SERVER, type ResourceServer } from '../tables/resource-servers.ts';
import { TENANT } from '../tables/tenants.ts';
import { isForPages } from './audiences.ts';
import { invalid } from './refusals.ts';

/** Audiences that begin so are the server's own. */
const OWN_PREFIX = 'urn:symbolon:';
/** RFC 8707 section 2: an absolute URI, without a fragment. */
const RESOURCE_FORM = /^[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9\-._~:/?[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+$/;

export const UNKNOWN_TARGET: Refusal = {
  code: 'invalid_target',
  message: 'resource names no resource server of the tenant',
};

export const OTHER_TARGET: Refusal = {
  code: 'invalid_target',
  message: 'resource must be that of the login, or be left out',
};

interface Named {
  readonly tenantId: string;
  readonly resourceServerId: string;
}

/** The resource server and its tenant, which is locked. */
export function planResourceServer({ tenantId, resourceServerId }: Named) {
  return {
    locks: [lockRow(TENANT, { tenantId })],
    reads: {
      tenant: one(TENANT, { tenantId }),
      resourceServer: one(RESOURCE_SERVER, { tenantId, resourceServerId }),
    },
  };
}

/** Why nothing can be for it; undefined when something can. */
export function refuseResourceServerId(id: string): Refusal | undefined {
  if (id.length > MAX_ID || !RESOURCE_FORM.test(id)) {
    const message = `resource_server_id must be an absolute URI without a fragment (RFC 8707 section 2), of at most ${MAX_ID} characters`;
    return invalid(message, 'resource_server_id');
  }
  return id.toLowerCase().startsWith(OWN_PREFIX)
    ? invalid(`resource_server_id must not begin with ${OWN_PREFIX}, which is the server's own`, 'resource_server_id')
    : undefined;
}

type Whom = Pick<Family, 'tenantId' | 'scopes'> & { readonly audience?: string | null | undefined };

/** The resource server that a login asks for, for who begins its family. */
export function readAudience({ tenantId, audience = null }: Pick<Whom, 'tenantId' | 'audience'>): One<ResourceServer> {
  const isNamed = audience !== null && !isForPages(audience);
  return one(RESOURCE_SERVER, isNamed ? { tenantId, resourceServerId: audience } : undefined);
}

/** Why tokens can't be for it; undefined when they can. */
export function refuseAudience(
  { audience = null, scopes }: Omit<Whom, 'tenantId'>,
  server: ResourceServer | undefined,
): Refusal | undefined {
  if (audience === null || isForPages(audience)) {
    return undefined;
  }
  if (server === undefined) {
    return UNKNOWN_TARGET;
  }
  const refused = scopes.find((scope) => !knowsScope(server, scope));
  return refused === undefined
    ? undefined
    : { code: 'scope_not_allowed', message: `The resource server does not know the scope ${refused}` };
}

/** One that lists no scopes takes all. */
export function knowsScope({ scopes }: Pick<ResourceServer, 'scopes'>, scope: string): boolean {
  return scopes.length === 0 || scopes.includes(scope);
}

/**
 * Whether a client may be told that tokens of the family are live. One that was made again with the same id is another: what was for the
 * first one is not for it.
 */
export function isForClient(
  { issueRevision }: Pick<Family, 'issueRevision'>,
  server: Pick<ResourceServer, 'clientIds' | 'cutoff'> | undefined,
  clientId: string,
): boolean {
  return server !== undefined && issueRevision >= server.cutoff && server.clientIds.includes(clientId);
}
