/** How long the SDK waits, as docs/verifier.md says. */
import { expect, test } from 'vitest';
import { backoffMs, patienceMs } from '../../../sdk/typescript/server/src/core/backoff.ts';

const LARGEST = 1 - Number.EPSILON;

function waits(isHopeless: boolean, random: number): number[] {
  return Array.from({ length: 12 }, (_, earlier) => Math.round(backoffMs({ earlier, isHopeless }, random)));
}

test('the first wait is at most 100 ms, and it doubles to 2 s', () => {
  expect(waits(false, LARGEST)).toEqual([100, 200, 400, 800, 1_600, ...Array.from({ length: 7 }, () => 2_000)]);
});

test('where somebody has to mend something it doubles to 30 s', () => {
  expect(waits(true, LARGEST).slice(5)).toEqual([3_200, 6_400, 12_800, 25_600, 30_000, 30_000, 30_000]);
});

test('any part of it is taken', () => {
  expect(waits(false, 0)).toEqual(Array.from({ length: 12 }, () => 0));
});

test('what the server asks for comes before it, up to 30 s', () => {
  expect(backoffMs({ earlier: 0, isHopeless: false, retryAfterMs: 5_000 }, 0.5)).toBe(5_050);
  expect(backoffMs({ earlier: 0, isHopeless: false, retryAfterMs: 1e9 }, 0)).toBe(30_000);
  expect(backoffMs({ earlier: 0, isHopeless: false, retryAfterMs: -1 }, 0)).toBe(0);
});

test('a silent stream is given up after two bounds, and later where another line was silent too', () => {
  expect([0, 1, 2, 3, 99].map((lines) => patienceMs(1_000, lines))).toEqual([2_000, 4_000, 8_000, 8_000, 8_000]);
});
