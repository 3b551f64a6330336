/** The operator on the machine: a caller like any other, in the tenant that it names. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listAuditRecords } from '../../../src/core/operations/audit.ts';
import type { Call } from '../../../src/core/operations/authenticate.ts';
import { createClient, updateClient } from '../../../src/core/operations/clients.ts';
import { introspect } from '../../../src/core/operations/introspect.ts';
import { issue } from '../../../src/core/operations/issue.ts';
import { operatorOnMachine } from '../../../src/core/operations/machine-operator.ts';
import { revoke } from '../../../src/core/operations/revoke.ts';
import { createTenant, listTenants } from '../../../src/core/operations/tenants.ts';
import { endUser, registerUser } from '../../../src/core/operations/users.ts';
import { openMemoryTestBed, type TestBed } from '../../support.ts';
import { expectRefused, login, makeWorld, type World } from '../fixtures.ts';

const PAGE = { pageSize: 0, pageToken: '' };

let bed: TestBed;
let world: World;

beforeAll(async () => {
  bed = await openMemoryTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  world = await makeWorld(bed);
});

async function operator(tenantId = world.tenantId): Promise<Call> {
  return { caller: await operatorOnMachine(world.services, { tenantId, name: 'root' }) };
}

describe('the operator on the machine', () => {
  it('is in the audit log by its name on the machine', async () => {
    const call = await operator();
    await endUser(world.services, call, { by: 'user_id', userId: world.annId }, 'disabled');
    const { items } = await listAuditRecords(world.services, call, { ...PAGE, pageSize: 1_000 });
    expect(items.at(-1)).toMatchObject({
      action: 'disable',
      targetId: world.annId,
      actor: { kind: 'operator', id: 'root', tokenId: null, address: null },
    });
  });

  it('must name a tenant that is there', async () => {
    await expectRefused(operator('nothing'), 'not_found');
  });

  it('makes tenants and operators’ clients, and names none for that', async () => {
    const call = await operator('');
    const tenantId = `new-${world.tenantId}`;
    await createTenant(world.services, call, {
      tenantId,
      displayName: '',
      profile: 'standard',
      policy: {},
      publicScopes: [],
    });
    const { items } = await listTenants(world.services, call, { ...PAGE, pageSize: 1_000 });
    expect(items.map((tenant) => tenant.tenantId)).toContain(tenantId);
    const client = { clientId: '', displayName: '', confidential: true, scopes: [] };
    const made = await createClient(world.services, call, { ...client, tenantId, roles: ['operator'] });
    expect(made.client).toMatchObject({ tenantId, roles: ['operator'] });
    const inTenant = await operator(tenantId);
    const updated = await updateClient(world.services, inTenant, {
      clientId: made.client.clientId,
      displayName: 'New',
    });
    expect(updated.client.displayName).toBe('New');
  });

  it.each([true, false])('asks about any token and ends it, whether it names the tenant: %s', async (isNamed) => {
    const { services } = world;
    const { accessToken } = await login(world);
    const call = await operator(isNamed ? world.tenantId : '');
    expect(await introspect(services, call, { token: accessToken })).toMatchObject({
      active: true,
      tenantId: world.tenantId,
      subjectId: world.annId,
    });
    const { revision } = await revoke(services, call, { by: 'token', token: accessToken });
    expect(revision).toBeGreaterThan(0);
    expect(await introspect(services, call, { token: accessToken })).toMatchObject({ active: false });
  });

  it('sees a token of another tenant than the one that it names as unknown', async () => {
    const other = await makeWorld(bed);
    const { accessToken } = await login(other);
    const call = await operator();
    expect(await introspect(world.services, call, { token: accessToken })).toMatchObject({ active: false });
    await revoke(world.services, call, { by: 'token', token: accessToken });
    expect(await introspect(world.services, await operator(''), { token: accessToken })).toMatchObject({
      active: true,
    });
  });

  it('learns of a made-up token what every caller does', async () => {
    const call = await operator();
    const { caller } = call;
    expect(await introspect(world.services, call, { token: 'nothing' })).toEqual({
      active: false,
      revision: caller.revision,
    });
    expect(await revoke(world.services, call, { by: 'token', token: 'nothing' })).toEqual({
      revision: caller.revision,
      revoked: false,
    });
  });

  it('is given no tokens, for no client stands behind it', async () => {
    const { services } = world;
    const call = await operator();
    const credential = { kind: 'anonymous', clientId: world.tenantId } as const;
    await expectRefused(issue(services, call, { credential, scopes: [] }), 'permission_denied');
    await expectRefused(registerUser(services, call, { withTokens: { scopes: [] } }), 'permission_denied');
  });

  it.each([
    [{ loginName: 'bob', displayName: 'a\nb' }, /display_name/],
    [{ loginName: 'user\u200b' }, /login_name/],
    [{ email: 'аnn@example.com', loginName: 'a b' }, /login_name/],
  ])('is refused what everybody is refused: %j', async (names, message) => {
    const registering = registerUser(world.services, await operator(), { ...names, password: 'password' });
    await expect(registering).rejects.toThrow(message);
  });
});
