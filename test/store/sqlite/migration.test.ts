import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { APPLICATION_ID } from '../../../src/store/sqlite/migrations.ts';
import { STEPS } from '../../../src/store/sqlite/schema.ts';
import { SqliteStore } from '../../../src/store/sqlite/store.ts';
import { TestClock, temporaryDirectory } from '../../support.ts';
import { expectMigrated, rowsOfStepOne } from '../step-one.ts';

let directory: ReturnType<typeof temporaryDirectory>;
let path: string;

beforeEach(() => {
  directory = temporaryDirectory();
  path = join(directory.path, 'symbolon.db');
});

afterEach(() => directory.remove());

it('brings a file of the first schema, with what it holds, to the newest', async () => {
  const old = new Database(path);
  old.exec(STEPS[0] as string);
  old.exec(rowsOfStepOne(['0', '1'], (hex) => `x'${hex}'`));
  old.pragma(`application_id = ${APPLICATION_ID}`);
  old.pragma('user_version = 1');
  old.close();

  const store = await SqliteStore.open({ path, clock: new TestClock().read });
  try {
    await expectMigrated(store);
  } finally {
    await store.close();
  }
  const migrated = new Database(path, { readonly: true });
  expect(migrated.pragma('user_version', { simple: true })).toBe(STEPS.length);
  expect(migrated.pragma('integrity_check', { simple: true })).toBe('ok');
  expect(migrated.pragma('foreign_key_check')).toEqual([]);
  migrated.close();
});
