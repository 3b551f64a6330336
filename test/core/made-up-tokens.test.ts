/** What is no token of ours costs nothing and changes nothing; what is one, however old, still ends its login. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Call } from '../../src/core/operations/authenticate.ts';
import { describeToken } from '../../src/core/operations/describe-token.ts';
import { introspect } from '../../src/core/operations/introspect.ts';
import type { IssuedTokens } from '../../src/core/operations/new-tokens.ts';
import { refresh } from '../../src/core/operations/refresh.ts';
import { revoke } from '../../src/core/operations/revoke.ts';
import { KEY_BYTES, keysOf } from '../../src/core/services/keys.ts';
import { type Services, servicesOf } from '../../src/core/services/services.ts';
import { resealed } from '../../src/core/services/tag-keys.ts';
import type { AnyTable } from '../../src/core/table.ts';
import { FAMILY } from '../../src/core/tables/families.ts';
import { MAX_GENERATION } from '../../src/core/token-form.ts';
import { make, openMemoryTestBed, random, type TestBed } from '../support.ts';
import { countCalls } from './counted-store.ts';
import { cutOff, expectRefused, isTokenLive, LAMP, login, makeWorld, refreshed, type World } from './fixtures.ts';
import { madeUp } from './made-up.ts';
import { bytesOfRow, storedRows } from './stored-rows.ts';

let bed: TestBed;
let world: World;
let tokens: IssuedTokens;

// A store has its tag keys for all tenants, so each case has a store.
beforeEach(async () => {
  bed = await openMemoryTestBed();
  world = await makeWorld(bed);
  tokens = await login(world);
});

type Use = 'access' | 'refresh';

const OPERATIONS: Readonly<Record<string, (services: Services, call: Call, token: string) => Promise<unknown>>> = {
  Introspect: (services, call, token) => introspect(services, call, { token }),
  Refresh: (services, call, refreshToken) => refresh(services, call, { refreshToken }),
  Revoke: (services, call, token) => revoke(services, call, { by: 'token', token }),
};

const ANSWERS: Readonly<Record<string, unknown>> = {
  Introspect: { active: false, revision: 0 },
  Refresh: 'invalid_refresh_token',
  Revoke: { revision: 0, revoked: false },
};

/** Of the login itself too: who has one of its tokens knows its family. */
const MADE_UP: Readonly<Record<string, (use: Use) => string>> = {
  'of no login, by a key that nobody has': (use) => madeUp(use, { keyId: 'z' }),
  'of no login, with a wrong tag': (use) => madeUp(use),
  'of a login, with a wrong tag': (use) => madeUp(use, { familyId: tokens.familyId }),
  'of a login, with a wrong tag and a later generation': (use) =>
    madeUp(use, { familyId: tokens.familyId, generation: 9 }),
  'of a login, by a key that nobody has': (use) => madeUp(use, { familyId: tokens.familyId, keyId: 'z' }),
  'that is rubbish': () => 'rubbish',
};

it.each(Object.entries(MADE_UP))('DescribeToken of a token %s reads no family and tells nothing', async (_, make) => {
  await revoke(world.services, world.admin, { by: 'token', token: tokens.accessToken });
  const { store, taken } = countCalls(world.services.store);
  const described = describeToken({ ...world.services, store }, world.app, make('access'));
  await expect(described).rejects.toMatchObject({ code: 'invalid_credentials', endedBy: undefined });
  const { read = 0, ...calls } = taken();
  expect(calls).toEqual({});
  expect(read).toBeLessThanOrEqual(1);
});

describe.each(Object.entries(OPERATIONS))('%s of a token', (name, operate) => {
  it.each(Object.entries(MADE_UP))(
    '%s reads no family, writes nothing, and reads the caller’s own row',
    async (_, make) => {
      const { store, taken } = countCalls(world.services.store);
      const before = await storedRows(bed.store);
      const answer = operate(
        { ...world.services, store, knownClients: knownIn(store) },
        world.admin,
        make(useOf(name)),
      );

      expect(await answer.catch(({ code }) => code)).toEqual(ANSWERS[name]);
      const { read = 0, ...calls } = taken();
      expect(calls).toEqual({ readClient: 1 });
      // The list of keys, once a second at most, no matter who asks.
      expect(read).toBeLessThanOrEqual(1);
      expect(await storedRows(bed.store)).toEqual(before);
    },
  );

  it.each(Object.entries(MADE_UP))('%s is not answered to a caller that was cut off', async (_, make) => {
    const { clientId } = world.admin.caller;
    await makeCutOff(clientId);
    await expectRefused(operate(world.services, world.admin, make(useOf(name))), 'caller_unauthenticated');
  });
});

/** As a server that was just started knows them. */
function knownIn(store: Services['store']): Services['knownClients'] {
  return servicesOf({ ...world.services, store }).knownClients;
}

