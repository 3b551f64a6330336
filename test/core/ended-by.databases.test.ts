import { describe } from 'vitest';
import { openPostgresTestBed } from '../postgres-bed.ts';
import { openTestBed } from '../support.ts';
import { itTellsWhatEnded } from './ended-by-cases.ts';

describe.each(Object.entries({ SQLite: openTestBed, PostgreSQL: openPostgresTestBed }))(
  'on %s, who had a token is told',
  (_, openBed) => {
    itTellsWhatEnded(openBed);
  },
);
