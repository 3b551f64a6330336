/** Introspect of many tokens: what each is alone, by one read. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { batchIntrospect } from '../../../src/core/operations/batch-introspect.ts';
import { introspect } from '../../../src/core/operations/introspect.ts';
import { operatorOnMachine } from '../../../src/core/operations/machine-operator.ts';
import { revoke } from '../../../src/core/operations/revoke.ts';
import { revokeAll } from '../../../src/core/operations/tokens.ts';
import type { Store } from '../../../src/core/services/store.ts';
import { make, openMemoryTestBed, type TestBed } from '../../support.ts';
import { countCalls } from '../counted-store.ts';
import { expectRefused, familyOf, login, makeWorld, PATIENTLY, refreshed, type World } from '../fixtures.ts';
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

function look(tokens: readonly string[], request: { atLeastRevision?: number; maxStalenessMs?: number } = {}) {
  return batchIntrospect(world.services, world.watcher, { tokens, ...request });
}

const lookAtOne = (token: string) => introspect(world.services, world.watcher, { token });

/** What can't be a token: Introspect refuses the first four, of one that asks for it alone. */
const RUBBISH = ['', 'x'.repeat(4_097), 'x'.repeat(100_000), 'syu_\0', 'x', 'é', '\u{10ffff}', '__proto__'];

describe('each answer', () => {
  it('is what Introspect says of the token, in order', async () => {
    const [live, dead, old] = [await login(world), await login(world), await login(world)];
    await revoke(world.services, world.backend, { by: 'token', token: dead.accessToken });
    const renewed = await refreshed(world, old);
    const others = await login(await makeWorld(bed));
    const tokens = [
      live.accessToken,
      dead.accessToken,
      old.accessToken,
      renewed.accessToken,
      others.accessToken,
      live.refreshToken ?? '',
      madeUp('access'),
      'x',
      live.accessToken,
    ];
    const answers = await look(tokens);
    expect(answers.map(({ active }) => active)).toEqual([true, false, false, true, false, false, false, false, true]);
    expect(answers).toEqual(await Promise.all(tokens.map(lookAtOne)));
    expect(new Set(answers.map(({ revision }) => revision))).toEqual(new Set([1]));
  });

  it('of rubbish is that it is not live, and harms no other', async () => {
    const { accessToken } = await login(world);
    await revokeAll(world.services, world.admin, { kind: 'device', id: world.lampId });
    const answers = await look([...RUBBISH, accessToken, ...RUBBISH]);
    const dead = RUBBISH.map(() => ({ active: false, revision: 1 }));
    expect(answers).toEqual([...dead, await lookAtOne(accessToken), ...dead]);
    expect(await look(RUBBISH)).toEqual(dead);
  });

  it('is the same for the same token, up to 1,000 times', async () => {
    const { accessToken } = await login(world);
    const answers = await look(Array.from({ length: 1_000 }, () => accessToken));
    expect(answers).toEqual(Array.from({ length: 1_000 }, () => answers[0]));
    expect(answers[0]).toEqual(await lookAtOne(accessToken));
  });
});

it('takes 1 to 1,000 tokens', async () => {
  await expect(look([])).rejects.toMatchObject({ code: 'invalid_argument', message: 'tokens is missing' });
  await expect(look(Array.from({ length: 1_001 }, () => 'x'))).rejects.toMatchObject({
    code: 'invalid_argument',
    message: 'tokens must have at most 1000 entries, and has 1001',
  });
});

it('reads once for all, and nothing for what was made up but its caller', async () => {
  const logins = [await login(world), await login(world)];
  const { store, taken } = countCalls(world.services.store);
  const services = { ...world.services, store };
  // Made last, so that what is known of it is new.
  const { admin } = world;
  const tokens = [...logins.map(({ accessToken }) => accessToken), madeUp('access'), 'x'];
  await batchIntrospect(services, admin, { tokens });
  expect(taken()).toEqual({ readFamilies: 1 });
  await batchIntrospect(services, admin, { tokens: [madeUp('access'), 'x'] });
  expect(taken().readFamilies).toBeUndefined();
});

describe('at_least_revision', () => {
  it('holds for all of them', async () => {
    const { accessToken } = await login(world);
    const { revision } = await revoke(world.services, world.backend, { by: 'token', token: accessToken });
    expect(await look([accessToken, 'x'], { atLeastRevision: revision })).toEqual([
      { active: false, revision },
      { active: false, revision },
    ]);
    for (const tokens of [[accessToken, 'x'], ['x'], [madeUp('access')]]) {
      await expect(look(tokens, { atLeastRevision: revision + 1 })).rejects.toMatchObject({
        code: 'revision_not_reached',
        retryAfterMs: 1_000,
      });
    }
  });
});

