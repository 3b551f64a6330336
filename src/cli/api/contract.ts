/** The methods of the contract that commands call: where each is generated, and where its body is. Nothing is loaded before it is called. */
import type { MethodDefinition } from '@grpc/grpc-js';
import type { Body, Contract } from '../../grpc/methods/method.ts';

/** By the noun of its service. */
const NOUN_OF = {
  createTenant: 'tenant',
  getTenant: 'tenant',
  listTenants: 'tenant',
  updateTenant: 'tenant',
  disableTenant: 'tenant',
  enableTenant: 'tenant',
  createClient: 'client',
  getClient: 'client',
  listClients: 'client',
  updateClient: 'client',
  addClientSecret: 'client',
  expireClientSecret: 'client',
  disableClient: 'client',
  enableClient: 'client',
  deleteClient: 'client',
  createResourceServer: 'resourceServer',
  getResourceServer: 'resourceServer',
  listResourceServers: 'resourceServer',
  updateResourceServer: 'resourceServer',
  deleteResourceServer: 'resourceServer',
  registerUser: 'user',
  getUser: 'user',
  listUsers: 'user',
  updateUser: 'user',
  changeUserPassword: 'user',
  disableUser: 'user',
  enableUser: 'user',
  unlockUser: 'user',
  deleteUser: 'user',
  removeTotp: 'user',
  listUserMessages: 'user',
  registerDevice: 'device',
  getDevice: 'device',
  listDevices: 'device',
  updateDevice: 'device',
  addDeviceOwner: 'device',
  removeDeviceOwner: 'device',
  changeDevicePassword: 'device',
  disableDevice: 'device',
  enableDevice: 'device',
  unlockDevice: 'device',
  deleteDevice: 'device',
  attachEndNode: 'device',
  detachEndNode: 'device',
  listEndNodes: 'device',
  giveDeviceToken: 'device',
  getDeviceToken: 'device',
  revokeDeviceToken: 'device',
  introspect: 'token',
  revoke: 'token',
  listTokens: 'token',
  revokeAll: 'token',
  countLogins: 'token',
  listConsents: 'consent',
  withdrawConsent: 'consent',
  listAuditRecords: 'audit',
  verifyAuditLog: 'audit',
  getServerStatus: 'server',
} as const satisfies Partial<Record<keyof Contract, string>>;

export type MethodName = keyof typeof NOUN_OF;
type Noun = (typeof NOUN_OF)[MethodName];
type Bodies = Readonly<Record<string, Body<never, unknown>>>;

const GENERATED: Readonly<Record<Noun, () => Promise<unknown>>> = {
  tenant: () => import('../../../gen/ts/symbolon/v1/tenant_service.ts'),
  client: () => import('../../../gen/ts/symbolon/v1/client_service.ts'),
  resourceServer: () => import('../../../gen/ts/symbolon/v1/resource_server_service.ts'),
  user: () => import('../../../gen/ts/symbolon/v1/user_service.ts'),
  device: () => import('../../../gen/ts/symbolon/v1/device_service.ts'),
  token: () => import('../../../gen/ts/symbolon/v1/token_service.ts'),
  consent: () => import('../../../gen/ts/symbolon/v1/consent_service.ts'),
  audit: () => import('../../../gen/ts/symbolon/v1/audit_service.ts'),
  server: () => import('../../../gen/ts/symbolon/v1/server_service.ts'),
};

const BODIES: Readonly<Record<Noun, () => Promise<Bodies>>> = {
  tenant: async () => (await import('../../grpc/methods/tenants.ts')).TENANT_METHODS,
  client: async () => (await import('../../grpc/methods/clients.ts')).CLIENT_METHODS,
  resourceServer: async () => (await import('../../grpc/methods/resource-servers.ts')).RESOURCE_SERVER_METHODS,
  user: async () => {
    const [{ USER_METHODS }, { PASSWORD_METHODS }, { SECOND_FACTOR_METHODS }, { MESSAGE_METHODS }] = await Promise.all([
      import('../../grpc/methods/users.ts'),
      import('../../grpc/methods/passwords.ts'),
      import('../../grpc/methods/second-factors.ts'),
      import('../../grpc/methods/messages.ts'),
    ]);
    return { ...USER_METHODS, ...PASSWORD_METHODS, ...SECOND_FACTOR_METHODS, ...MESSAGE_METHODS };
  },
  device: async () => (await import('../../grpc/methods/devices.ts')).DEVICE_METHODS,
  token: async () => (await import('../../grpc/methods/tokens.ts')).TOKEN_METHODS,
  consent: async () => (await import('../../grpc/methods/consents.ts')).CONSENT_METHODS,
  audit: async () => (await import('../../grpc/methods/audit.ts')).AUDIT_METHODS,
  server: async () => (await import('../../grpc/methods/server.ts')).SERVER_METHODS,
};

/** A method as it is generated. */
export interface Wire {
  readonly definition: MethodDefinition<object, object>;
  /** A whole request of a part of one. */
  readonly whole: (request: object) => object;
}

/** What ts-proto makes of a service. */
interface Generated {
  readonly [name: string]: Readonly<Record<string, MethodDefinition<object, object>>> & {
    readonly fromPartial: (request: object) => object;
  };
}

export async function wireOf(method: MethodName): Promise<Wire> {
  const noun = NOUN_OF[method];
  const generated = (await GENERATED[noun]()) as Generated;
  const definition = generated[`${pascalCase(noun)}ServiceService`]?.[method];
  const request = generated[`${pascalCase(method)}Request`];
  if (definition === undefined || request === undefined) {
    throw new Error(`the contract has no method ${method}`);
  }
  return { definition, whole: request.fromPartial };
}

export async function bodyOf(method: MethodName): Promise<Body<object, object>> {
  const body = (await BODIES[NOUN_OF[method]]())[method];
  if (body === undefined) {
    throw new Error(`there is no method ${method}`);
  }
  return body as Body<object, object>;
}

function pascalCase(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}
