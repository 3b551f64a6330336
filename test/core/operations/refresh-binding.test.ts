import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { authenticate } from '../../../src/core/operations/authenticate.ts';
import type { IssuedTokens } from '../../../src/core/operations/new-tokens.ts';
import { openMemoryTestBed, type TestBed } from '../../support.ts';
import {
  bearer,
  clientCredentialOf,
  expectNoReuse,
  expectRefused,
  isTokenLive,
  login,
  makeWorld,
  refreshed,
  type World,
} from '../fixtures.ts';
import { issue } from '../issue.ts';

const MINUTE = 60_000;
const POLICY = {
  defaultTokenLifetimeMs: 30 * MINUTE,
  refreshLifetimeMs: 100 * MINUTE,
  refreshRepeatWindowMs: 10 * MINUTE,
};

let bed: TestBed;
let world: World;
let first: IssuedTokens;

beforeAll(async () => {
  bed = await openMemoryTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  world = await makeWorld(bed, POLICY);
  first = await login(world, world.backend, { scopes: ['read'] });
});

describe('a refresh token is bound', () => {
  it('to the client that called Issue, and another’s attempt harms nobody', async () => {
    for (const call of [world.app, world.admin, world.watcher]) {
      await expectNoReuse(world, refreshed(world, first, call));
    }
    expect(await isTokenLive(world, first.accessToken)).toBe(true);
    await refreshed(world, first);
  });

  it('also when it is an old one', async () => {
    const third = await refreshed(world, await refreshed(world, first));
    await expectNoReuse(world, refreshed(world, first, world.app));

    expect(await isTokenLive(world, third.accessToken)).toBe(true);
  });

  it('to its tenant', async () => {
    const other = await makeWorld(bed, POLICY);
    await expectNoReuse(world, refreshed(other, first, other.backend));

    expect(await isTokenLive(world, first.accessToken)).toBe(true);
  });

  it('to the public caller that presented another client’s secret, and to that client in person', async () => {
    const tokens = await issue(world.services, world.app, { credential: clientCredentialOf(world.backend) });
    const next = await refreshed(world, tokens, world.backend);
    expect(next).toMatchObject({ kind: 'APPLICATION' });

    expect(await refreshed(world, next, world.app)).toMatchObject({ kind: 'APPLICATION' });
  });

  it('to the client however it proves itself: a bearer token does as well', async () => {
    const own = await issue(world.services, world.backend, { credential: clientCredentialOf(world.backend) });
    const caller = await authenticate(world.services, bearer(own.accessToken));
    expect(caller.clientId).toBe(world.backend.caller.clientId);

    expect(await refreshed(world, first, { caller })).toMatchObject({ familyId: first.familyId });
  });

  it('to itself: a bearer that refreshes its own family is no caller afterwards', async () => {
    const own = await issue(world.services, world.backend, { credential: clientCredentialOf(world.backend) });
    const credential = bearer(own.accessToken);
    const caller = await authenticate(world.services, credential);
    const next = await refreshed(world, own, { caller });

    await expectRefused(authenticate(world.services, credential), 'caller_unauthenticated');
    await authenticate(world.services, bearer(next.accessToken));
  });
});
