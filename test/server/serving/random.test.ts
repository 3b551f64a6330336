import { expect, it } from 'vitest';
import { pooledRandom } from '../../../src/server/serving/random.ts';

it('gives as many bytes as are asked for, never the same, also beyond its pool', () => {
  const random = pooledRandom();
  const given = Array.from({ length: 1_000 }, () => Buffer.from(random(40)).toString('hex'));
  expect(new Set(given).size).toBe(given.length);
  expect(given.every((text) => text.length === 80)).toBe(true);
  expect(random(10_000)).toHaveLength(10_000);
});

it('gives bytes that later calls leave alone, in a buffer of their own', () => {
  const random = pooledRandom();
  const first = random(40);
  const kept = Buffer.from(first);
  for (let i = 0; i < 200; i++) {
    random(40);
  }
  expect(Buffer.from(first)).toEqual(kept);
  expect(first.buffer.byteLength).toBe(40);
});
