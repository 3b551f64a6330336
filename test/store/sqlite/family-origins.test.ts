import { expect, it } from 'vitest';
import { anyTable } from '../../../src/core/table.ts';
import { FAMILY } from '../../../src/core/tables/families.ts';
import { familyOfBytes } from '../../../src/core/token-form.ts';
import { FamilyOrigins } from '../../../src/store/rows/family-readings.ts';
import { rowOf } from '../contract/table-rows.ts';

const BOUND = 50_000;
const ROW = anyTable(FAMILY).toRow(rowOf(anyTable(FAMILY), 1));

function idOf(n: number): string {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32BE(n);
  return familyOfBytes(bytes);
}

function rowWith(n: number): unknown[] {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32BE(n);
  return ['before', bytes, ...ROW.slice(1)];
}

it('forgets the family that it has known for the longest, one for each that is new', () => {
  const origins = new FamilyOrigins();
  for (let n = 0; n < 3 * BOUND; n++) {
    expect(origins.remember(rowWith(n), 1).familyId === idOf(n)).toBe(true);
  }

  const known = Array.from({ length: 3 * BOUND }, (_, n) => origins.get(idOf(n)) !== undefined);
  expect(known.filter(Boolean)).toHaveLength(BOUND);
  expect([known[0], known[2 * BOUND - 1], known[2 * BOUND], known[3 * BOUND - 1]]).toEqual([false, false, true, true]);
});

it('knows fewer of those with long scopes, which may all differ', () => {
  const scopes = Array.from({ length: 64 }, () => 'x'.repeat(128)).join(' ');
  const at = 1 + anyTable(FAMILY).columns.findIndex(({ name }) => name === 'scopes');
  const origins = new FamilyOrigins();
  const known = Array.from({ length: 4_000 }, (_, n) => n);
  for (const n of known) {
    origins.remember(rowWith(n).with(at, scopes), 1);
  }
  const left = known.filter((n) => origins.get(idOf(n)) !== undefined);
  // 64 times 128 characters and what an entry takes, in 30 MiB.
  expect(left.length).toBeLessThan(2_800);
  expect(left).toEqual(known.slice(-left.length));
  expect(left.length).toBeGreaterThan(2_500);
});
