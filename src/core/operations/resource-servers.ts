/** The services of a tenant that tokens may be for alone (RFC 8707). */
import { SymbolonError } from '../errors.ts';
import { CLIENT_ID_FORM } from '../names.ts';
import { requirePermission } from '../permissions.ts';
import { one } from '../plan.ts';
import { notFound } from '../rules/refusals.ts';
import { knowsScope, readAudience, refuseResourceServerId } from '../rules/resource-servers.ts';
import type { Services } from '../services/services.ts';
import type { Client } from '../tables/clients.ts';
import { RESOURCE_SERVER, RESOURCE_SERVERS, type ResourceServer } from '../tables/resource-servers.ts';
import { requireDisplayName } from '../text/fields.ts';
import { FAMILY_RANDOM_BYTES, newFamilyId } from '../token-form.ts';
import type { Call } from './authenticate.ts';
import { type Listed, listPage, type PageRequest } from './pages.ts';
import { perform } from './perform.ts';
import { requireScopes } from './validate.ts';

const MAX_CLIENTS = 64;

export interface NewResourceServer {
  readonly resourceServerId: string;
  /** Empty: its id. */
  readonly displayName: string;
  /** Empty: all. */
  readonly scopes: readonly string[];
  readonly clientIds: readonly string[];
}

export async function createResourceServer(
  services: Services,
  call: Call,
  request: NewResourceServer,
): Promise<ResourceServer> {
  requirePermission(call.caller, 'manage_resource_servers');
  const { resourceServerId, displayName, scopes, clientIds } = request;
  const refusal = refuseResourceServerId(resourceServerId);
  if (refusal !== undefined) {
    throw SymbolonError.of(refusal);
  }
  const { resourceServer } = await perform(services, call, ['manage_resource_servers'], {
    kind: 'create_resource_server',
    tenantId: call.caller.tenantId,
    resourceServerId,
    displayName: requireDisplayName(displayName === '' ? resourceServerId : displayName),
    scopes: requireScopes(scopes),
    clientIds: requireClientIds(clientIds),
  });
  return resourceServer;
}

export async function getResourceServer(
  { store }: Services,
  { caller }: Call,
  resourceServerId: string,
): Promise<ResourceServer> {
  requirePermission(caller, 'manage_resource_servers');
  const { tenantId } = caller;
  const { found } = await store.read({ found: one(RESOURCE_SERVER, { tenantId, resourceServerId }) });
  if (found === undefined) {
    throw SymbolonError.of(notFound('resource_server', resourceServerId));
  }
  return found;
}

export async function listResourceServers(
  services: Services,
  call: Call,
  page: PageRequest,
): Promise<Listed<ResourceServer>> {
  requirePermission(call.caller, 'manage_resource_servers');
  const { tenantId } = call.caller;
  return listPage(services, call, { name: ['resource_servers'], list: RESOURCE_SERVERS, by: { tenantId } }, page);
}

export type ResourceServerUpdate = Pick<NewResourceServer, 'resourceServerId'> &
  Partial<Omit<NewResourceServer, 'resourceServerId'>>;

export async function updateResourceServer(
  services: Services,
  call: Call,
  { resourceServerId, displayName, scopes, clientIds }: ResourceServerUpdate,
): Promise<ResourceServer> {
  requirePermission(call.caller, 'manage_resource_servers');
  const { resourceServer } = await perform(services, call, ['manage_resource_servers'], {
    kind: 'update_resource_server',
    tenantId: call.caller.tenantId,
    resourceServerId,
    ...(displayName === undefined ? {} : { displayName: requireDisplayName(displayName) }),
    ...(scopes === undefined ? {} : { scopes: requireScopes(scopes) }),
    ...(clientIds === undefined ? {} : { clientIds: requireClientIds(clientIds) }),
  });
  return resourceServer;
}

export async function deleteResourceServer(services: Services, call: Call, resourceServerId: string): Promise<void> {
  requirePermission(call.caller, 'manage_resource_servers');
  const { clock, random } = services;
  await perform(services, call, ['manage_resource_servers'], {
    kind: 'delete_resource_server',
    tenantId: call.caller.tenantId,
    resourceServerId,
    noFamilyId: newFamilyId(clock(), random(FAMILY_RANDOM_BYTES)),
  });
}

/** All that a client may ask for of a resource server; without one, or of one that is not there, all that it may ask for. */
export async function scopesFor(
  { store }: Services,
  { tenantId, scopes }: Pick<Client, 'tenantId' | 'scopes'>,
  audience: string | undefined,
): Promise<readonly string[]> {
  if (audience === undefined) {
    return scopes;
  }
  const { server } = await store.read({ server: readAudience({ tenantId, audience }) });
  return server === undefined ? scopes : scopes.filter((scope) => knowsScope(server, scope));
}

/** Without repetitions, in their order. */
function requireClientIds(clientIds: readonly string[]): readonly string[] {
  if (clientIds.length > MAX_CLIENTS) {
    throw new SymbolonError('invalid_argument', `client_ids must have at most ${MAX_CLIENTS} entries`);
  }
  if (!clientIds.every((id) => CLIENT_ID_FORM.test(id))) {
    throw new SymbolonError('invalid_argument', 'each of client_ids must be the id of a client');
  }
  return [...new Set(clientIds)];
}
