/**
 * A process dies, another takes over, and then the power is lost. What the second one answered must hold, though part of what it read
 * was in the kernel's memory only: a commit that was not synced yet, or one whose sync failed.
 */
import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { eventually } from '../process/program.ts';
import { crash, keysMarked, load, SEED, startLoad } from './crashes.ts';
import { readJournal } from './journal.ts';
import { CAN_WATCH, type Fault, WatchedDisk, watched } from './library.ts';

const CRASHES = 60;
/** Records of the journal in which the second process takes over and gives its first answers. */
const TAKING_OVER = 150;
const ANSWERED_BYTES = 400_000;

/** Lets a load run until it is well under way, and then into the fault. */
async function dieOf(disk: WatchedDisk, faults: readonly Fault[]): Promise<void> {
  const running = startLoad(disk, { answers: Number.MAX_SAFE_INTEGER });
  await eventually('answers', () => {
    const stat = statSync(disk.journal, { throwIfNoEntry: false });
    return running.hasEnded || (stat !== undefined && stat.size > ANSWERED_BYTES);
  });
  using held = new DisposableStack();
  for (const fault of faults) {
    held.use(disk.begin(fault));
  }
  const { code, signal } = await running.ended;
  expect(code === 1 || signal === 'SIGKILL', running.stderr).toBe(true);
}

describe('a store that is taken over, and whose power is lost then', () => {
  for (const [what, ...faults] of [
    ['a process that was killed in the middle of a commit', 'die-at-sync-wal'],
    ['a process whose sync failed', 'fail-sync-wal'],
    ['a process that was killed when its sync failed', 'die-at-sync-wal', 'fail-sync-wal'],
  ] as const) {
    it.skipIf(!CAN_WATCH)(
      watched(`keeps what it answered after ${what}`),
      async () => {
        using disk = new WatchedDisk();
        await dieOf(disk, faults);
        const died = readJournal(disk.journal).length;
        await load(disk, { asks: keysMarked(disk), answers: 200 });
        const inTakingOver = await crash(disk, CRASHES, { from: died, to: died + TAKING_OVER });
        const later = await crash(disk, CRASHES, { from: died + TAKING_OVER });
        expect([...inTakingOver.lost, ...later.lost], `CRASH_SEED=${SEED}`).toEqual([]);
      },
      120_000,
    );
  }
});
