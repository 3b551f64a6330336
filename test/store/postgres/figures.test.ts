/** What the PostgreSQL engine tells an operator: commits, connections, its lease, and about how many families there are. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PostgresStore } from '../../../src/store/postgres/store.ts';
import { PATIENTLY } from '../../core/fixtures.ts';
import { make } from '../../support.ts';
import { ANN, cutOff, issueOf, makeAcme } from '../fixtures.ts';
import { Rig } from './rig.ts';

let rig: Rig;
let store: PostgresStore;

beforeAll(async () => {
  rig = await Rig.start();
  store = await rig.open();
  await makeAcme(store);
});

afterAll(() => rig[Symbol.asyncDispose]());

it('counts each commit once, with the commands that shared it, locked or not', async () => {
  const { count, sum } = { ...store.figures().commitSize };
  await Promise.all(Array.from({ length: 20 }, () => make(store, issueOf())));
  const issued = { ...store.figures().commitSize };
  expect(issued.sum - sum).toBe(20);
  expect(issued.count - count).toBeLessThan(20);
  await Promise.all(Array.from({ length: 5 }, () => make(store, cutOff('user', ANN))));
  const { commitSize, commitSeconds, pendingWrites } = store.figures();
  expect(commitSize.sum - issued.sum).toBe(5);
  expect(commitSeconds.count).toBe(commitSize.count);
  expect(pendingWrites).toBe(0);
});

it('knows its connections, and the planner’s estimate of families', async () => {
  const { postgres, engine, schema } = store.figures();
  expect({ engine, schema }).toEqual({ engine: 'postgres', schema: 1 });
  expect(postgres?.pools.write).toMatchObject({ idle: expect.any(Number), max: 10 });
  await expect.poll(() => store.figures().postgres?.pools.write, PATIENTLY).toMatchObject({ inUse: 0, waiting: 0 });
  await rig.sql('ANALYZE family');
  expect(await store.estimateFamilies()).toBe(20);
});

it('tells that its lease is lost, and how long ago it was sound', async () => {
  expect(store.figures().postgres).toMatchObject({ leasesLost: 0 });
  await rig.server.kill();
  await expect.poll(() => store.figures().postgres?.leasesLost, PATIENTLY).toBe(1);
  expect(store.figures().postgres?.leaseAge).toBeGreaterThan(1);
  await rig.server.run();
  await expect.poll(() => store.isReadable(), PATIENTLY).toBe(true);
  expect(store.figures().postgres?.leasesLost).toBe(1);
});