function useOf(operation: string): Use {
  return operation === 'Refresh' ? 'refresh' : 'access';
}

async function makeCutOff(clientId: string): Promise<void> {
  await make(world.services.store, cutOff(world, 'client', clientId, 'disabled'));
}

it('a token of the last generation can’t be refreshed, and reads no family', async () => {
  const { store, taken } = countCalls(world.services.store);
  const last = madeUp('refresh', { familyId: tokens.familyId, generation: MAX_GENERATION });
  await expectRefused(
    refresh({ ...world.services, store }, world.backend, { refreshToken: last }),
    'invalid_refresh_token',
  );
  expect(taken().readFamily).toBeUndefined();
});

describe('an old access token', () => {
  it('of any age ends its login by Revoke', async () => {
    let newest = tokens;
    for (let i = 0; i < 5; i++) {
      newest = await refreshed(world, newest);
    }
    expect(await isTokenLive(world, newest.accessToken)).toBe(true);
    expect(await revoke(world.services, world.app, { by: 'token', token: tokens.accessToken })).toEqual({
      revision: 1,
      revoked: true,
    });
    expect(await isTokenLive(world, newest.accessToken)).toBe(false);
  });

  it('whose key is lost proves nothing, and the error says so; its family’s id still ends the login', async () => {
    const { services, backend } = world;
    const newest = await refreshed(world, await refreshed(world, tokens));
    await make(services.store, { kind: 'replace_key', fingerprint: random(32), boxes: [], factors: [], leaked: false });
    const after = serverWith(random(KEY_BYTES));
    const old = revoke(after, backend, { by: 'token', token: tokens.accessToken });
    await expectRefused(old, 'token_unproven');
    expect(await isTokenLive(world, newest.accessToken)).toBe(true);
    expect(await revoke(after, backend, { by: 'family_id', familyId: tokens.familyId })).toEqual({
      revision: 1,
      revoked: true,
    });
  });
});

function serverWith(key: Uint8Array): Services {
  return servicesOf({ ...world.services, keys: keysOf(key, random) });
}

describe('on a server with another key than the store’s', () => {
  it('a live token is live and can be revoked; what only a tag proves is unavailable, and nothing is written', async () => {
    const newest = await refreshed(world, await refreshed(world, tokens));
    const stranger = serverWith(random(KEY_BYTES));
    expect(await introspect(stranger, world.watcher, { token: newest.accessToken })).toMatchObject({ active: true });
    const before = await storedRows(bed.store);
    const { refreshToken = '' } = tokens;
    await expectRefused(revoke(stranger, world.backend, { by: 'token', token: refreshToken }), 'store_unavailable');
    await expectRefused(refresh(stranger, world.backend, { refreshToken }), 'store_unavailable');
    expect(await storedRows(bed.store)).toEqual(before);
    expect(await revoke(stranger, world.backend, { by: 'token', token: newest.accessToken })).toEqual({
      revision: 1,
      revoked: true,
    });
  });

  it('tokens are as genuine as before once the boxes were sealed for it', async () => {
    const renewed = keysOf(random(KEY_BYTES), random);
    const boxes = await resealed(bed.store, [world.services.keys], renewed);
    await make(bed.store, { kind: 'replace_key', fingerprint: random(32), boxes, factors: [], leaked: false });
    const second = await refreshed({ ...world, services: servicesOf({ ...world.services, keys: renewed }) }, tokens);
    expect(second.familyId).toBe(tokens.familyId);
  });
});

describe('however often a login is refreshed', () => {
  const families = [FAMILY as unknown as AnyTable];

  async function sizes() {
    const rows = await storedRows(bed.store);
    return { rows: rows.length, bytes: rows.reduce((sum, row) => sum + bytesOfRow(row).length, 0) };
  }

  it('no row comes and no byte', async () => {
    const device = await login(world, world.app, { credential: LAMP });
    const before = await sizes();
    let [user, lamp] = [tokens, device];
    for (let i = 0; i < 10; i++) {
      world.clock.advance(1_000);
      [user, lamp] = [await refreshed(world, user), await refreshed(world, lamp, world.app)];
      expect(await refreshed(world, lamp, world.app).catch(() => undefined)).toBeDefined();
      lamp = await refreshed(world, lamp, world.app);
      expect(await sizes()).toEqual(before);
    }
  });

  it('each value of its row is as long as at the issue', async () => {
    const lengths = async () => (await storedRows(bed.store, families)).map(({ values }) => values.map(lengthOf));
    const before = await lengths();
    await refreshed(world, await refreshed(world, tokens));
    await introspect(world.services, world.watcher, { token: tokens.accessToken });
    expect(await lengths()).toEqual(before);
  });

  function lengthOf(value: unknown): unknown {
    return value instanceof Uint8Array || typeof value === 'string' ? value.length : typeof value;
  }
});
