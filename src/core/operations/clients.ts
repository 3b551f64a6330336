import { isOwnClientId } from '../client-ids.ts';
import { SymbolonError } from '../errors.ts';
import { given } from '../given.ts';
import { ID_BYTES, clientId as newClientId, secretId as newSecretId } from '../ids.ts';
import { CLIENT_ID_FORM } from '../names.ts';
import { isPermitted, type Permission, requirePermission } from '../permissions.ts';
import { OPERATORS_ONLY } from '../rules/authority.ts';
import { CLIENT_SECRET_PREFIX, digestOf, formatSecret, SECRET_BYTES } from '../secrets.ts';
import type { Services } from '../services/services.ts';
import {
  CLIENTS,
  type Client,
  type ClientRegistration,
  type ClientRole,
  type ClientSecret,
} from '../tables/clients.ts';
import { requireDisplayName } from '../text/fields.ts';
import type { Call } from './authenticate.ts';
import { type Listed, listPage, type PageRequest } from './pages.ts';
import { perform } from './perform.ts';
import { inTenant, tenantOf } from './tenants.ts';
import { requireScopes } from './validate.ts';

/** What is absent gets what fits the rest of the client. */
export interface NewClient extends Partial<ClientRegistration> {
  /** Another tenant than the caller's: for operators. */
  readonly tenantId?: string;
  /** Empty: made up. */
  readonly clientId: string;
  readonly displayName: string;
  readonly confidential: boolean;
  readonly roles: readonly ClientRole[];
  readonly scopes: readonly string[];
}

/** A client as it is answered; its secrets without what they are. */
export interface ClientView {
  readonly client: Client;
  readonly secrets: readonly Pick<ClientSecret, 'secretId' | 'expireTime'>[];
}

export interface MadeClient extends ClientView {
  /** Told this once; undefined of a public client. */
  readonly clientSecret: string | undefined;
}

export async function createClient(services: Services, call: Call, request: NewClient): Promise<MadeClient> {
  requirePermission(call.caller, 'manage_clients');
  const { random } = services;
  const tenantId = tenantOf(call, request.tenantId);
  const clientId =
    request.clientId === '' ? newClientId(random(ID_BYTES)) : requireClientId(call, tenantId, request.clientId);
  const made = request.confidential ? makeSecret(random) : undefined;
  const client = {
    clientId,
    tenantId,
    displayName: requireDisplayName(request.displayName === '' ? clientId : request.displayName),
    confidential: request.confidential,
    roles: requireRoles(call, request.roles),
    scopes: requireScopes(request.scopes),
    ...registrationOf(request),
  };
  const isOperators =
    client.roles.includes('operator') || (request.clientId !== '' && !isOwnClientId(tenantId, clientId));
  const byRole: readonly Permission[] = isOperators ? ['manage_tenants'] : [];
  await perform(services, call, [...inTenant(call, tenantId, 'manage_clients'), ...byRole], {
    kind: 'create_client',
    client,
    ...(made === undefined ? {} : { secret: { ...made.stored, expireTime: null } }),
  });
  return { ...(await read(services, tenantId, clientId)), clientSecret: made?.secret };
}

/** What was given of it, without repetitions. The transaction judges it, by the whole client. */
function registrationOf({ firstParty, grants, redirectUris, logoUri, accentColor }: Partial<ClientRegistration>) {
  return given({
    firstParty,
    grants: grants && [...new Set(grants)],
    redirectUris: redirectUris && [...new Set(redirectUris)],
    logoUri,
    accentColor,
  });
}

export async function getClient(services: Services, call: Call, clientId: string): Promise<ClientView> {
  requirePermission(call.caller, 'manage_clients');
  return read(services, call.caller.tenantId, clientId);
}

export async function listClients(services: Services, call: Call, page: PageRequest): Promise<Listed<Client>> {
  requirePermission(call.caller, 'manage_clients');
  const { tenantId } = call.caller;
  return listPage(services, call, { name: ['clients'], list: CLIENTS, by: { tenantId } }, page);
}

export interface ClientUpdate extends Partial<ClientRegistration> {
  readonly clientId: string;
  readonly displayName?: string;
  readonly roles?: readonly ClientRole[];
  readonly scopes?: readonly string[];
}

