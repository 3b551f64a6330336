/** What is asked of the store now and then, and what is shown while it is away. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Store } from '../../src/core/services/store.ts';
import { MemoryStore } from '../../src/store/memory/store.ts';
import { Census } from '../../src/telemetry/census.ts';
import { makeAcme } from '../store/fixtures.ts';
import { makePerson, sendOf } from '../store/people.ts';
import { make, TestClock } from '../support.ts';

let clock: TestClock;
let store: Store;
let isAway: boolean;
let census: Census;

beforeEach(async () => {
  clock = new TestClock();
  store = new MemoryStore({ clock: clock.read });
  isAway = false;
  await makeAcme(store);
  const unlessAway = <T>(read: () => Promise<T>) => (isAway ? Promise.reject(new Error('away')) : read());
  const part = {
    list: (...args: Parameters<Store['list']>) => unlessAway(() => store.list(...args)),
    estimateFamilies: () => unlessAway(async () => 12),
  } as Pick<Store, 'list' | 'estimateFamilies'>;
  census = new Census({ store: part, clock: clock.read });
});

afterEach(() => census.stop());

function shown(): Record<string, unknown> {
  return Object.fromEntries(census.metrics.map(({ name, read }) => [name, read().map(({ value }) => value)]));
}

it('tells how many messages wait, and how long the oldest has', async () => {
  await census.countMessages();
  expect(shown()).toMatchObject({ 'symbolon.outbox.pending': [0], 'symbolon.outbox.oldest.age': [0] });
  await makePerson(store, 'user-1');
  await make(store, sendOf({}, 'user-1'));
  clock.advance(90_000);
  await census.countMessages();
  clock.advance(1_000);
  expect(shown()).toMatchObject({ 'symbolon.outbox.pending': [1], 'symbolon.outbox.oldest.age': [91] });
});

it('tells nothing before it has asked, nor of a store that is away', async () => {
  const nothing = { 'symbolon.outbox.pending': [], 'symbolon.outbox.oldest.age': [], 'symbolon.families': [] };
  expect(shown()).toEqual(nothing);
  await census.countMessages();
  await census.countFamilies();
  expect(shown()).toMatchObject({ 'symbolon.outbox.pending': [0], 'symbolon.families': [12] });
  isAway = true;
  await census.countMessages();
  await census.countFamilies();
  expect(shown()).toEqual(nothing);
});
