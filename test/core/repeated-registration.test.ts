import { describe } from 'vitest';
import { openMemoryTestBed } from '../support.ts';
import { itRepeatsRegistrations } from './repeated-registration-cases.ts';

describe('on memory, a repeated registration', () => {
  itRepeatsRegistrations(openMemoryTestBed);
});
