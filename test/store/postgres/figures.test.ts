/** What the PostgreSQL engine tells an operator: commits, connections, its lease, and about how many families there are. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { STEPS } from '../../../src/store/postgres/schema.ts';
import type { PostgresStore } from '../../../src/store/postgres/store.ts';
import { PATIENTLY } from '../../core/fixtures.ts';
import { make } from '../../support.ts';
import { ANN, cutOff, issueOf, makeAcme } from '../fixtures.ts';
import { BRIEF_LEASE } from './options.ts';
import { Rig, untilLeaseLost } from './rig.ts';

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
  expect({ engine, schema }).toEqual({ engine: 'postgres', schema: STEPS.length });
  expect(postgres?.pools.write).toMatchObject({ idle: expect.any(Number), max: 10 });
  await expect.poll(() => store.figures().postgres?.pools.write, PATIENTLY).toMatchObject({ inUse: 0, waiting: 0 });
  await rig.sql('ANALYZE family');
  expect(await store.estimateFamilies()).toBe(20);
});

it('tells that its lease is lost, and how long ago it was sound', async () => {
  const brief = await rig.open(BRIEF_LEASE);
  // Those of a machine that stands still are told too.
  let changes = brief.isReadable() ? 0 : 1;
  brief.onHealthChange(() => {
    changes++;
  });
  const lost = () => Math.ceil(changes / 2);
  await rig.server.kill();
  await untilLeaseLost(brief);
  await expect.poll(() => brief.figures().postgres?.leasesLost, PATIENTLY).toBeGreaterThan(0);
  expect(brief.figures().postgres?.leasesLost).toBe(lost());
  expect(brief.figures().postgres?.leaseAge).toBeGreaterThan(1);
  await rig.server.run();
  await expect.poll(() => brief.isReadable(), PATIENTLY).toBe(true);
  expect(brief.figures().postgres?.leasesLost).toBe(lost());
});
