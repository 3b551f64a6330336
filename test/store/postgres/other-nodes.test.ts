/** Which other nodes there are, and which there were a moment ago. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MAX_WAIT_MS } from '../../../src/core/verifiers.ts';
import { othersOf } from '../../../src/watch/open.ts';
import { Rig } from './rig.ts';

let rig: Rig;

beforeAll(async () => {
  rig = await Rig.start();
});

afterAll(() => rig[Symbol.asyncDispose]());

const ALONE = [{ acknowledged: 0, waitedOut: 0, missing: 0 }];

it('is one that runs, and one that ended in order, which is counted no more', async () => {
  const node = await rig.open();
  const told: unknown[] = [];
  const ask = async () => {
    othersOf(node).follow('acme', 1, (count) => told.push(count));
    return node.mayOthersHaveAnswered(MAX_WAIT_MS);
  };
  expect(await ask()).toBe(false);
  await expect.poll(() => told).toEqual(ALONE);

  const other = await rig.open();
  expect(await node.countOtherNodes()).toBe(1);
  expect(await ask()).toBe(true);

  await other.close();
  expect(await node.countOtherNodes()).toBe(0);
  expect(await ask()).toBe(true);

  await rig.sql(`UPDATE heartbeat SET beat_time = beat_time - interval '5 minutes' WHERE beat = 0`);
  expect(await ask()).toBe(false);
  await expect.poll(() => told).toEqual([...ALONE, ...ALONE]);
});

it('is not known when the database is away', async () => {
  const node = await rig.open();
  await rig.server.kill();
  let isTold = false;
  othersOf(node).follow('acme', 1, () => {
    isTold = true;
  });
  await expect(node.mayOthersHaveAnswered(MAX_WAIT_MS)).rejects.toMatchObject({ code: 'store_unavailable' });
  expect(isTold).toBe(false);
  await rig.server.run();
});
