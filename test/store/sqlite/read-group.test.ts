import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ReadGroup } from '../../../src/store/sqlite/read-group.ts';

let database: Database.Database;
let group: ReadGroup;

beforeEach(() => {
  database = new Database(':memory:');
  group = new ReadGroup(database);
});

afterEach(() => {
  database.close();
});

it('does reads that arrive together in one transaction, and holds none open afterwards', async () => {
  const inTransaction: boolean[] = [];
  const read = (value: number) =>
    group.run(() => {
      inTransaction.push(database.inTransaction);
      return value;
    });
  expect(await Promise.all([read(1), read(2), read(3)])).toEqual([1, 2, 3]);
  expect(inTransaction).toEqual([true, true, true]);
  expect(database.inTransaction).toBe(false);
});

it('begins no read before the call that asks for it', async () => {
  let reads = 0;
  const first = group.run(() => (reads += 1));
  expect(reads).toBe(0);
  expect(await first).toBe(1);
});

it('fails all of a group with the one that fails, leaves no transaction, and reads on', async () => {
  const failing = () => {
    throw new Error('broken page');
  };
  const outcomes = await Promise.allSettled([group.run(() => 1), group.run(failing), group.run(() => 3)]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(database.inTransaction).toBe(false);
  expect(await group.run(() => 4)).toBe(4);
});

it('fails what is still waiting when the database is closed', async () => {
  const waiting = group.run(() => 1);
  database.close();
  await expect(waiting).rejects.toThrow();
});
