/** A long batch is worked on in pieces, so that others are answered in between; and it is one moment all the same. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { batchIntrospect } from '../../../src/core/operations/batch-introspect.ts';
import { introspect } from '../../../src/core/operations/introspect.ts';
import { revoke } from '../../../src/core/operations/revoke.ts';
import type { Services } from '../../../src/core/services/services.ts';
import type { Store } from '../../../src/core/services/store.ts';
import { Turns } from '../../../src/core/services/turns.ts';
import { openMemoryTestBed, type TestBed } from '../../support.ts';
import { expectRefused, login, makeWorld, type World } from '../fixtures.ts';
import { wrapStore } from '../wrapped-store.ts';

/** Of one tenant. */
const MAX_UNDER_WAY = 64;

let bed: TestBed;
/** Its admin was made last, so that what is known of it is new. */
let world: World;

beforeAll(async () => {
  bed = await openMemoryTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  world = await makeWorld(bed);
});

const manyOf = (token: string, count: number) => Array.from({ length: count }, () => token);

/** Services whose turns do something first. */
function withTurns(onTurn: () => unknown, calls: Partial<Store> = {}): Services {
  const store = wrapStore(world.services.store, calls);
  return { ...world.services, store, turns: new Turns(async () => onTurn()) };
}

it('takes a turn for each 250 tokens, before they are looked up and after', async () => {
  const { accessToken } = await login(world);
  let turns = 0;
  const services = withTurns(() => turns++);
  const taken = async (count: number) => {
    const before = turns;
    const answers = await batchIntrospect(services, world.admin, { tokens: manyOf(accessToken, count) });
    expect(answers).toHaveLength(count);
    expect(answers.every(({ active }) => active)).toBe(true);
    return turns - before;
  };
  expect([await taken(1), await taken(250), await taken(251), await taken(1_000)]).toEqual([0, 0, 4, 8]);
});

it('lets others be answered between any two pieces', async () => {
  const { accessToken: token } = await login(world);
  let answered = 0;
  const services = withTurns(async () => {
    await introspect(world.services, world.admin, { token });
    answered += 1;
  });
  await batchIntrospect(services, world.admin, { tokens: manyOf(token, 1_000) });
  expect(answered).toBe(8);
});

it('is of the moment of its reading, whatever happens between its pieces', async () => {
  const { accessToken } = await login(world);
  let isRead = false;
  let isRevoked = false;
  const readFamilies: Store['readFamilies'] = async (...asked) => {
    const readings = await world.services.store.readFamilies(...asked);
    isRead = true;
    return readings;
  };
  const onTurn = async () => {
    if (isRead && !isRevoked) {
      isRevoked = true;
      await revoke(world.services, world.backend, { by: 'token', token: accessToken });
    }
  };
  const services = withTurns(onTurn, { readFamilies });
  const answers = await batchIntrospect(services, world.admin, { tokens: manyOf(accessToken, 1_000) });
  expect(isRevoked).toBe(true);
  expect(answers).toEqual(Array.from({ length: 1_000 }, () => answers[0]));
  expect(answers[0]).toMatchObject({ active: true, revision: 0 });
  expect(await batchIntrospect(services, world.admin, { tokens: [accessToken] })).toMatchObject([
    { active: false, revision: 1 },
  ]);
});

it('goes on for nobody who waits no longer', async () => {
  const { accessToken } = await login(world);
  let turns = 0;
  const services = withTurns(() => turns++);
  const gone = { ...world.admin, isAbandoned: () => turns >= 2 };
  await expectRefused(batchIntrospect(services, gone, { tokens: manyOf(accessToken, 1_000) }), 'deadline_exceeded');
  expect(turns).toBe(2);
});

it('is under way at most 64 times of one tenant, and no other tenant is kept waiting', async () => {
  const { accessToken } = await login(world);
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const services = withTurns(() => released);
  const tokens = manyOf(accessToken, 251);
  const underWay = Array.from({ length: MAX_UNDER_WAY }, () => batchIntrospect(services, world.admin, { tokens }));
  await expectRefused(batchIntrospect(services, world.admin, { tokens: [accessToken] }), 'overloaded');
  const other = await makeWorld(bed);
  expect(await batchIntrospect(services, other.admin, { tokens: [accessToken] })).toMatchObject([{ active: false }]);
  release();
  for (const answers of await Promise.all(underWay)) {
    expect(answers.filter(({ active }) => active)).toHaveLength(251);
  }
  expect(await batchIntrospect(services, world.admin, { tokens: [accessToken] })).toMatchObject([{ active: true }]);
});
