import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Turns } from '../../../src/store/sqlite/turns.ts';

it('many that read at once read in a turn of the event loop each, in the order in which they asked', async () => {
  const turns = new Turns();
  let turnOfLoop = 0;
  let isOver = false;
  const counting = (async () => {
    while (!isOver) {
      await setImmediate();
      turnOfLoop += 1;
    }
  })();
  const read: [number, number][] = [];
  await Promise.all(
    [1, 2, 3, 4, 5].map(async (reader) => {
      for (let page = 0; page < 3; page++) {
        await turns.next();
        read.push([reader, turnOfLoop]);
      }
    }),
  );
  isOver = true;
  await counting;
  expect(new Set(read.map(([, turn]) => turn)).size).toBe(15);
  expect(read.map(([reader]) => reader)).toEqual([1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 1, 2, 3, 4, 5]);
});
