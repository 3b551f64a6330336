/** The transaction itself looks whose client a command touches: it may have been made anew since the operation looked. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { CommandData } from '../../src/core/commands/index.ts';
import { RULES } from '../../src/core/commands/index.ts';
import { authenticate, clientCredential } from '../../src/core/operations/authenticate.ts';
import { issue } from '../../src/core/operations/issue.ts';
import type { Permission } from '../../src/core/permissions.ts';
import type { CallerAuthority } from '../../src/core/rules/authority.ts';
import { callerOf, makeClient, makeTenant, openMemoryTestBed, random, type TestBed } from '../support.ts';

let bed: TestBed;
let familyId: string;
let own: (permission: Permission) => CallerAuthority;

beforeEach(async () => {
  bed = await openMemoryTestBed();
  const { store, services } = bed;
  await makeTenant(store, 'acme');
  const secret = await makeClient(store, 'acme', 'boss', ['operator']);
  const boss = await authenticate(services, clientCredential('boss', secret));
  const credential = { kind: 'client', clientId: 'boss', clientSecret: secret } as const;
  const issued = await issue(services, { caller: boss }, { credential });
  familyId = 'familyId' in issued ? issued.familyId : '';
  const { tenantId, clientId, clientVersion, proof } = await callerOf(
    services,
    'admin',
    await makeClient(store, 'acme', 'admin', ['admin', 'operator']),
  );
  own = (permission) => ({ permission, tenantId, clientId, clientVersion, proof });
});

afterEach(() => bed.close());

const NAMED = { tenantId: 'acme', clientId: 'boss' } as const;
const target = { kind: 'client', id: 'boss' } as const;
const secret = () => ({ secretId: 'cs_new', digest: random(32), expireTime: null });
const NEW = { tenantId: 'acme', displayName: '', confidential: true, roles: ['operator'], scopes: [] } as const;

const COMMANDS: Readonly<Record<string, () => CommandData>> = {
  create_client: () => ({ kind: 'create_client', client: { ...NEW, clientId: 'made' } }),
  update_client: () => ({ kind: 'update_client', ...NAMED, displayName: 'x' }),
  add_client_secret: () => ({ kind: 'add_client_secret', ...NAMED, secret: secret(), endTokens: false }),
  expire_client_secret: () => ({ kind: 'expire_client_secret', ...NAMED, secretId: 'cs_boss', expireTime: 1 }),
  cut_off: () => ({ kind: 'cut_off', tenantId: 'acme', target, cause: 'revoked' }),
  enable: () => ({ kind: 'enable', tenantId: 'acme', target }),
  revoke: () => ({ kind: 'revoke', tenantId: 'acme', familyId }),
};

it('is asked of every command that touches a client', () => {
  const touching = Object.entries(RULES).filter(([, rule]) => 'touches' in rule);
  expect(touching.map(([kind]) => kind).sort()).toEqual(Object.keys(COMMANDS).sort());
});

it.each(Object.keys(COMMANDS))('is refused to who is no operator by the command %s', async (kind) => {
  const command = COMMANDS[kind]?.() as CommandData;
  expect(await bed.store.execute({ ...command, authority: [own('manage_clients')] })).toMatchObject({
    refusal: { code: 'permission_denied', message: expect.stringContaining('Only an operator') },
  });
  const authority = [own('manage_clients'), own('manage_tenants')];
  expect(await bed.store.execute({ ...command, authority })).toHaveProperty('answer');
});
