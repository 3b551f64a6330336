/** Which other servers there are, and which there were a moment ago. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Lease } from '../../../src/store/postgres/lease.ts';
import { readOthers } from '../../../src/store/postgres/other-nodes.ts';
import type { Primary } from '../../../src/store/postgres/primary.ts';
import type { PostgresStore } from '../../../src/store/postgres/store.ts';
import { Heard } from './heard.ts';
import { Rig } from './rig.ts';

let rig: Rig;

beforeAll(async () => {
  rig = await Rig.start();
});

afterAll(() => rig[Symbol.asyncDispose]());

const ALONE = { acknowledged: 0, waitedOut: 0, missing: 0, isUnknown: false };

it('are those that run, and those that ended in order, which are counted no more', async () => {
  const node = await rig.open();
  expect(await Heard.of(node).last()).toEqual(ALONE);

  const other = await rig.open();
  expect(await node.countOtherNodes()).toBe(1);
  await expect.poll(() => Heard.of(node).last()).toEqual(ALONE);

  await other.close();
  expect(await node.countOtherNodes()).toBe(0);
  const [third, fourth] = [await rig.open(), await rig.open()];
  third.others.answerBy(async () => ({ ...ALONE, acknowledged: 3 }));
  fourth.others.answerBy(async () => ({ ...ALONE, acknowledged: 4 }));
  const heard = Heard.of(node);
  // Both are heard, and the one that ended may have had others.
  await heard.until(({ acknowledged }) => acknowledged === 7);
  expect(await heard.last()).toMatchObject({ isUnknown: true });

  await third.close();
  await fourth.close();
  await rig.sql(`UPDATE heartbeat SET beat_time = beat_time - interval '5 minutes' WHERE beat = 0`);
  expect(await Heard.of(node).last()).toEqual(ALONE);
});

it('are no commands that have ended, for nobody watched there', async () => {
  const nodes = () => rig.sql('SELECT node_id FROM heartbeat ORDER BY node_id');
  const before = await nodes();
  const command = await rig.open({ isCommand: true });
  expect(await nodes()).toHaveLength(before.length + 1);
  await command.close();
  expect(await nodes()).toEqual(before);
});

it('are one for all threads of a process, whose main thread speaks for them', async () => {
  const ofProcess = (processId: string, isThread: boolean) => rig.open({ processId, isThread });
  const [one, other] = [randomUUID(), randomUUID()];
  const node = await ofProcess(one, false);
  const threads: PostgresStore[] = [await ofProcess(one, true), await ofProcess(one, true)];
  const before = await node.countOtherNodes();
  const elsewhere = await ofProcess(other, false);
  threads.push(await ofProcess(other, true));
  for (const each of [node, ...threads.slice(0, 2)]) {
    expect(await each.countOtherNodes()).toBe(before + 1);
  }
  elsewhere.others.answerBy(async () => ({ ...ALONE, acknowledged: 2 }));
  for (const thread of threads) {
    thread.others.answerBy(async () => ({ ...ALONE, acknowledged: 100 }));
  }
  await Heard.of(node).until(({ acknowledged }) => acknowledged === 2);
});

it('are not known when the database is away', async () => {
  const node = await rig.open();
  await rig.server.kill();
  const heard = Heard.of(node);
  await expect(node.countOtherNodes()).rejects.toMatchObject({ code: 'store_unavailable' });
  expect(heard.counts).toEqual([]);
  await rig.server.run();
});

it('are not known on a timeline that has just begun: the clock is another', async () => {
  const lease = { leaseMs: 1_000, answersFrom: performance.now() } as Lease;
  expect(await readOthers({} as Primary, lease, 'this')).toBeUndefined();
});
