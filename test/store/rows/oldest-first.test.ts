import { expect, it } from 'vitest';
import { FAMILY_BYTES, familyBytes, OldestFirst } from '../../../src/store/rows/oldest-first.ts';

it('forgets what came first, as much as is needed', () => {
  const all = new OldestFirst<number>(100, (bytes) => bytes);
  all.set('a', 30);
  all.set('b', 30);
  all.set('c', 40);
  expect([all.get('a'), all.get('b'), all.get('c')]).toEqual([30, 30, 40]);
  all.set('d', 35);
  expect([all.get('a'), all.get('b'), all.get('c'), all.get('d')]).toEqual([undefined, undefined, 40, 35]);
});

it('counts once what comes in the place of the same, which is no younger for that', () => {
  const all = new OldestFirst<number>(100, (bytes) => bytes);
  all.set('a', 50);
  all.set('b', 50);
  all.set('a', 40);
  all.set('c', 10);
  expect([all.get('a'), all.get('b'), all.get('c')]).toEqual([40, 50, 10]);
  all.set('d', 1);
  expect([all.get('a'), all.get('b'), all.get('c'), all.get('d')]).toEqual([undefined, 50, 10, 1]);
});

it('counts scopes where they are long', () => {
  expect(familyBytes({ scopes: ['read', 'write'] })).toBe(FAMILY_BYTES);
  expect(familyBytes({ scopes: Array.from({ length: 64 }, () => 'x'.repeat(128)) })).toBeGreaterThan(10_000);
});
