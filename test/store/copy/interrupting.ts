/** Copies that are stopped, or looked at, on their way. */
import { expect } from 'vitest';
import { FAMILY } from '../../../src/core/tables/families.ts';
import { copyStore } from '../../../src/store/copy/copy.ts';
import type { Place } from '../../../src/store/copy/end.ts';

/** Fewer than the tables have rows, and half of what some of them have, so that every edge of a batch is met. */
export const SMALL = { batchRows: 8 };

class Interrupted extends Error {}

/** Copies until `stop` says so, as a process that dies there. */
export async function copyUntil(
  from: Place,
  to: Place,
  stop: (table: string, count: number) => boolean,
): Promise<void> {
  const onProgress = (table: string, count: number) => {
    if (stop(table, count)) {
      throw new Interrupted();
    }
  };
  await expect(copyStore(from, to, { ...SMALL, onProgress })).rejects.toThrow(/failed: .*run it again/);
}

/** Copies everything, and dies before it is verified. */
export async function copyUnverified(from: Place, to: Place): Promise<void> {
  const onVerify = () => {
    throw new Interrupted();
  };
  await expect(copyStore(from, to, { ...SMALL, onVerify })).rejects.toThrow();
}

/** Of the moment when the copy is in the middle of the logins. */
export async function during(from: Place, to: Place, work: () => Promise<void>): Promise<void> {
  let hasWorked = false;
  const onProgress = async (table: string) => {
    if (table === FAMILY.name && !hasWorked) {
      hasWorked = true;
      await work();
    }
  };
  await copyStore(from, to, { ...SMALL, onProgress });
  expect(hasWorked).toBe(true);
}
