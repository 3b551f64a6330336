/** The engines that a test of Kii's surface runs on, where what it does is written by a command of its own. */
import { openPostgresTestBed } from '../../postgres-bed.ts';
import { openTestBed, type TestBed } from '../../support.ts';

export const ENGINES: readonly (readonly [name: string, open: () => Promise<TestBed>])[] = [
  ['SQLite', openTestBed],
  ['PostgreSQL', openPostgresTestBed],
];