export async function updateClient(services: Services, call: Call, update: ClientUpdate): Promise<ClientView> {
  requirePermission(call.caller, 'manage_clients');
  const { clientId, displayName, roles, scopes } = update;
  const { tenantId } = call.caller;
  const byRole = await requireManageable(services, call, clientId);
  const asked: readonly Permission[] = roles?.includes('operator') ? ['manage_tenants'] : [];
  await perform(services, call, ['manage_clients', ...byRole, ...asked], {
    kind: 'update_client',
    tenantId,
    clientId,
    ...(displayName === undefined ? {} : { displayName: requireDisplayName(displayName) }),
    ...(roles === undefined ? {} : { roles: requireRoles(call, roles) }),
    ...(scopes === undefined ? {} : { scopes: requireScopes(scopes) }),
    ...registrationOf(update),
  });
  return read(services, tenantId, clientId);
}

/** Answers the revision. */
export async function endClient(
  services: Services,
  call: Call,
  clientId: string,
  cause: 'disabled' | 'deleted',
): Promise<{ revision: number }> {
  requirePermission(call.caller, 'manage_clients');
  const byRole = await requireManageable(services, call, clientId);
  const { tenantId } = call.caller;
  const target = { kind: 'client', id: clientId } as const;
  const { revision } = await perform(services, call, ['manage_clients', ...byRole], {
    kind: 'cut_off',
    tenantId,
    target,
    cause,
  });
  return { revision };
}

export async function enableClient(services: Services, call: Call, clientId: string): Promise<void> {
  requirePermission(call.caller, 'manage_clients');
  const byRole = await requireManageable(services, call, clientId);
  const { tenantId } = call.caller;
  await perform(services, call, ['manage_clients', ...byRole], {
    kind: 'enable',
    tenantId,
    target: { kind: 'client', id: clientId },
  });
}

/** An admin must not become an operator by way of a client that is one. */
export async function requireManageable(
  { store }: Services,
  call: Call,
  clientId: string,
): Promise<readonly Permission[]> {
  const reading = await store.readClient(clientId);
  if (reading?.client.tenantId !== call.caller.tenantId) {
    throw clientNotFound(clientId);
  }
  if (reading.client.roles.includes('operator') && !isPermitted(call.caller, 'manage_tenants')) {
    throw SymbolonError.of(OPERATORS_ONLY);
  }
  return reading.client.roles.includes('operator') ? ['manage_tenants'] : [];
}

async function read({ store }: Services, tenantId: string, clientId: string): Promise<ClientView> {
  const reading = await store.readClient(clientId);
  if (reading?.client.tenantId !== tenantId) {
    throw clientNotFound(clientId);
  }
  const secrets = reading.secrets.map(({ secretId, expireTime }) => ({ secretId, expireTime }));
  return { client: reading.client, secrets };
}

function clientNotFound(clientId: string): SymbolonError {
  return new SymbolonError('not_found', 'There is no such client', { about: { field: 'client_id', value: clientId } });
}

/** Ids are unique across tenants: an admin chooses among those that are its tenant's for ever, an operator any (decision 0070). */
function requireClientId({ caller }: Call, tenantId: string, clientId: string): string {
  const about = { field: 'client_id', value: clientId };
  if (!CLIENT_ID_FORM.test(clientId)) {
    throw new SymbolonError('invalid_argument', 'client_id must be 1 to 128 of a-z A-Z 0-9 - _ and dots', { about });
  }
  if (!isOwnClientId(tenantId, clientId) && !isPermitted(caller, 'manage_tenants')) {
    const message = `client_id must begin with ${tenantId}. and go on, or be empty: only an operator chooses another`;
    throw new SymbolonError('invalid_argument', message, { about });
  }
  return clientId;
}

/** Only an operator makes an operator. */
function requireRoles({ caller }: Call, roles: readonly ClientRole[]): readonly ClientRole[] {
  if (roles.includes('operator') && !isPermitted(caller, 'manage_tenants')) {
    throw new SymbolonError('permission_denied', 'Only an operator may give the role operator');
  }
  return [...new Set(roles)];
}

export function makeSecret(random: Services['random']): {
  secret: string;
  stored: Pick<ClientSecret, 'secretId' | 'digest'>;
} {
  const secret = formatSecret(CLIENT_SECRET_PREFIX, random(SECRET_BYTES));
  return { secret, stored: { secretId: newSecretId(random(ID_BYTES)), digest: digestOf(secret) } };
}