describe('is for', () => {
  it('those whom Introspect is for', async () => {
    const { accessToken } = await login(world);
    for (const call of [world.watcher, world.admin]) {
      expect(await batchIntrospect(world.services, call, { tokens: [accessToken] })).toMatchObject([{ active: true }]);
    }
    for (const call of [world.backend, world.app]) {
      await expectRefused(batchIntrospect(world.services, call, { tokens: [accessToken] }), 'permission_denied');
    }
  });

  it('nobody whose client or tenant was ended since it was known', async () => {
    const { accessToken } = await login(world);
    const { tenantId, watcher, services } = world;
    const ends = [
      { kind: 'client', id: watcher.caller.clientId },
      { kind: 'tenant', id: tenantId },
    ] as const;
    for (const target of ends) {
      await make(services.store, { kind: 'cut_off', tenantId, target, cause: 'disabled' });
      for (const tokens of [[accessToken], ['x'], [accessToken, 'x']]) {
        await expectRefused(look(tokens), 'caller_unauthenticated');
      }
      await make(services.store, { kind: 'enable', tenantId, target });
      expect(await look([accessToken])).toMatchObject([{ active: target.kind === 'client' }]);
    }
  });

  it('nobody who lost the role', async () => {
    const { accessToken } = await login(world);
    const { tenantId, watcher, services } = world;
    await make(services.store, { kind: 'update_client', tenantId, clientId: watcher.caller.clientId, roles: [] });
    for (const tokens of [[accessToken], ['x']]) {
      await expectRefused(look(tokens), 'permission_denied');
    }
  });

  it('the operator on the machine, whichever the tenants are', async () => {
    const other = await makeWorld(bed);
    const [own, others] = [await login(world), await login(other)];
    const caller = await operatorOnMachine(world.services, { tenantId: '', name: 'root' });
    const tokens = [own.accessToken, others.accessToken, madeUp('access'), 'x'];
    expect(await batchIntrospect(world.services, { caller }, { tokens })).toMatchObject([
      { active: true, tenantId: world.tenantId },
      { active: true, tenantId: other.tenantId },
      { active: false },
      { active: false },
    ]);
  });
});

it('ends for the operator on the machine when a login is kept no longer', async () => {
  const { accessToken } = await login(world);
  const gone = { reading: undefined, revision: 0, clientVersion: -1 };
  const calls = { readFamily: async () => gone, readFamilies: async () => [gone] };
  const services = { ...world.services, store: wrapStore(world.services.store, calls) };
  const caller = await operatorOnMachine(world.services, { tenantId: '', name: 'root' });
  const dead = { active: false, revision: 0 };
  expect(await batchIntrospect(services, { caller }, { tokens: [accessToken] })).toEqual([dead]);
  expect(await introspect(services, { caller }, { token: accessToken })).toEqual(dead);
});

it('asks anew without a staleness when a reading is of no tenant, and so at most once', async () => {
  const { accessToken: token } = await login(world);
  const asked: unknown[] = [];
  const { store: real } = world.services;
  const readFamilies: Store['readFamilies'] = (tenantId, familyIds, bounds) => {
    asked.push(bounds);
    const nothing = { reading: undefined, revision: 0, clientVersion: -1 };
    return bounds === undefined
      ? real.readFamilies(tenantId, familyIds)
      : Promise.resolve(familyIds.map(() => nothing));
  };
  const services = { ...world.services, store: wrapStore(real, { readFamilies }) };
  const request = { tokens: [token], maxStalenessMs: 1_000, atLeastRevision: 0 };
  expect(await batchIntrospect(services, world.watcher, request)).toMatchObject([{ active: true }]);
  expect(asked).toEqual([{ maxStalenessMs: 1_000, atLeastRevision: 0 }, undefined]);
});

it('is the first use of refreshed tokens', async () => {
  const pairs = [await refreshed(world, await login(world)), await refreshed(world, await login(world))];
  const tokens = pairs.map(({ accessToken }) => accessToken);
  await look(tokens);
  for (const token of tokens) {
    await expect.poll(async () => (await familyOf(world, token))?.repeatUntil, PATIENTLY).toBe(0);
  }
});

it('notes how many there were, and how many are live', async () => {
  const { accessToken } = await login(world);
  const noted: unknown[] = [];
  const notes = {
    event: undefined,
    isActive: undefined,
    note: (facts: unknown) => noted.push(facts),
    phase: () => () => undefined,
  };
  await batchIntrospect(world.services, { ...world.watcher, notes }, { tokens: [accessToken, 'x', accessToken] });
  expect(noted).toEqual([{ tokens: 3, active: 2 }]);
});

it('looks nothing up for who waits no longer when its turn comes', async () => {
  const { accessToken } = await login(world);
  const { store: real } = world.services;
  const readFamilies: Store['readFamilies'] = async (tenantId, familyIds, bounds, onTurn) => {
    onTurn?.();
    return real.readFamilies(tenantId, familyIds, bounds);
  };
  const services = { ...world.services, store: wrapStore(real, { readFamilies }) };
  const gone = { ...world.watcher, isAbandoned: () => true };
  await expectRefused(batchIntrospect(services, gone, { tokens: [accessToken] }), 'deadline_exceeded');
});
