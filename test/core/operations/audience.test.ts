/** Tokens that are for one resource server alone (RFC 8707). */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { authenticate, type Call } from '../../../src/core/operations/authenticate.ts';
import { batchIntrospect } from '../../../src/core/operations/batch-introspect.ts';
import { describeToken } from '../../../src/core/operations/describe-token.ts';
import { introspect } from '../../../src/core/operations/introspect.ts';
import { refresh } from '../../../src/core/operations/refresh.ts';
import {
  createResourceServer,
  deleteResourceServer,
  listResourceServers,
  updateResourceServer,
} from '../../../src/core/operations/resource-servers.ts';
import { PAGES_AUDIENCE } from '../../../src/core/rules/audiences.ts';
import { servicesOf } from '../../../src/core/services/services.ts';
import { openMemoryTestBed, type TestBed } from '../../support.ts';
import { bearer, clientCredentialOf, expectRefused, login, makeWorld, type World } from '../fixtures.ts';
import { issue } from '../issue.ts';

const API = 'https://api.example.com/';

let bed: TestBed;
let world: World;

beforeAll(async () => {
  bed = await openMemoryTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  world = await makeWorld(bed);
});

const make = (clientIds: string[] = [world.watcher.caller.clientId], scopes: string[] = []) =>
  createResourceServer(world.services, world.admin, { resourceServerId: API, displayName: '', scopes, clientIds });

const forApi = (scopes: string[] = []) => login(world, world.backend, { resource: API, scopes });

/** As the client is now, by each way to ask. */
async function isTold(token: string, call: Call): Promise<boolean> {
  const one = (await introspect(world.services, call, { token })).active;
  const [many] = await batchIntrospect(world.services, call, { tokens: [token] });
  expect(many?.active).toBe(one);
  return one;
}

const changed = (change: object) =>
  updateResourceServer(world.services, world.admin, { resourceServerId: API, ...change });

describe('a token for a resource server', () => {
  it('is told with it, and lives for the clients that it names and for admins', async () => {
    await make();
    const { accessToken } = await forApi();
    const answer = await introspect(world.services, world.watcher, { token: accessToken });
    expect(answer).toMatchObject({ active: true, audience: API });
    expect(await isTold(accessToken, world.admin)).toBe(true);
    expect(await describeToken(world.services, world.app, accessToken)).toMatchObject({ audience: API });
    await changed({ clientIds: [world.backend.caller.clientId] });
    expect(await isTold(accessToken, world.watcher)).toBe(false);
    expect(await isTold(accessToken, world.admin)).toBe(true);
    await changed({ clientIds: [world.watcher.caller.clientId] });
    expect(await isTold(accessToken, world.watcher)).toBe(true);
  });

  it('is told as the resource server is now, also by another server that knew it', async () => {
    await make();
    const { accessToken } = await forApi();
    const other = servicesOf(world.services);
    const look = async () => (await introspect(other, world.watcher, { token: accessToken })).active;
    expect([await look(), await look()]).toEqual([true, true]);
    await changed({ clientIds: [] });
    expect(await look()).toBe(false);
  });

  it('is for nobody but admins once that is deleted, and another of the same id does not revive it', async () => {
    await make();
    const { accessToken } = await forApi();
    await deleteResourceServer(world.services, world.admin, API);
    expect(await isTold(accessToken, world.watcher)).toBe(false);
    expect(await isTold(accessToken, world.admin)).toBe(true);
    await make();
    expect(await isTold(accessToken, world.watcher)).toBe(false);
    expect(await isTold((await forApi()).accessToken, world.watcher)).toBe(true);
  });

  it('bears nobody, whose ever it is', async () => {
    await make();
    const credential = clientCredentialOf(world.admin);
    const { accessToken } = await issue(world.services, world.admin, { credential, resource: API });
    await expectRefused(authenticate(world.services, bearer(accessToken)), 'caller_unauthenticated');
    const { accessToken: forAll } = await issue(world.services, world.admin, { credential });
    expect(await authenticate(world.services, bearer(forAll))).toBeDefined();
  });

  it('has scopes that it knows', async () => {
    await make(undefined, ['read']);
    expect(await forApi(['read'])).toMatchObject({ scopes: ['read'] });
    await expectRefused(forApi(['read', 'write']), 'scope_not_allowed');
    await changed({ scopes: [] });
    expect(await forApi(['read', 'write'])).toMatchObject({ scopes: ['read', 'write'] });
  });

  it('stays for it by refreshing, and for no other', async () => {
    await make();
    const { refreshToken = '' } = await forApi();
    const other = { refreshToken, resource: 'https://other.example.com/' };
    await expectRefused(refresh(world.services, world.backend, other), 'invalid_target');
    const next = await refresh(world.services, world.backend, { refreshToken, resource: API });
    const answer = await introspect(world.services, world.watcher, { token: next.accessToken });
    expect(answer).toMatchObject({ active: true, audience: API });
    const plain = await login(world);
    const asked = { refreshToken: plain.refreshToken ?? '', resource: API };
    await expectRefused(refresh(world.services, world.backend, asked), 'invalid_target');
  });

  it('that is not there, or is the server’s own, is refused', async () => {
    await expectRefused(forApi(), 'invalid_target');
    await expectRefused(login(world, world.backend, { resource: PAGES_AUDIENCE }), 'invalid_target');
    await expectRefused(login(world, world.backend, { resource: `https://${'a'.repeat(300)}/` }), 'invalid_target');
  });

  it('is another than the same request without', async () => {
    await make();
    await login(world, world.backend, { requestId: 'one' });
    await expectRefused(login(world, world.backend, { requestId: 'one', resource: API }), 'request_id_reused');
  });
});

describe('a token without', () => {
  it('is told to every client that introspects, and nothing is read of resource servers', async () => {
    const { accessToken } = await login(world);
    const answer = await introspect(world.services, world.watcher, { token: accessToken });
    expect(answer).toMatchObject({ active: true, audience: null });
  });
});

describe('a resource server', () => {
  it.each([
    '',
    'api',
    '/api',
    'https://api.example.com/#x',
    `https://${'a'.repeat(300)}`,
    'urn:symbolon:pages',
    'a:b c',
  ])('is not %j', async (resourceServerId) => {
    const request = { resourceServerId, displayName: '', scopes: [], clientIds: [] };
    await expectRefused(createResourceServer(world.services, world.admin, request), 'invalid_argument');
  });

  it('names clients of its tenant, and is there once', async () => {
    await expectRefused(make(['nobody']), 'not_found');
    await make();
    await expectRefused(make(), 'already_exists');
    await expectRefused(changed({ clientIds: ['nobody'] }), 'not_found');
    const page = { pageSize: 0, pageToken: '' };
    const { items } = await listResourceServers(world.services, world.admin, page);
    expect(items.map(({ resourceServerId }) => resourceServerId)).toEqual([API]);
  });
});
