import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MAX_LIFETIME_MS } from '../../../src/core/policy.ts';
import { digestOf } from '../../../src/core/secrets.ts';
import { make, openMemoryTestBed, type TestBed } from '../../support.ts';
import { clientCredentialOf, expectRefused, isActive, login, makeWorld, type World } from '../fixtures.ts';
import { issue } from '../issue.ts';

const HOUR = 3_600_000;

let bed: TestBed;
let world: World;

beforeAll(async () => {
  bed = await openMemoryTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  world = await makeWorld(bed);
});

describe('scopes', () => {
  it('are those asked for, in their order and once each', async () => {
    const answer = await login(world, world.backend, { scopes: ['write', 'read', 'write'] });
    expect(answer.scopes).toEqual(['write', 'read']);
    expect((await login(world)).scopes).toEqual([]);
  });

  it('are refused when the client may not ask for them', async () => {
    await expectRefused(login(world, world.backend, { scopes: ['read', 'delete'] }), 'scope_not_allowed');
    await expectRefused(login(world, world.backend, { scopes: ['READ'] }), 'scope_not_allowed');
  });

  it('are those of the client that the token is for, not of the one that calls', async () => {
    const clientId = `${world.tenantId}-narrow`;
    const secret = 'a secret of its own, long enough';
    await make(world.services.store, {
      kind: 'create_client',
      client: {
        clientId,
        tenantId: world.tenantId,
        displayName: 'x',
        confidential: true,
        roles: [],
        scopes: ['narrow'],
      },
      secret: { secretId: 'cs_1', digest: digestOf(secret), expireTime: null },
    });
    const credential = { kind: 'client', clientId, clientSecret: secret } as const;

    const answer = await issue(world.services, world.app, { credential, scopes: ['narrow'] });
    expect(answer.scopes).toEqual(['narrow']);
    await expectRefused(issue(world.services, world.app, { credential, scopes: ['read'] }), 'scope_not_allowed');
  });
});

describe('the expiry', () => {
  it('is the one asked for, to the millisecond', async () => {
    const expireTime = world.clock.now + 12_345;
    const { accessToken, ...answer } = await login(world, world.backend, { expireTime });

    expect(answer.expireTime).toBe(expireTime);
    world.clock.advance(12_344);
    expect(await isActive(world, accessToken)).toBe(true);
    world.clock.advance(1);
    expect(await isActive(world, accessToken)).toBe(false);
  });

  it('is one hour for an application, and the tenant’s default for all others', async () => {
    const { now } = world.clock;
    const application = await issue(world.services, world.backend, { credential: clientCredentialOf(world.backend) });

    expect(application.expireTime).toBe(now + HOUR);
    expect((await login(world)).expireTime).toBe(now + MAX_LIFETIME_MS);
  });

  it('is refused in the past and beyond the tenant’s longest', async () => {
    const { now } = world.clock;
    for (const expireTime of [now, now - 1, now + MAX_LIFETIME_MS + 1]) {
      await expectRefused(login(world, world.backend, { expireTime }), 'expire_time_out_of_range');
    }
  });
});
