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
