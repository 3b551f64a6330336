import { describe } from 'vitest';
import { openMemoryTestBed } from '../support.ts';
import { itTellsWhatEnded } from './ended-by-cases.ts';

describe('on memory, who had a token is told', () => {
  itTellsWhatEnded(openMemoryTestBed);
});
