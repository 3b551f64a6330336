/** What the demo tenant has, as commands. */
import { randomBytes } from 'node:crypto';
import { DEMO_TENANT } from '../config/issuers.ts';
import type { CommandData } from '../core/commands/index.ts';
import { ID_BYTES, secretId } from '../core/ids.ts';
import { policyOfProfile } from '../core/policy.ts';
import { digestOf } from '../core/secrets.ts';
import { findSubject, readTenant } from '../core/services/lookups.ts';
import type { Services } from '../core/services/services.ts';
import type { ClientRole } from '../core/tables/clients.ts';
import { requirePassword } from '../core/text/passwords.ts';
import type { DemoRecord } from './demo.ts';

const TENANT_ID = DEMO_TENANT;
const SCOPES = ['read', 'write'];

/** What is there already is not tried again: each refusal would be a record of the audit log. */
export async function missingOf({ store }: Services, commands: readonly CommandData[]): Promise<CommandData[]> {
  const isThere = async (command: CommandData): Promise<boolean> => {
    switch (command.kind) {
      case 'create_tenant':
        return (await readTenant(store, command.tenantId)) !== undefined;
      case 'create_client':
        return (await store.readClient(command.client.clientId)) !== undefined;
      case 'create_subject': {
        const handle = { kind: 'subject_id', key: command.subject.subjectId } as const;
        return (await findSubject(store, command.subject.tenantId, handle)) !== undefined;
      }
      default:
        return false;
    }
  };
  const there = await Promise.all(commands.map(isThere));
  return commands.filter((_, i) => !there[i]);
}

/**
 * `isAgain`: the secrets are of another store, which is gone. Verifiers that have them are let in here too, and must not take this log for a
 * part of the one that they know: as after a restore.
 */
export async function commandsFor(
  { passwords }: Services,
  record: DemoRecord,
  isAgain: boolean,
): Promise<CommandData[]> {
  const { admin, service, user, device } = record;
  const nobody = {
    loginName: null,
    email: null,
    emailVerified: false,
    phone: null,
    phoneVerified: false,
    vendorId: null,
  };
  return [
    {
      kind: 'create_tenant',
      tenantId: TENANT_ID,
      displayName: 'Demo',
      policy: { ...policyOfProfile('kii'), refreshEnabled: true },
      publicScopes: SCOPES,
    },
    ...(isAgain ? [{ kind: 'rewind_tenant', tenantId: TENANT_ID, keepTokens: true } as const] : []),
    createClient(admin, 'Demo admin', ['admin']),
    createClient(service, 'Demo microservice', ['introspect']),
    ...appsOf(record),
    {
      kind: 'create_subject',
      subject: {
        ...nobody,
        subjectId: user.id,
        tenantId: TENANT_ID,
        kind: 'user',
        passwordHash: await passwords.hash(requirePassword(user.password)),
        loginName: user.login_name,
        email: user.email,
        emailVerified: true,
        phone: user.phone,
        phoneVerified: true,
      },
    },
    {
      kind: 'create_subject',
      subject: {
        ...nobody,
        subjectId: device.id,
        tenantId: TENANT_ID,
        kind: 'device',
        passwordHash: await passwords.hash(requirePassword(device.password)),
        vendorId: device.vendor_id,
      },
    },
  ];
}

/** Clients that people let in. */
function appsOf({ web, public: app, device_client: { client_id: clientId } }: DemoRecord): CommandData[] {
  const own = { tenantId: TENANT_ID, confidential: false, roles: [], scopes: SCOPES };
  const inApp = { clientId: app.client_id, displayName: 'Demo app', redirectUris: [app.redirect_uri] };
  const grants = ['device_code', 'refresh_token'] as const;
  return [
    createClient(web, 'Demo web app', [], [web.redirect_uri]),
    { kind: 'create_client', client: { ...own, ...inApp } },
    { kind: 'create_client', client: { ...own, clientId, displayName: 'Demo TV', grants } },
  ];
}

function createClient(
  { client_id: clientId, client_secret: secret }: DemoRecord['admin'],
  displayName: string,
  roles: ClientRole[],
  redirectUris: string[] = [],
): CommandData {
  return {
    kind: 'create_client',
    client: { clientId, tenantId: TENANT_ID, displayName, confidential: true, roles, scopes: SCOPES, redirectUris },
    secret: { secretId: secretId(randomBytes(ID_BYTES)), digest: digestOf(secret), expireTime: null },
  };
}
