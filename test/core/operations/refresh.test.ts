import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { IssuedTokens } from '../../../src/core/operations/new-tokens.ts';
import { refresh } from '../../../src/core/operations/refresh.ts';
import { openMemoryTestBed, type TestBed } from '../../support.ts';
import {
  clientCredentialOf,
  expectNoReuse,
  expectRefused,
  expectReuse,
  isTokenLive,
  login,
  makeWorld,
  refreshed,
  type World,
} from '../fixtures.ts';
import { issue } from '../issue.ts';
import { madeUp } from '../made-up.ts';

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

it('trades a refresh token for a new pair of the same family, and both old tokens die', async () => {
  world.clock.advance(MINUTE);
  const second = await refreshed(world, first);

  const { familyId, subjectId, kind, scopes, refreshExpireTime } = first;
  expect(second).toMatchObject({ familyId, subjectId, kind, scopes, refreshExpireTime });
  expect(second).toMatchObject({ issueTime: world.clock.now, expireTime: world.clock.now + 30 * MINUTE });
  expect(second.accessToken).toMatch(/^syu_/);
  expect(second.refreshToken).toMatch(/^syr_/);
  expect(await isTokenLive(world, first.accessToken)).toBe(false);
  expect(await isTokenLive(world, second.accessToken)).toBe(true);
});

it('goes on for as long as the family lives, and never beyond', async () => {
  let tokens = first;
  for (let i = 0; i < 9; i++) {
    world.clock.advance(11 * MINUTE);
    tokens = await refreshed(world, tokens);
  }
  expect(tokens.refreshExpireTime).toBe(first.refreshExpireTime);
  expect(tokens.expireTime).toBe(first.refreshExpireTime);
  world.clock.advance(MINUTE);

  expect(await isTokenLive(world, tokens.accessToken)).toBe(false);
  await expectNoReuse(world, refreshed(world, tokens));
});

it('lives on when the access token has expired', async () => {
  world.clock.advance(31 * MINUTE);
  expect(await isTokenLive(world, first.accessToken)).toBe(false);

  expect(await isTokenLive(world, (await refreshed(world, first)).accessToken)).toBe(true);
});

it('takes an older refresh token for theft, and the newest dies with it', async () => {
  const second = await refreshed(world, first);
  const third = await refreshed(world, second);
  await expectReuse(world, first);

  expect(await isTokenLive(world, third.accessToken)).toBe(false);
  await expectNoReuse(world, refreshed(world, third));
  await expectNoReuse(world, refreshed(world, first));
});

it('keeps the kind of the family in the new token’s prefix', async () => {
  const admin = await issue(world.services, world.admin, { credential: clientCredentialOf(world.admin) });
  expect((await refreshed(world, admin, world.admin)).accessToken).toMatch(/^sya_/);
});

describe('the expiry', () => {
  it('is the one asked for', async () => {
    const expireTime = world.clock.now + 5 * MINUTE;
    const second = await refresh(world.services, world.backend, { refreshToken: first.refreshToken ?? '', expireTime });

    expect(second.expireTime).toBe(expireTime);
  });

  it('is that of the family when more was asked', async () => {
    const expireTime = world.clock.now + 200 * MINUTE;
    const second = await refresh(world.services, world.backend, { refreshToken: first.refreshToken ?? '', expireTime });

    expect(second.expireTime).toBe(first.refreshExpireTime);
  });

  it('is refused in the past, and the refresh token stays good', async () => {
    const asked = { refreshToken: first.refreshToken ?? '', expireTime: world.clock.now };
    await expectRefused(refresh(world.services, world.backend, asked), 'expire_time_out_of_range');

    await refreshed(world, first);
  });
});

describe('is refused', () => {
  const withToken = (refreshToken: string) => refresh(world.services, world.backend, { refreshToken });

  it('an access token, without harm', async () => {
    await expectNoReuse(world, withToken(first.accessToken));
    expect(await isTokenLive(world, first.accessToken)).toBe(true);
  });

  it('what is unknown, changed or rubbish', async () => {
    const { refreshToken = '' } = first;
    for (const token of [madeUp('refresh'), `${refreshToken.slice(0, -1)}_`, 'x']) {
      await expectNoReuse(world, withToken(token));
    }
  });

  it('nothing, too much, and a NUL as an invalid argument', async () => {
    for (const token of ['', 'x'.repeat(4_097), 'syr_\0']) {
      await expectRefused(withToken(token), 'invalid_argument');
    }
  });

  it('everything to a caller without standing', async () => {
    const caller = { ...world.backend.caller, standings: [] };
    await expectRefused(refreshed(world, first, { caller }), 'permission_denied');
  });

  it('what comes after its deadline, and the refresh token stays good', async () => {
    const late = { ...world.backend, deadline: Date.now() - 1 };
    await expectRefused(refreshed(world, first, late), 'deadline_exceeded');

    await refreshed(world, first);
  });
});
