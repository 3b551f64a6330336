import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { migrate, requireOurs } from '../../../src/store/sqlite/migrations.ts';
import { STEPS } from '../../../src/store/sqlite/schema.ts';
import { temporaryDirectory } from '../../support.ts';

let directory: ReturnType<typeof temporaryDirectory>;
let path: string;
let database: Database.Database;

beforeEach(() => {
  directory = temporaryDirectory();
  path = join(directory.path, 'symbolon.db');
  database = new Database(path);
});

afterEach(() => {
  database.close();
  directory.remove();
});

/** A step that a later version could have. */
const NEXT = [...STEPS, "ALTER TABLE probe ADD COLUMN note TEXT NOT NULL DEFAULT 'from before'"];

const version = () => database.pragma('user_version', { simple: true });

it('makes a file of the newest schema out of an empty one', () => {
  migrate(database, path, { steps: NEXT });

  expect(version()).toBe(NEXT.length);
  expect(database.prepare('SELECT note FROM probe').pluck().get()).toBe('from before');
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
});

it('brings a file of an older schema, with what it holds, to the newest', () => {
  migrate(database, path);
  database.exec('UPDATE probe SET probe_time = 42');
  migrate(database, path, { steps: NEXT });

  expect(version()).toBe(NEXT.length);
  expect(database.prepare('SELECT probe_time, note FROM probe').get()).toEqual({ probe_time: 42, note: 'from before' });
});

it('leaves a file as it was when a step fails', () => {
  migrate(database, path);
  const broken = [...NEXT, 'ALTER TABLE nowhere ADD COLUMN note TEXT'];

  expect(() => migrate(database, path, { steps: broken })).toThrow('no such table: nowhere');
  expect(version()).toBe(STEPS.length);
  expect(() => database.prepare('SELECT note FROM probe')).toThrow('no such column');
});

it('refuses a file of a newer schema', () => {
  migrate(database, path, { steps: NEXT });

  const message = `${path} has schema ${NEXT.length}; this version of Symbolon knows ${STEPS.length}. Run a newer one`;
  expect(() => migrate(database, path)).toThrow(message);
  expect(() => requireOurs(database, path)).toThrow(message);
});
