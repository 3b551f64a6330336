import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { Entries } from '../../../sdk/typescript/server/src/core/entries.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const SENT = { monotonic: 0, wall: 0 };

function entryOf(token: string) {
  return {
    ...{ token, revision: 1, sent: SENT, lifeMs: 1_000 },
    caller: { familyId: token, subjectId: 'subject', clientId: 'client' },
  };
}

function heapMiB(): number {
  collect();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

test('tokens that come and go leave nothing behind where the cache is never full', () => {
  const entries = new Entries(100_000);
  const before = heapMiB();
  for (let i = 0; i < 300_000; i++) {
    entries.put(entryOf(`token-${i}`));
    entries.remove(`token-${i - 1}`);
  }
  expect(entries.size).toBe(1);
  expect(heapMiB() - before).toBeLessThan(10);
});

test('where it is full the oldest goes, also after many that were removed', () => {
  const entries = new Entries(3);
  for (let i = 0; i < 5_000; i++) {
    entries.put(entryOf(`gone-${i}`));
    entries.remove(`gone-${i}`);
  }
  for (const token of ['a', 'b', 'c', 'a', 'd', 'e']) {
    entries.put(entryOf(token));
  }
  expect(['a', 'b', 'c', 'd', 'e'].filter((token) => entries.get(token) !== undefined)).toEqual(['a', 'd', 'e']);
});
