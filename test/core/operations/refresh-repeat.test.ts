import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { IssuedTokens } from '../../../src/core/operations/new-tokens.ts';
import { make, openMemoryTestBed, type TestBed } from '../../support.ts';
import {
  confirmed,
  cutOff,
  expectNoReuse,
  expectReuse,
  isActive,
  login,
  makeWorld,
  refreshed,
  type World,
} from '../fixtures.ts';

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

describe('an answer that was lost', () => {
  it('is given again, as often as it is asked for within the window', async () => {
    const second = await refreshed(world, first);
    expect(await refreshed(world, first)).toEqual(second);
    world.clock.advance(10 * MINUTE - 1);
    expect(await refreshed(world, first)).toEqual(second);
    expect(await isActive(world, second.accessToken)).toBe(true);
  });

  it('is given to all of twenty parallel calls', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => refreshed(world, first)));
    for (const answer of answers) {
      expect(answer).toEqual(answers[0]);
    }
  });

  it('is theft after the window', async () => {
    const second = await refreshed(world, first);
    world.clock.advance(10 * MINUTE);
    await expectReuse(world, first);
    expect(await isActive(world, second.accessToken)).toBe(false);
  });

  it('is theft once its access token was introspected', async () => {
    const second = await refreshed(world, first);
    expect(await isActive(world, second.accessToken)).toBe(true);
    await confirmed(world, second.accessToken);
    await expectReuse(world, first);
    expect(await isActive(world, second.accessToken)).toBe(false);
  });

  it('is theft once its refresh token was used, and the window does not begin anew for it', async () => {
    await refreshed(world, await refreshed(world, first));
    await expectReuse(world, first);
  });

  it('can be repeated for the next generation in its own window', async () => {
    const second = await refreshed(world, first);
    world.clock.advance(9 * MINUTE);
    const third = await refreshed(world, second);
    world.clock.advance(9 * MINUTE);

    expect(await refreshed(world, second)).toEqual(third);
  });

  it('is not confirmed by introspecting what was replaced', async () => {
    const second = await refreshed(world, first);
    expect(await isActive(world, first.accessToken)).toBe(false);
    expect(await isActive(world, second.refreshToken)).toBe(false);

    expect(await refreshed(world, first)).toEqual(second);
  });

  it('is theft at once where the tenant has no window', async () => {
    world = await makeWorld(bed, { ...POLICY, refreshRepeatWindowMs: 0 });
    first = await login(world);
    await refreshed(world, first);

    await expectReuse(world, first);
  });

  it('is not given when the family was revoked or its user disabled in the meantime', async () => {
    await refreshed(world, first);
    await make(world.services.store, cutOff(world, 'user', world.annId, 'disabled'));

    await expectNoReuse(world, refreshed(world, first));
  });
});
