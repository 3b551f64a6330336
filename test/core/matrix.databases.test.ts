import { describe } from 'vitest';
import { openPostgresTestBed } from '../postgres-bed.ts';
import { openTestBed } from '../support.ts';
import { describeMatrix } from './matrix/cells.ts';

describe.each(Object.entries({ SQLite: openTestBed, PostgreSQL: openPostgresTestBed }))('on %s', (_, openBed) => {
  describeMatrix(openBed);
});
