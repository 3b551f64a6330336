/** The writer is held by one purge for no more rows than were asked for, of whichever tables; and no table waits for another for ever. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SqliteStore } from '../../../src/store/sqlite/store.ts';
import { make, TestClock, temporaryDirectory } from '../../support.ts';
import { aDigest, issueOf, makeAcme } from '../fixtures.ts';

const LOGINS = 30;
const LONGER_THAN_ANY_MS = 200 * 365 * 24 * 3_600_000;

let directory: ReturnType<typeof temporaryDirectory>;
let clock: TestClock;
let store: SqliteStore;

beforeEach(async () => {
  directory = temporaryDirectory();
  clock = new TestClock();
  store = await SqliteStore.open({ path: join(directory.path, 'symbolon.db'), clock: clock.read });
  await makeAcme(store);
});

afterEach(async () => {
  await store.close();
  directory.remove();
});

async function countKeptAnswers(): Promise<number> {
  const database = new Database(join(directory.path, 'symbolon.db'), { readonly: true });
  const count = database.prepare('SELECT count(*) FROM kept_answer').pluck().get();
  database.close();
  return Number(count);
}

it('deletes no more rows than it may of all tables together, and all of them in the end', async () => {
  for (let i = 0; i < LOGINS; i++) {
    const request = { requestDigest: aDigest(), fingerprint: aDigest(), box: aDigest() };
    await make(store, issueOf({ request }));
  }
  clock.advance(LONGER_THAN_ANY_MS);
  const counts = [];
  for (let count = -1; count !== 0; counts.push(count)) {
    count = await store.purgeExpired(20);
  }
  expect(counts).toEqual([20, 20, 20, 0]);
});

it('begins with the other tables when one of them alone was more than it may delete', async () => {
  const request = { requestDigest: aDigest(), fingerprint: aDigest(), box: aDigest() };
  await make(store, issueOf({ request }));
  await Promise.all(Array.from({ length: LOGINS }, () => make(store, issueOf())));
  clock.advance(LONGER_THAN_ANY_MS);
  expect(await store.purgeExpired(10)).toBe(10);
  expect(await countKeptAnswers()).toBe(1);
  expect(await store.purgeExpired(10)).toBe(10);
  expect(await countKeptAnswers()).toBe(0);
});
