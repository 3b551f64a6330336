import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { authenticate } from '../../../src/core/operations/authenticate.ts';
import { introspect } from '../../../src/core/operations/introspect.ts';
import { revoke } from '../../../src/core/operations/revoke.ts';
import type { Store } from '../../../src/core/services/store.ts';
import { openMemoryTestBed, type TestBed } from '../../support.ts';
import {
  bearer,
  clientCredentialOf,
  expectRefused,
  isActive,
  login,
  makeWorld,
  refreshed,
  type World,
} from '../fixtures.ts';
import { issue } from '../issue.ts';
import { madeUp } from '../made-up.ts';
import { wrapStore } from '../wrapped-store.ts';

let bed: TestBed;
let world: World;

beforeAll(async () => {
  bed = await openMemoryTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  world = await makeWorld(bed);
});

function look(token: string, atLeastRevision?: number) {
  const request = atLeastRevision === undefined ? { token } : { token, atLeastRevision };
  return introspect(world.services, world.watcher, request);
}

it('tells all about a live token, field for field', async () => {
  const {
    accessToken,
    refreshToken: _,
    refreshExpireTime: __,
    ...tokens
  } = await login(world, world.backend, {
    scopes: ['write', 'read'],
  });

  expect(await look(accessToken)).toEqual({
    active: true,
    revision: 0,
    tenantId: world.tenantId,
    clientId: world.backend.caller.clientId,
    timeToLiveMs: tokens.expireTime - bed.clock.now,
    audience: null,
    consentId: null,
    ...tokens,
  });
});

it('tells nothing about a dead one but the revision', async () => {
  const { accessToken } = await login(world);
  await revoke(world.services, world.backend, { by: 'token', token: accessToken });

  expect(await look(accessToken)).toEqual({ active: false, revision: 1 });
});

describe('says inactive of', () => {
  it('a refresh token', async () => {
    const { refreshToken = '' } = await login(world);
    expect(await look(refreshToken)).toEqual({ active: false, revision: 0 });
  });

  it('what was never issued, was changed, or is rubbish', async () => {
    const { accessToken } = await login(world);
    const swapped = accessToken.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a'));
    for (const token of [madeUp('access'), swapped, 'x', accessToken.toLowerCase(), 'é']) {
      expect(await look(token)).toEqual({ active: false, revision: 0 });
    }
  });

  it('another tenant’s token', async () => {
    const { accessToken } = await login(await makeWorld(bed));
    expect(await look(accessToken)).toEqual({ active: false, revision: 0 });
  });

  it('a token that was replaced', async () => {
    const first = await login(world);
    const second = await refreshed(world, first);
    expect([await isActive(world, first.accessToken), await isActive(world, second.accessToken)]).toEqual([
      false,
      true,
    ]);
  });
});

describe('is for', () => {
  it('admins and those who have the role', async () => {
    const { accessToken: token } = await login(world);
    for (const call of [world.watcher, world.admin]) {
      expect(await introspect(world.services, call, { token })).toMatchObject({ active: true });
    }
    for (const call of [world.backend, world.app]) {
      await expectRefused(introspect(world.services, call, { token }), 'permission_denied');
    }
  });

  it('their bearer tokens too', async () => {
    const { accessToken: token } = await login(world);
    const own = await issue(world.services, world.watcher, { credential: clientCredentialOf(world.watcher) });
    const caller = await authenticate(world.services, bearer(own.accessToken));

    expect(await introspect(world.services, { caller }, { token })).toMatchObject({ active: true });
  });
});

describe('at_least_revision', () => {
  it('is answered when the store is there', async () => {
    const { accessToken, familyId } = await login(world);
    const { revision } = await revoke(world.services, world.backend, { by: 'family_id', familyId });

    expect(await look(accessToken, revision)).toEqual({ active: false, revision });
    expect(await look('rubbish', revision)).toEqual({ active: false, revision });
  });

  it('is refused when the store is not, with the time to wait', async () => {
    const { accessToken } = await login(world);
    for (const token of [accessToken, 'rubbish', madeUp('access')]) {
      await expect(look(token, 1)).rejects.toMatchObject({ code: 'revision_not_reached', retryAfterMs: 1_000 });
    }
  });
});

it('refuses nothing, too much, and a NUL as an invalid argument', async () => {
  for (const token of ['', 'x'.repeat(4_097), 'syu_\0']) {
    await expectRefused(look(token), 'invalid_argument');
  }
});

it('asks anew without a staleness when a reading is of no tenant, and so at most once', async () => {
  const { accessToken: token } = await login(world, world.backend);
  const asked: unknown[] = [];
  const { store: real } = world.services;
  const readFamily: Store['readFamily'] = (tenantId, familyId, bounds) => {
    asked.push(bounds);
    return bounds === undefined
      ? real.readFamily(tenantId, familyId)
      : Promise.resolve({ reading: undefined, revision: 0, clientVersion: -1 });
  };
  const store = wrapStore(real, { readFamily });
  const request = { token, maxStalenessMs: 1_000, atLeastRevision: 0 };
  expect(await introspect({ ...world.services, store }, world.watcher, request)).toMatchObject({ active: true });
  expect(asked).toEqual([{ maxStalenessMs: 1_000, atLeastRevision: 0 }, undefined]);
});
