/** The messages about clients. */
import {
  type AddClientSecretRequest,
  type Client as ClientMessage,
  ClientRole as ClientRoleMessage,
  type CreateClientRequest,
  type CreateClientResponse,
  type ExpireClientSecretRequest,
  type UpdateClientRequest,
} from '../../../gen/ts/symbolon/v1/client_service.ts';
import { SymbolonError } from '../../core/errors.ts';
import type { Instant } from '../../core/model.ts';
import type { ClientUpdate, ClientView, MadeClient, NewClient, NewSecret } from '../../core/operations/clients.ts';
import { MAX_LIFETIME_MS } from '../../core/policy.ts';
import type { Client, ClientRole } from '../../core/tables/clients.ts';
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
  const tenant = parseTenantId(tenantId);
  return {
    ...(tenant === undefined ? {} : { tenantId: tenant }),
    clientId,
    displayName,
    confidential,
    roles: parseRoles(roles),
    scopes,
  };
}

export function parseClientUpdate(message: UpdateClientRequest): ClientUpdate {
  const { displayName, roles, scopes } = message;
  const paths = parsePaths(message.updateMask, ['display_name', 'roles', 'scopes']);
  return {
    clientId: parseClientId(message),
    ...(paths.has('display_name') ? { displayName } : {}),
    ...(paths.has('roles') ? { roles: parseRoles(roles) } : {}),
    ...(paths.has('scopes') ? { scopes } : {}),
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
