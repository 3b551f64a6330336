/** The loads and stores of `change-marks.ts` are those of the programs that `change-marks.model.test.ts` looks at, in their order. */
import { afterEach, expect, it, vi } from 'vitest';
import { ChangeMarks, ChangeMarksWriter, changeMarksBuffer, markOf } from '../../../src/store/sqlite/change-marks.ts';

const [EPOCH, COUNTER, X, Y] = [0, 1, 2, 3];
const NEVER = 2 ** 31 - 1;
const LAST = 2 ** 30;

afterEach(() => {
  vi.restoreAllMocks();
});

/** What `work` does to cells that all threads share. Of many marks in a row the first one alone. */
function stepsOf(work: () => void): string[] {
  const steps: string[] = [];
  const { load, store, add } = Atomics;
  const note = (cells: Int32Array, index: number, step: string) => {
    const at = cells.byteOffset / Int32Array.BYTES_PER_ELEMENT + index;
    const name = at === EPOCH ? 'epoch' : at === COUNTER ? 'counter' : at === X ? 'x' : at === Y ? 'y' : undefined;
    if (name !== undefined) {
      steps.push(`${name} ${step}`);
    }
  };
  vi.spyOn(Atomics, 'load').mockImplementation(((cells: Int32Array, index: number) => {
    note(cells, index, 'read');
    return load(cells, index);
  }) as never);
  vi.spyOn(Atomics, 'store').mockImplementation(((cells: Int32Array, index: number, value: number) => {
    note(cells, index, `= ${value}`);
    return store(cells, index, value);
  }) as never);
  vi.spyOn(Atomics, 'add').mockImplementation(((cells: Int32Array, index: number, value: number) => {
    note(cells, index, `+ ${value}`);
    return add(cells, index, value);
  }) as never);
  work();
  vi.restoreAllMocks();
  return steps;
}

it('marks what a group changes, and counts the group once it is committed', () => {
  const writer = new ChangeMarksWriter(changeMarksBuffer());
  writer.begin();
  expect(stepsOf(() => writer.mark(X))).toEqual(['x = 2']);
  expect(stepsOf(() => writer.committed())).toEqual(['counter = 2']);
});

it('lets nothing of before count when a group has failed, and when the writer is another', () => {
  const buffer = changeMarksBuffer();
  const writer = new ChangeMarksWriter(buffer);
  writer.begin();
  writer.mark(X);
  expect(stepsOf(() => writer.failed())).toEqual(['epoch + 1', 'counter = 2']);
  writer.begin();
  writer.mark(X);
  expect(stepsOf(() => new ChangeMarksWriter(buffer))).toEqual(['counter read', 'epoch + 1', 'counter = 3']);
});

it('moves nothing but the epoch where another connection has committed: the group that is under way has not', () => {
  const writer = new ChangeMarksWriter(changeMarksBuffer());
  writer.begin();
  expect(stepsOf(() => writer.forgetAll())).toEqual(['epoch + 1']);
});

it('begins its numbers again in an order that lets no reading of before count', () => {
  const buffer = changeMarksBuffer();
  const writer = new ChangeMarksWriter(buffer, LAST);
  const marks = new ChangeMarks(buffer);
  const before = marks.moment();
  expect(stepsOf(() => writer.begin()).filter((step) => !step.startsWith('y'))).toEqual([
    `x = ${NEVER}`,
    'counter = 0',
    'epoch + 1',
    'x = 0',
  ]);
  expect(marks.isOfEpoch(before)).toBe(false);

  // It goes on as from the beginning.
  const moment = marks.moment();
  expect([marks.isUnchanged(X, moment), marks.isOfEpoch(moment)]).toEqual([true, true]);
  writer.mark(X);
  writer.committed();
  expect(marks.isUnchanged(X, moment)).toBe(false);
  expect(marks.isUnchanged(X, marks.moment())).toBe(true);
});

it('reads the epoch and then the counter before a transaction', () => {
  const marks = new ChangeMarks(changeMarksBuffer());
  expect(stepsOf(() => marks.moment())).toEqual(['epoch read', 'counter read']);
});

it('gives rows marks of their own, for the most part', () => {
  const count = 10_000;
  const marks = new Set(Array.from({ length: count }, (_, i) => markOf('family', `fm_${i}`)));
  expect(marks.size).toBeGreaterThan(0.98 * count);
  expect(Math.min(...marks)).toBeGreaterThanOrEqual(X);
  expect(markOf('client', 'one')).not.toBe(markOf('tenant', 'one'));
  const { length } = new Int32Array(changeMarksBuffer());
  expect(Math.max(...marks)).toBeLessThan(length);
});
