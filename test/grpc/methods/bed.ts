/** Calling the methods of the contract by their names, as each of those who may or may not. */
import { Client, credentials, type Metadata, type MethodDefinition, type ServiceError } from '@grpc/grpc-js';
import * as accessFile from '../../../gen/ts/symbolon/v1/access_service.ts';
import * as auditFile from '../../../gen/ts/symbolon/v1/audit_service.ts';
import * as clientFile from '../../../gen/ts/symbolon/v1/client_service.ts';
import * as consentFile from '../../../gen/ts/symbolon/v1/consent_service.ts';
import * as deviceFile from '../../../gen/ts/symbolon/v1/device_service.ts';
import * as resourceServerFile from '../../../gen/ts/symbolon/v1/resource_server_service.ts';
import * as serverFile from '../../../gen/ts/symbolon/v1/server_service.ts';
import * as tenantFile from '../../../gen/ts/symbolon/v1/tenant_service.ts';
import * as tokenFile from '../../../gen/ts/symbolon/v1/token_service.ts';
import * as userFile from '../../../gen/ts/symbolon/v1/user_service.ts';
import type { CallAudience } from '../../../src/calls/call-record.ts';
import { MESSAGE_PURPOSE } from '../../../src/core/operations/codes.ts';
import type { CodePurpose } from '../../../src/core/tables/codes.ts';
import { MESSAGES } from '../../../src/core/tables/messages.ts';
import type { Contract, RequestOf, ResponseOf } from '../../../src/grpc/methods/method.ts';
import { makeClient, makeTenant } from '../../support.ts';
import { basic, type GrpcBed, openGrpcBed } from '../client.ts';

/** Every method, of whichever service. */
export const METHODS: Contract = {
  ...accessFile.AccessServiceService,
  ...auditFile.AuditServiceService,
  ...clientFile.ClientServiceService,
  ...consentFile.ConsentServiceService,
  ...deviceFile.DeviceServiceService,
  ...resourceServerFile.ResourceServerServiceService,
  ...serverFile.ServerServiceService,
  ...tenantFile.TenantServiceService,
  ...tokenFile.TokenServiceService,
  ...userFile.UserServiceService,
};
const MESSAGES_BY_NAME = {
  ...accessFile,
  ...auditFile,
  ...clientFile,
  ...consentFile,
  ...deviceFile,
  ...resourceServerFile,
  ...serverFile,
  ...tenantFile,
  ...tokenFile,
  ...userFile,
};

export type MethodName = keyof Contract;
export type Partially<Name extends MethodName> = tokenFile.DeepPartial<RequestOf<Name>>;

export interface DirectoryBed extends GrpcBed {
  /** As a public client, a confidential one, and one of each role. */
  readonly as: Readonly<Record<Who, Metadata>>;
  /** Calls as the admin of `acme`, unless it is told otherwise. */
  call<Name extends MethodName>(name: Name, request: Partially<Name>, as?: Metadata): Promise<ResponseOf<Name>>;
  /** The code that was sent to a user last. */
  codeOf(userId: string, purpose: CodePurpose): Promise<string>;
}

export type Who = 'public' | 'client' | 'introspect' | 'admin' | 'operator' | 'otherAdmin' | 'otherPublic';

/** `acme` as in openGrpcBed with an operator, and a tenant `other` with an admin of its own. */
export async function openDirectoryBed(audience?: CallAudience): Promise<DirectoryBed> {
  const bed = await openGrpcBed(audience);
  const { store, services } = bed;
  await makeTenant(store, 'other');
  const as = {
    public: basic('acme'),
    client: basic('plain', bed.plainSecret),
    introspect: basic('service', bed.serviceSecret),
    admin: basic('admin', bed.adminSecret),
    operator: basic('operator', await makeClient(store, 'acme', 'operator', ['operator'])),
    otherAdmin: basic('other-admin', await makeClient(store, 'other', 'other-admin', ['admin'])),
    otherPublic: basic('other'),
  };
  const client = new Client(bed.address, credentials.createInsecure());
  return {
    ...bed,
    as,
    call: (name, request, metadata = as.admin) => callMethod(client, name, request, metadata),
    codeOf: async (userId, purpose) => {
      const messages = await store.list(MESSAGES, { tenantId: 'acme' }, { limit: 1_000 });
      const last = messages.filter((each) => each.subjectId === userId && each.purpose === purpose).at(-1);
      const code = last?.sealed && services.keys.unseal(MESSAGE_PURPOSE, last.sealed);
      if (!code) {
        throw new Error(`no code to ${purpose} was sent to ${userId}`);
      }
      return code;
    },
    close: async () => {
      client.close();
      await bed.close();
    },
  };
}

/** The full request of a partial one. */
export function requestOf<Name extends MethodName>(name: Name, request: Partially<Name>): RequestOf<Name> {
  const messages = MESSAGES_BY_NAME as unknown as Record<string, { fromPartial(value: unknown): RequestOf<Name> }>;
  const type = messages[`${name.charAt(0).toUpperCase()}${name.slice(1)}Request`];
  if (type === undefined) {
    throw new Error(`there is no request of ${name}`);
  }
  return type.fromPartial(request);
}

/** Calls one method, and rejects with grpc-js's own error. */
export function callMethod<Name extends MethodName>(
  client: Client,
  name: Name,
  request: Partially<Name>,
  metadata: Metadata,
): Promise<ResponseOf<Name>> {
  const definition = METHODS[name] as unknown as MethodDefinition<RequestOf<Name>, ResponseOf<Name>>;
  const { path, requestSerialize, responseDeserialize } = definition;
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      requestOf(name, request),
      metadata,
      (error: ServiceError | null, response) =>
        error === null ? resolve(response as ResponseOf<Name>) : reject(error),
    );
  });
}

/** Messages that name a user or device. */
export const user = {
  id: (value: string) => ({ user: { $case: 'userId' as const, value } }),
  loginName: (value: string) => ({ user: { $case: 'loginName' as const, value } }),
  email: (value: string) => ({ user: { $case: 'email' as const, value } }),
  phone: (value: string) => ({ user: { $case: 'phone' as const, value } }),
  token: (value: string) => ({ user: { $case: 'accessToken' as const, value } }),
};

export const device = {
  id: (value: string) => ({ device: { $case: 'deviceId' as const, value } }),
  vendorId: (value: string) => ({ device: { $case: 'vendorId' as const, value } }),
};
