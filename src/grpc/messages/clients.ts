/** The messages about clients. */
import {
  type AddClientSecretRequest,
  type Client as ClientMessage,
  ClientRole as ClientRoleMessage,
  type CreateClientRequest,
  type CreateClientResponse,
  type ExpireClientSecretRequest,
  type UpdateClientRequest,
} from '../../../gen/ts/symbolon/v1/directory_service.ts';
import { SymbolonError } from '../../core/errors.ts';
import { LONGEST_LIFETIME_MS } from '../../core/lifetimes.ts';
import type { Client, ClientRole, Instant } from '../../core/model.ts';
import type {
  ClientUpdate,
  ClientView,
  MadeClient,
  NewClient,
  NewSecret,
} from '../../core/operations/directory/clients.ts';
import { idOf } from './fields.ts';
import { pathsOf } from './masks.ts';
import { tenantIdOf } from './tenants.ts';
import { instantOf, millisecondsOf, timestampOf } from './time.ts';

const ROLES = {
  admin: ClientRoleMessage.ADMIN,
  introspect: ClientRoleMessage.INTROSPECT,
  operator: ClientRoleMessage.OPERATOR,
} as const satisfies Record<ClientRole, ClientRoleMessage>;

const ROLE_OF = new Map<number, ClientRole>(
  Object.entries(ROLES).map(([role, number]) => [number, role as ClientRole]),
);

function rolesOf(messages: readonly ClientRoleMessage[]): ClientRole[] {
  return messages.map((message) => {
    const role = ROLE_OF.get(message);
    if (role === undefined) {
      throw new SymbolonError('invalid_argument', 'roles holds what is no ClientRole');
    }
    return role;
  });
}

export function newClientOf(message: CreateClientRequest): NewClient {
  const { tenantId, clientId, displayName, confidential, roles, scopes } = message;
  const tenant = tenantIdOf(tenantId);
  return {
    ...(tenant === undefined ? {} : { tenantId: tenant }),
    clientId,
    displayName,
    confidential,
    roles: rolesOf(roles),
    scopes,
  };
}

export function clientUpdateOf(message: UpdateClientRequest): ClientUpdate {
  const { displayName, roles, scopes } = message;
  const paths = pathsOf(message.updateMask, ['display_name', 'roles', 'scopes']);
  return {
    clientId: clientIdOf(message),
    ...(paths.has('display_name') ? { displayName } : {}),
    ...(paths.has('roles') ? { roles: rolesOf(roles) } : {}),
    ...(paths.has('scopes') ? { scopes } : {}),
  };
}

export function clientIdOf({ clientId }: { readonly clientId: string }): string {
  return idOf(clientId, 'client_id');
}

export function newSecretOf(message: AddClientSecretRequest): NewSecret {
  const { othersExpireIn, reset, expireTime } = message;
  if (reset && othersExpireIn !== undefined) {
    throw new SymbolonError('invalid_argument', 'others_expire_in does not go with reset');
  }
  return {
    clientId: clientIdOf(message),
    reset,
    ...(expireTime === undefined ? {} : { expireTime: instantOf(expireTime, 'expire_time') }),
    ...(othersExpireIn === undefined
      ? {}
      : { othersExpireInMs: millisecondsOf(othersExpireIn, 'others_expire_in', LONGEST_LIFETIME_MS) }),
  };
}

export function expiringSecretOf(message: ExpireClientSecretRequest): {
  clientId: string;
  secretId: string;
  expireTime: Instant | undefined;
} {
  const { secretId, expireTime } = message;
  return {
    clientId: clientIdOf(message),
    secretId: idOf(secretId, 'secret_id'),
    expireTime: expireTime && instantOf(expireTime, 'expire_time'),
  };
}

/** Without its secrets. */
export function clientMessageOf(client: Client): ClientMessage {
  const { clientId, tenantId, displayName, confidential, roles, scopes, disabled, createTime } = client;
  return {
    clientId,
    tenantId,
    displayName,
    confidential,
    roles: roles.map((role) => ROLES[role]),
    scopes: [...scopes],
    disabled,
    createTime: timestampOf(createTime),
    secrets: [],
  };
}

/** With those of its secrets that have not ended. */
export function clientViewMessageOf({ client, secrets }: ClientView, now: Instant): ClientMessage {
  return {
    ...clientMessageOf(client),
    secrets: secrets
      .filter(({ expireTime }) => expireTime === null || expireTime > now)
      .map(({ secretId, expireTime }) => ({
        secretId,
        expireTime: expireTime === null ? undefined : timestampOf(expireTime),
      })),
  };
}

export function madeClientMessageOf({ client, secrets, clientSecret }: MadeClient): CreateClientResponse {
  return {
    client: clientMessageOf(client),
    clientSecret: clientSecret ?? '',
    secretId: secrets[0]?.secretId ?? '',
  };
}
