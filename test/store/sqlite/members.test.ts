/** Several threads over one writer: here several stores, each with a reading connection and a port of its own. */
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SqliteStore } from '../../../src/store/sqlite/store.ts';
import { TestClock, temporaryDirectory } from '../../support.ts';
import { begin, issueOf, makeAcme, readingOf, revokeFamily } from '../postgres/acme.ts';

let directory: ReturnType<typeof temporaryDirectory>;
let store: SqliteStore;
let members: SqliteStore[];
let threads: Worker[];

function remember(thread: Worker): void {
  threads.push(thread);
}

beforeEach(async () => {
  directory = temporaryDirectory();
  const options = { path: join(directory.path, 'symbolon.db'), clock: new TestClock().read };
  threads = [];
  process.on('worker', remember);
  store = await SqliteStore.open(options);
  await makeAcme(store);
  members = [1, 2].map(() => {
    const { store: member, take } = SqliteStore.beside(options);
    store.admit(take);
    return member;
  });
});

afterEach(async () => {
  process.off('worker', remember);
  await Promise.all(members.map((member) => member.close()));
  await store.close();
  directory.remove();
});

it('answers each thread its own writes, and all of them see what was answered to one', async () => {
  const all = [store, ...members];
  const begun = await Promise.all(all.flatMap((each) => Array.from({ length: 20 }, () => begin(each))));

  for (const { familyId } of begun) {
    for (const each of all) {
      expect(await readingOf(each, familyId)).toBeDefined();
    }
  }
  expect(new Set(begun.map(({ familyId }) => familyId)).size).toBe(60);
});

it('shows a revocation to every thread once it is answered to one', async () => {
  for (let round = 0; round < 50; round++) {
    const [writer, ...readers] = [...members, store].sort(() => (round % 2) - 0.5) as [SqliteStore, ...SqliteStore[]];
    const { familyId } = await begin(writer);
    const before = await Promise.all(readers.map((reader) => readingOf(reader, familyId)));
    expect(before.map((reading) => reading?.family.revokedRevision)).toEqual([null, null]);

    await writer.execute(revokeFamily(familyId));
    for (const reader of readers) {
      expect((await readingOf(reader, familyId))?.family.revokedRevision).not.toBeNull();
    }
  }
});

it('gives every thread a port to the new writer when the old one died', async () => {
  const member = members[0] as SqliteStore;
  const isBack = new Promise<void>((resolve) => member.onHealthChange(() => member.isWritable() && resolve()));
  const inFlight = Promise.allSettled(Array.from({ length: 20 }, () => member.execute(issueOf())));
  await threads[0]?.terminate();

  for (const result of await inFlight) {
    expect(result.status === 'fulfilled' || result.reason.code === 'store_unavailable').toBe(true);
  }
  await isBack;
  const { familyId } = await begin(member);
  expect(await readingOf(members[1] as SqliteStore, familyId)).toBeDefined();
});

it('closes one thread and goes on in the others', async () => {
  const writing = (members[0] as SqliteStore).execute(issueOf());
  await (members[0] as SqliteStore).close();

  await writing;
  await expect((members[0] as SqliteStore).execute(issueOf())).rejects.toMatchObject({ code: 'store_unavailable' });
  expect(await readingOf(store, (await begin(members[1] as SqliteStore)).familyId)).toBeDefined();
});
