/** What a crash left in the WAL is brought to the disk first, by anybody who opens the store; beside a server that is the server's doing. */
import { copyFileSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openWriter } from '../../../src/store/sqlite/connection.ts';
import { lockDirectory, openStore } from '../../../src/store/sqlite/directory.ts';
import { cutOffUncommitted } from '../../../src/store/sqlite/wal.ts';
import { TestClock, temporaryDirectory } from '../../support.ts';
import { makeAcme, readTenant } from '../postgres/acme.ts';

let directory: ReturnType<typeof temporaryDirectory>;
const options = { clock: new TestClock().read };

beforeEach(() => {
  directory = temporaryDirectory();
});
afterEach(() => directory.remove());

const fileIn = (path: string) => join(path, 'symbolon.db');
const walSize = (path: string) => statSync(`${fileIn(path)}-wal`, { throwIfNoEntry: false })?.size ?? 0;

/** The files as a process leaves them that is killed right after its commits. */
async function crashed(): Promise<string> {
  const live = join(directory.path, 'live');
  const left = join(directory.path, 'left');
  mkdirSync(live);
  mkdirSync(left);
  const store = await openStore(live, options);
  await makeAcme(store);
  for (const name of ['symbolon.db', 'symbolon.db-wal']) {
    copyFileSync(join(live, name), join(left, name));
  }
  await store.close();
  expect(walSize(left)).toBeGreaterThan(0);
  return left;
}

it('moves it into the database file before anything is read', async () => {
  const left = await crashed();
  const store = await openStore(left, options);
  expect(walSize(left)).toBe(0);
  expect(await readTenant(store)).toBeDefined();
  await store.close();
});

it('refuses where another program reads, so that it can’t be moved', async () => {
  const left = await crashed();
  const reader = new Database(fileIn(left));
  reader.exec('BEGIN; SELECT * FROM tenant');
  await expect(openStore(left, { ...options, hasLock: true })).rejects.toThrow(
    'what the last process left in its WAL can’t be brought to the disk: another program is reading it',
  );
  reader.close();
});

it('holds up no server that has the store, and is held up by no reader beside it', async () => {
  const lock = lockDirectory(directory.path);
  const server = await openStore(directory.path, { ...options, hasLock: true });
  await makeAcme(server);
  const reader = new Database(fileIn(directory.path));
  reader.exec('BEGIN; SELECT * FROM tenant');
  const before = walSize(directory.path);
  expect(before).toBeGreaterThan(0);

  const beside = await openStore(directory.path, options);
  expect(await readTenant(beside)).toBeDefined();
  expect(walSize(directory.path)).toBe(before);
  reader.close();
  await beside.close();
  await server.close();
  lock.release();
});

it('waits beside a server that has the lock and not yet the store', async () => {
  const left = await crashed();
  const lock = lockDirectory(left);
  let isOpen = false;
  const beside = openStore(left, options).then((store) => {
    expect(isOpen).toBe(true);
    return store;
  });
  await new Promise((resolve) => setTimeout(resolve, 100));
  const server = await openStore(left, { ...options, hasLock: true });
  isOpen = true;
  await (await beside).close();
  await server.close();
  lock.release();
});

it('after a failed sync leaves nothing behind the last commit, and lets nobody write there', () => {
  const path = fileIn(directory.path);
  const writer = openWriter(path);
  writer.exec('CREATE TABLE t (n); INSERT INTO t VALUES (1)');
  const committed = readFileSync(`${path}-wal`);
  // Pages that are written before the commit, which is taken back.
  writer.pragma('cache_size = 1');
  writer.exec('BEGIN; CREATE TABLE u (n)');
  const insert = writer.prepare('INSERT INTO u VALUES (?)');
  for (let i = 0; i < 200; i++) {
    insert.run('x'.repeat(1_000));
  }
  writer.exec('ROLLBACK');
  expect(walSize(directory.path)).toBeGreaterThan(committed.length);

  cutOffUncommitted(writer);
  expect(readFileSync(`${path}-wal`).equals(committed)).toBe(true);
  const other = new Database(path, { timeout: 0 });
  expect(() => other.exec('INSERT INTO t VALUES (2)')).toThrow('locked');
  other.close();
  writer.close();
  const next = new Database(path);
  expect(next.prepare('SELECT count(*) FROM t').pluck().get()).toBe(1);
  next.close();
});
