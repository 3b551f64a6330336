import { describe, expect, it } from 'vitest';
import { openMemoryTestBed } from '../support.ts';
import { CELLS, describeMatrix } from './matrix/cells.ts';
import { OPERATIONS } from './matrix/operations.ts';
import { STATES } from './matrix/states.ts';

it('has a cell for every state and every operation', () => {
  const cells = CELLS.map(({ state, operation }) => `${state} × ${operation}`);
  const expected = Object.keys(STATES).flatMap((state) =>
    Object.keys(OPERATIONS).map((operation) => `${state} × ${operation}`),
  );
  expect(cells.sort()).toEqual(expected.sort());
});

describe('on memory', () => {
  describeMatrix(openMemoryTestBed);
});
