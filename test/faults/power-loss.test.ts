/** What was answered is there after a power loss at any moment, whatever of the writes that were not synced reached the disk. */
import { describe, expect, it } from 'vitest';
import { crash, load, SEED } from './crashes.ts';
import { CAN_WATCH, WatchedDisk, watched } from './library.ts';

const CRASHES = 300;
const CONTROL_CRASHES = 60;
/** Several rounds of looking after the WAL. */
const LEAST_MS = 3_500;

describe(`a store whose power is lost at ${CRASHES} moments under load`, () => {
  it.skipIf(!CAN_WATCH)(
    watched('has lost nothing of what it answered'),
    async () => {
      using disk = new WatchedDisk();
      await load(disk, { leastMs: LEAST_MS });
      const { lost, judged } = await crash(disk, CRASHES);
      expect(lost, `CRASH_SEED=${SEED}`).toEqual([]);
      expect(judged).toBeGreaterThan(CRASHES / 2);
    },
    240_000,
  );
});

describe('the judge of such a store', () => {
  it.skipIf(!CAN_WATCH)(
    watched('finds what is lost with commits that do not sync the WAL'),
    async () => {
      using disk = new WatchedDisk();
      await load(disk, { isCareless: true });
      expect((await crash(disk, CONTROL_CRASHES)).lost.length).toBeGreaterThan(0);
    },
    120_000,
  );

  it.skipIf(!CAN_WATCH)(
    watched('finds what is lost on a disk whose syncs do nothing'),
    async () => {
      using disk = new WatchedDisk();
      using _fault = disk.begin('ignore-sync');
      await load(disk);
      expect((await crash(disk, CONTROL_CRASHES)).lost.length).toBeGreaterThan(0);
    },
    120_000,
  );
});
