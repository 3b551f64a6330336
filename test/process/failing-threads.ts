/**
 * Loaded before anything else in each thread of a server (`node --import`). It makes one of them fail when a test says so, by a file that is
 * named after what is to happen: `worker-hang`, or `writer-throw`. The first thread of that kind which finds the file takes it.
 */
import { existsSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { isMainThread, workerData } from 'node:worker_threads';

const { TEST_FAILURES: directory = '' } = process.env;
const LOOK_MS = 20;

const FAILURES: Readonly<Record<string, () => unknown>> = {
  hang: () => {
    for (;;) {
      // As a bug would.
    }
  },
  throw: () => {
    throw new Error('made to fail');
  },
  memory: () => {
    const held: object[] = [];
    for (;;) {
      held.push({ held: held.length });
    }
  },
};

function isTaken(name: string): boolean {
  const path = join(directory, name);
  try {
    unlinkSync(path);
    return true;
  } catch {
    return false;
  }
}

if (!isMainThread && directory !== '') {
  const kind = typeof workerData === 'object' && 'order' in workerData ? 'worker' : 'writer';
  if (existsSync(join(directory, `${kind}-load`))) {
    throw new Error('made to fail at its start');
  }
  setInterval(() => {
    for (const [name, fail] of Object.entries(FAILURES)) {
      if (isTaken(`${kind}-${name}`)) {
        fail();
      }
    }
  }, LOOK_MS).unref();
}
