import { describe } from 'vitest';
import { openPostgresTestBed } from '../postgres-bed.ts';
import { openTestBed } from '../support.ts';
import { itBehavesAsItsModel } from './family-model.ts';

describe('on SQLite', () => {
  itBehavesAsItsModel(openTestBed, 1_000);
});

describe('on PostgreSQL', () => {
  itBehavesAsItsModel(openPostgresTestBed, 400);
});
