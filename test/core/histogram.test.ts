/** What a histogram counts, and where. */
import { expect, it } from 'vitest';
import { GROUP_SIZES, Histogram, SECONDS } from '../../src/core/histogram.ts';

it('counts a value in the first bucket that holds it, bounds included, and what is above all of them in the last', () => {
  const histogram = new Histogram([1, 2, 4]);
  for (const value of [0, 1, 1.5, 2, 4, 5, 1_000]) {
    histogram.record(value);
  }
  expect(histogram.counts).toEqual([2, 2, 1, 2]);
  expect(histogram.count).toBe(7);
  expect(histogram.sum).toBe(1_013.5);
});

it.each([
  ['seconds', SECONDS],
  ['group sizes', GROUP_SIZES],
])('has bounds of %s that grow', (_, bounds) => {
  expect([...bounds].sort((a, b) => a - b)).toEqual(bounds);
  expect(new Set(bounds).size).toBe(bounds.length);
});
