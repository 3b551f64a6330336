import { describe } from 'vitest';
import { openPostgresTestBed } from '../postgres-bed.ts';
import { openTestBed } from '../support.ts';
import { itRepeatsRegistrations } from './repeated-registration-cases.ts';

describe.each(Object.entries({ SQLite: openTestBed, PostgreSQL: openPostgresTestBed }))(
  'on %s, a repeated registration',
  (_, openBed) => {
    itRepeatsRegistrations(openBed);
  },
);
