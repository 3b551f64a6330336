/** The messages about clients. */
import {
  type AddClientSecretRequest,
  type Client as ClientMessage,
  ClientRole as ClientRoleMessage,
  type CreateClientRequest,
  type CreateClientResponse,
  type ExpireClientSecretRequest,
  GrantType as GrantTypeMessage,
  type UpdateClientRequest,
} from '../../../gen/ts/symbolon/v1/client_service.ts';
import { SymbolonError } from '../../core/errors.ts';
import type { Instant } from '../../core/model.ts';
import type { NewSecret } from '../../core/operations/client-secrets.ts';
import type { ClientUpdate, ClientView, MadeClient, NewClient } from '../../core/operations/clients.ts';
import { MAX_LIFETIME_MS } from '../../core/policy.ts';
import type { Client, ClientRegistration, ClientRole, GrantType } from '../../core/tables/clients.ts';
import { parseId } from './fields.ts';
import { parsePaths } from './masks.ts';
import { parseTenantId } from './tenants.ts';
import { parseInstant, parseMilliseconds, toTimestamp } from './time.ts';

const ROLES = {
  admin: ClientRoleMessage.ADMIN,
  introspect: ClientRoleMessage.INTROSPECT,
  operator: ClientRoleMessage.OPERATOR,
} as const satisfies Record<ClientRole, ClientRoleMessage>;

const ROLE_OF = new Map<number, ClientRole>(
  Object.entries(ROLES).map(([role, number]) => [number, role as ClientRole]),
);

const GRANTS = {
  authorization_code: GrantTypeMessage.AUTHORIZATION_CODE,
  client_credentials: GrantTypeMessage.CLIENT_CREDENTIALS,
  refresh_token: GrantTypeMessage.REFRESH_TOKEN,
  device_code: GrantTypeMessage.DEVICE_CODE,
  password: GrantTypeMessage.PASSWORD,
  implicit: GrantTypeMessage.IMPLICIT,
} as const satisfies Record<GrantType, GrantTypeMessage>;

const GRANT_OF = new Map<number, GrantType>(
  Object.entries(GRANTS).map(([grant, number]) => [number, grant as GrantType]),
);

function parseGrants(messages: readonly GrantTypeMessage[]): GrantType[] {
  return messages.map((message) => {
    const grant = GRANT_OF.get(message);
    if (grant === undefined) {
      throw new SymbolonError('invalid_argument', 'each of grant_types must be a GrantType');
    }
    return grant;
  });
}

function parseRoles(messages: readonly ClientRoleMessage[]): ClientRole[] {
  return messages.map((message) => {
    const role = ROLE_OF.get(message);
    if (role === undefined) {
      throw new SymbolonError('invalid_argument', 'each of roles must be a ClientRole');
    }
    return role;
  });
}

export function parseNewClient(message: CreateClientRequest): NewClient {
  const { tenantId, clientId, displayName, confidential, roles, scopes } = message;
  const { firstParty, grantTypes, redirectUris, logoUri, accentColor } = message;
  const tenant = parseTenantId(tenantId);
  return {
    ...(tenant === undefined ? {} : { tenantId: tenant }),
    clientId,
    displayName,
    confidential,
    roles: parseRoles(roles),
    scopes,
    firstParty,
    redirectUris,
    logoUri,
    accentColor,
    ...(grantTypes.length === 0 ? {} : { grants: parseGrants(grantTypes) }),
  };
}

const MASKED = [
  ...['display_name', 'roles', 'scopes'],
  ...['first_party', 'grant_types', 'redirect_uris', 'logo_uri', 'accent_color'],
];

export function parseClientUpdate(message: UpdateClientRequest): ClientUpdate {
  const { displayName, roles, scopes } = message;
  const paths = parsePaths(message.updateMask, MASKED);
  return {
    clientId: parseClientId(message),
    ...(paths.has('display_name') ? { displayName } : {}),
    ...(paths.has('roles') ? { roles: parseRoles(roles) } : {}),
    ...(paths.has('scopes') ? { scopes } : {}),
    ...parseRegistration(message, paths),
  };
}

function parseRegistration(message: UpdateClientRequest, paths: ReadonlySet<string>): Partial<ClientRegistration> {
  const { firstParty, grantTypes, redirectUris, logoUri, accentColor } = message;
  return {
    ...(paths.has('first_party') ? { firstParty } : {}),
    ...(paths.has('grant_types') ? { grants: parseGrants(grantTypes) } : {}),
    ...(paths.has('redirect_uris') ? { redirectUris } : {}),
    ...(paths.has('logo_uri') ? { logoUri } : {}),
    ...(paths.has('accent_color') ? { accentColor } : {}),
  };
}

export function parseClientId({ clientId }: { readonly clientId: string }): string {
  return parseId(clientId, 'client_id');
}

export function parseNewSecret(message: AddClientSecretRequest): NewSecret {
  const { othersExpireIn, reset, expireTime } = message;
  if (reset && othersExpireIn !== undefined) {
    throw new SymbolonError('invalid_argument', 'others_expire_in and reset must not both be set');
  }
  return {
    clientId: parseClientId(message),
    reset,
    ...(expireTime === undefined ? {} : { expireTime: parseInstant(expireTime, 'expire_time') }),
    ...(othersExpireIn === undefined
      ? {}
      : { othersExpireInMs: parseMilliseconds(othersExpireIn, 'others_expire_in', MAX_LIFETIME_MS) }),
  };
}

export function parseExpiringSecret(message: ExpireClientSecretRequest): {
  clientId: string;
  secretId: string;
  expireTime: Instant | undefined;
} {
  const { secretId, expireTime } = message;
  return {
    clientId: parseClientId(message),
    secretId: parseId(secretId, 'secret_id'),
    expireTime: expireTime && parseInstant(expireTime, 'expire_time'),
  };
}

/** Without its secrets. */
export function toClientMessage(client: Client): ClientMessage {
  const { clientId, tenantId, displayName, confidential, roles, scopes, disabled, createTime } = client;
  return {
    clientId,
    tenantId,
    displayName,
    confidential,
    roles: roles.map((role) => ROLES[role]),
    scopes: [...scopes],
    disabled,
    createTime: toTimestamp(createTime),
    secrets: [],
    firstParty: client.firstParty,
    grantTypes: client.grants.map((grant) => GRANTS[grant]),
    redirectUris: [...client.redirectUris],
    logoUri: client.logoUri,
    accentColor: client.accentColor,
  };
}

/** With those of its secrets that have not ended. */
export function toClientViewMessage({ client, secrets }: ClientView, now: Instant): ClientMessage {
  return {
    ...toClientMessage(client),
    secrets: secrets
      .filter(({ expireTime }) => expireTime === null || expireTime > now)
      .map(({ secretId, expireTime }) => ({
        secretId,
        expireTime: expireTime === null ? undefined : toTimestamp(expireTime),
      })),
  };
}

export function toMadeClientMessage({ client, secrets, clientSecret }: MadeClient): CreateClientResponse {
  return {
    client: toClientMessage(client),
    clientSecret: clientSecret ?? '',
    secretId: secrets[0]?.secretId ?? '',
  };
}
