import { expect, it } from 'vitest';
import { Beats } from '../../../src/server/workers/beats.ts';

/** Looks that long at threads of which those in `beating` beat. */
function look(beats: Beats, times: number, beating: readonly number[]): void {
  const cells = new Int32Array(beats.buffer);
  for (let i = 0; i < times; i++) {
    for (const index of beating) {
      Atomics.add(cells, index, 1);
    }
    beats.look();
  }
}

it('tells once of a thread that does not beat for ten seconds', () => {
  const hung: number[] = [];
  const beats = new Beats(2, (index) => hung.push(index));
  beats.watch(0);
  beats.watch(1);
  look(beats, 19, [0]);
  expect(hung).toEqual([]);
  look(beats, 10, [0]);
  expect(hung).toEqual([1]);
});

it('begins anew with each beat, and does not watch who is not there', () => {
  const hung: number[] = [];
  const beats = new Beats(2, (index) => hung.push(index));
  beats.watch(0);
  look(beats, 19, []);
  look(beats, 1, [0]);
  look(beats, 19, []);
  expect(hung).toEqual([]);
  expect(beats.forget(0)).toBe(true);
  look(beats, 40, []);
  expect(hung).toEqual([]);
  expect(beats.forget(1)).toBe(false);
});
