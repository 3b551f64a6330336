/** What tokens may do, with real ones on real stores: the stories of people with devices and apps of several companies. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Call } from '../../../src/core/operations/authenticate.ts';
import { batchCheck, type CheckRequest, check } from '../../../src/core/operations/check.ts';
import { withdrawConsent } from '../../../src/core/operations/consents.ts';
import { putDeviceToken } from '../../../src/core/operations/device-tokens.ts';
import { addDeviceOwner } from '../../../src/core/operations/devices.ts';
import type { AccessPermission } from '../../../src/core/rules/access.ts';
import { consentIdOf } from '../../../src/core/rules/consents.ts';
import type { Services } from '../../../src/core/services/services.ts';
import { make, makeDevice, openMemoryTestBed, openTestBed, type TestBed } from '../../support.ts';
import { codeFor, makeOAuthClient, redeemed, signIn } from '../authorization-fixtures.ts';
import { clientCredentialOf, cutOff, expectRefused, login, makeWorld, PASSWORD, type World } from '../fixtures.ts';
import { issue } from '../issue.ts';

const SCOPES = ['read', 'write', 'profile.read'];

describe.each([
  ['memory', openMemoryTestBed],
  ['SQLite', openTestBed],
] as const)('on %s', (_engine, open) => {
  let bed: TestBed;
  let world: World;
  /** Of company A and of company B. */
  let a: Call;
  let b: Call;
  let ann: Call;

  beforeAll(async () => {
    bed = await open();
  });
  afterAll(() => bed.close());
  beforeEach(async () => {
    world = await makeWorld(bed);
    const registration = { scopes: SCOPES, grants: ['authorization_code', 'client_credentials'] as const };
    a = await makeOAuthClient(world, 'company-a', registration);
    b = await makeOAuthClient(world, 'company-b', registration);
    ann = await signIn(world);
    await addDeviceOwner(world.services, world.admin, lamp(), world.annId);
  });

  const lamp = () => ({ by: 'device_id', deviceId: world.lampId }) as const;
  const ofUser = async (client: Call, scopes: readonly string[] = SCOPES) => {
    const code = await codeFor(world, client, ann, { scopes, codeChallenge: undefined });
    return (await redeemed(world, client, code)).accessToken;
  };
  const ofApplication = async (client: Call) =>
    (await issue(world.services, client, { credential: clientCredentialOf(client) })).accessToken;
  const ofDevice = async () => (await putDeviceToken(world.services, world.admin, lamp())).accessToken;
  const withdraw = (client: Call) => {
    const { tenantId, annId, services, admin } = world;
    return withdrawConsent(services, admin, consentIdOf(tenantId, annId, client.caller.clientId));
  };
  const asked = (token: string, permission: AccessPermission, target?: CheckRequest['target']) =>
    check(world.services, world.watcher, { token, permission, target });
  const reasonOf = async (token: string, permission: AccessPermission, target?: CheckRequest['target']) =>
    (await asked(token, permission, target)).reason;
  const itself = () => ({ kind: 'device', id: world.lampId }) as const;
  const anns = () => ({ kind: 'user', id: world.annId }) as const;

  it('what was granted for one resource server alone, tokens for it reach, and no others of the same client', async () => {
    const { services, tenantId } = world;
    const api = 'https://api.example/';
    const clientIds = [world.watcher.caller.clientId];
    const server = { resourceServerId: api, displayName: 'API', scopes: [], clientIds };
    await make(bed.store, { kind: 'create_resource_server', tenantId, ...server });
    const code = await codeFor(world, a, ann, { scopes: ['read'], resource: api });
    await redeemed(world, a, code);
    const forApi = await issue(services, a, { credential: clientCredentialOf(a), resource: api });
    expect(await reasonOf(forApi.accessToken, 'read_messages', anns())).toBe('allowed');
    expect(await reasonOf(forApi.accessToken, 'send_message', itself())).toBe('scope_missing');
    expect(await reasonOf(await ofApplication(a), 'read_messages', anns())).toBe('no_consent');
  });

  it('an application whose registration lost a scope has it by no consent of before', async () => {
    const token = await ofApplication(a);
    await ofUser(a, ['read', 'write']);
    expect(await reasonOf(token, 'send_message', itself())).toBe('allowed');
    const { tenantId } = world;
    await make(bed.store, { kind: 'update_client', tenantId, clientId: a.caller.clientId, scopes: ['read'] });
    expect(await reasonOf(token, 'send_message', itself())).toBe('scope_missing');
    expect(await reasonOf(token, 'read_messages', anns())).toBe('allowed');
    await make(bed.store, { kind: 'update_client', tenantId, clientId: a.caller.clientId, scopes: [] });
    expect(await reasonOf(token, 'read_messages', anns())).toBe('no_consent');
  });

  it('a device with a login ability logs its user in, is added, and goes on with a token of its own', async () => {
    const login = await ofUser(a, ['write']);
    expect(await reasonOf(login, 'add_device')).toBe('allowed');
    expect(await reasonOf(login, 'manage_device_token', itself())).toBe('allowed');
    const own = await ofDevice();
    expect(await reasonOf(own, 'send_message')).toBe('allowed');
    expect(await reasonOf(own, 'connect_device', itself())).toBe('allowed');
    await makeDevice(world.services, world.tenantId, {
      ...{ subjectId: `${world.lampId}.2`, vendorId: 'Lamp-2', password: PASSWORD },
    });
    expect(await reasonOf(own, 'send_message', { kind: 'device', id: `${world.lampId}.2` })).toBe('not_this_device');
    expect(await reasonOf(own, 'read_messages', anns())).toBe('not_this_device');
    await withdraw(a);
    expect([await reasonOf(login, 'add_device'), await reasonOf(own, 'send_message')]).toEqual([
      'token_not_live',
      'allowed',
    ]);
    await make(bed.store, cutOff(world, 'device', world.lampId, 'disabled'));
    expect(await reasonOf(own, 'send_message')).toBe('token_not_live');
  });

  it('an app speaks for the device behind it for as long as the user lets it', async () => {
    const proxy = await ofUser(a);
    expect(await asked(proxy, 'send_message', itself())).toMatchObject({ reason: 'allowed', userId: world.annId });
    expect(await reasonOf(await ofUser(a, ['read']), 'send_message', itself())).toBe('scope_missing');
    await withdraw(a);
    expect(await reasonOf(proxy, 'send_message', itself())).toBe('token_not_live');
  });

  it('a client of company B reaches a device that company A’s app registered, once the user lets it', async () => {
    const [first, second] = [await ofUser(a), await ofApplication(b)];
    expect(await reasonOf(first, 'manage_device_token', itself())).toBe('allowed');
    expect(await reasonOf(second, 'read_messages', itself())).toBe('no_consent');
    const companion = await ofUser(b, ['read']);
    expect(await asked(second, 'read_messages', itself())).toMatchObject({ reason: 'allowed', userId: world.annId });
    expect(await asked(second, 'list_devices', anns())).toMatchObject({ reason: 'allowed', userId: world.annId });
    expect(await reasonOf(second, 'send_action', itself())).toBe('scope_missing');
    await withdraw(b);
    expect([
      await reasonOf(companion, 'read_messages', itself()),
      await reasonOf(second, 'read_messages', itself()),
      await reasonOf(first, 'read_messages', itself()),
    ]).toEqual(['token_not_live', 'no_consent', 'allowed']);
  });

  it('who logged in by password has all of its own rights, and no one else’s', async () => {
    const { accessToken } = await login(world);
    expect(await asked(accessToken, 'read_profile')).toMatchObject({ reason: 'allowed', userId: world.annId });
    expect(await reasonOf(accessToken, 'share_device', itself())).toBe('allowed');
    await make(bed.store, cutOff(world, 'user', world.annId, 'revoked'));
    expect(await reasonOf(accessToken, 'read_profile')).toBe('token_not_live');
  });

  it('what is disabled or elsewhere is not reached by an application', async () => {
    await ofUser(a);
    const token = await ofApplication(a);
    const other = await makeWorld(bed);
    expect(await reasonOf(token, 'read_profile', { kind: 'user', id: other.annId })).toBe('target_unknown');
    expect(await reasonOf(token, 'read_messages', itself())).toBe('allowed');
    await make(bed.store, cutOff(world, 'user', world.annId, 'disabled'));
    expect(await reasonOf(token, 'read_profile', anns())).toBe('target_disabled');
    expect(await reasonOf(token, 'read_messages', itself())).toBe('no_consent');
    // Nor by a service of another tenant.
    const request = { token, permission: 'act_as_application' } as const;
    expect(await reasonOf(token, 'act_as_application')).toBe('allowed');
    expect((await check(other.services, other.watcher, request)).reason).toBe('token_not_live');
  });

  it('may be kept for ten seconds, or as long as the token lives, and only where it is allowed', async () => {
    const token = await ofApplication(a);
    const first = await asked(token, 'act_as_application');
    expect(first).toMatchObject({ timeToLiveMs: 10_000, token: { active: true, kind: 'APPLICATION' } });
    expect((await asked(token, 'read_profile', anns())).timeToLiveMs).toBeUndefined();
    const left = first.token.active ? first.token.timeToLiveMs : 0;
    world.clock.advance(left - 1_000);
    expect((await asked(token, 'act_as_application')).timeToLiveMs).toBe(1_000);
  });

  it('is asked for many at once, in their order', async () => {
    const [token, own] = [await ofApplication(a), await ofDevice()];
    await ofUser(a, ['read']);
    const requests: CheckRequest[] = [
      { token, permission: 'read_messages', target: itself() },
      { token: 'made up', permission: 'read_messages', target: itself() },
      { token, permission: 'send_message', target: itself() },
      { token: own, permission: 'send_message' },
      { token, permission: 'read_messages', target: { kind: 'device', id: 'nothing' } },
      { token: 'x'.repeat(5_000), permission: 'read_profile' },
      { token, permission: 'read_messages', target: { kind: 'device', id: 'x'.repeat(300) } },
      { token, permission: 'read_profile', target: { kind: 'user', id: '\0' } },
      { token, permission: 'list_devices', deviceType: 'x'.repeat(300) },
    ];
    const answers = await batchCheck(world.services, world.watcher, requests);
    expect(answers.map(({ reason }) => reason)).toEqual([
      ...['allowed', 'token_not_live', 'scope_missing', 'allowed', 'target_unknown', 'token_not_live'],
      ...['target_unknown', 'target_unknown', 'target_missing'],
    ]);
    const nobody = { token, permission: 'read_profile', target: { kind: 'user', id: '' } } as const;
    await expectRefused(batchCheck(world.services, world.watcher, [nobody]), 'invalid_argument');
    await expectRefused(batchCheck(world.services, world.watcher, []), 'invalid_argument');
    const tooMany = new Array<CheckRequest>(1_001).fill({ token, permission: 'read_profile' });
    await expectRefused(batchCheck(world.services, world.watcher, tooMany), 'invalid_argument');
    expect(await batchCheck(world.services, world.watcher, tooMany.slice(1))).toHaveLength(1_000);
  });

  it('is of one moment: a token that ends and a consent that comes later are not put together', async () => {
    const token = await ofApplication(b);
    let isFirst = true;
    const endAndGrant = async () => {
      isFirst = false;
      await make(bed.store, cutOff(world, 'client', b.caller.clientId, 'revoked'));
      await ofUser(b);
    };
    const read: Services['store']['read'] = async (reads) => {
      if ('targets' in reads && isFirst) {
        await endAndGrant();
      }
      return bed.store.read(reads);
    };
    const store = new Proxy(bed.store, {
      get: (whole, name) => {
        const value = name === 'read' ? read : Reflect.get(whole, name);
        return typeof value === 'function' ? value.bind(whole) : value;
      },
    });
    const request = { token, permission: 'read_messages', target: itself() } as const;
    const { reason } = await check({ ...world.services, store }, world.watcher, request);
    expect([isFirst, reason]).toEqual([false, 'token_not_live']);
    expect(await reasonOf(await ofApplication(b), 'read_messages', itself())).toBe('allowed');
  });

  it('is for those who may introspect', async () => {
    const request = { token: await ofApplication(a), permission: 'act_as_application' } as const;
    await expectRefused(check(world.services, world.backend, request), 'permission_denied');
    await expectRefused(batchCheck(world.services, world.app, [request]), 'permission_denied');
    expect((await check(world.services, world.admin, request)).reason).toBe('allowed');
  });
});
