/** What a whole store keeps is given up for whatever else may change it: the purge, hands on the file, a writer that dies, failing commits. */
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ChangeMarksWriter, changeMarksBuffer } from '../../../src/store/sqlite/change-marks.ts';
import { openWriter } from '../../../src/store/sqlite/connection.ts';
import { Reader } from '../../../src/store/sqlite/reader.ts';
import { SqliteStore } from '../../../src/store/sqlite/store.ts';
import { GroupWriter } from '../../../src/store/sqlite/writer.ts';
import { TestClock, temporaryDirectory } from '../../support.ts';
import { begin, make, makeAcme, revokeFamily, TENANT } from '../postgres/acme.ts';

const HOUR = 3_600_000;

let directory: ReturnType<typeof temporaryDirectory>;
let path: string;
let clock: TestClock;
let store: SqliteStore;
let threads: Worker[];

function remember(thread: Worker): void {
  threads.push(thread);
}

beforeEach(async () => {
  directory = temporaryDirectory();
  path = join(directory.path, 'symbolon.db');
  clock = new TestClock();
  threads = [];
  process.on('worker', remember);
  store = await SqliteStore.open({ path, clock: clock.read });
  await makeAcme(store, { defaultTokenLifetimeMs: HOUR, refreshLifetimeMs: 10 * HOUR });
});

afterEach(async () => {
  process.off('worker', remember);
  await store.close();
  directory.remove();
});

async function beginKept(each = store): Promise<string> {
  const { familyId } = await begin(store);
  await each.readFamily(TENANT, familyId);
  expect(each.findFamily(TENANT, familyId)).toBeDefined();
  return familyId;
}

it('has nothing of what was never read', async () => {
  const { familyId } = await begin(store);
  expect(store.findFamily(TENANT, familyId)).toBeUndefined();
});

it('keeps a family while others change, and reads its tenant again when that has', async () => {
  const [kept, other] = [await beginKept(), await beginKept()];
  await begin(store);
  expect(store.findFamily(TENANT, kept)).toBeDefined();

  await make(store, revokeFamily(other));
  expect(store.findFamily(TENANT, kept)).toBeUndefined();
  const { revision } = await store.readFamily(TENANT, other);
  expect(store.findFamily(TENANT, kept)).toMatchObject({ revision, reading: { family: { revokedRevision: null } } });
});

it('keeps little memory with a digest, whichever way it was read', async () => {
  const familyId = await beginKept();
  for (const read of [
    await store.readFamily(TENANT, familyId),
    ...(await store.readFamilies(TENANT, [familyId, (await begin(store)).familyId])),
  ]) {
    // Of Node's pool it would be 8 KiB for as long as it is kept.
    expect(read.reading?.family.accessDigest.buffer.byteLength).toBeLessThanOrEqual(512);
  }
});

it('forgets what is purged, by a clock that is ahead too', async () => {
  const familyId = await beginKept();
  const later = clock.now + 24 * HOUR;
  expect(await store.purgeExpired(100, later)).toBeGreaterThan(0);
  expect(store.findFamily(TENANT, familyId)).toBeUndefined();
  expect((await store.readFamily(TENANT, familyId)).reading).toBeUndefined();
});

it('forgets all once the writer sees that somebody else has written to the file', async () => {
  const familyId = await beginKept();
  const hand = new Database(path);
  hand.exec('UPDATE family SET revoked_revision = 1');
  hand.close();
  await begin(store);
  expect(store.findFamily(TENANT, familyId)).toBeUndefined();
});

it('forgets what was kept before a new writer looked at what others had written last', async () => {
  const familyId = await beginKept();
  const reader = new Reader(path);
  const database = openWriter(path, { isTakenOver: true });
  try {
    const buffer = changeMarksBuffer();
    reader.keepRows(buffer);
    const marks = new ChangeMarksWriter(buffer);
    await reader.readFamily(TENANT, familyId);
    expect(reader.findFamily(TENANT, familyId)).toBeDefined();

    await make(store, revokeFamily(familyId));
    const writer = new GroupWriter(database, marks);
    expect(writer.probe(clock.now)).toBeUndefined();
    expect(reader.findFamily(TENANT, familyId)).toBeUndefined();
  } finally {
    reader.close();
    database.close();
  }
});

it('sees so without a write as well', async () => {
  const familyId = await beginKept();
  const hand = new Database(path);
  hand.exec('UPDATE family SET revoked_revision = 1');
  hand.close();
  await vi.waitFor(() => expect(store.findFamily(TENANT, familyId)).toBeUndefined(), { timeout: 30_000 });
});

it('forgets all when the writer died, and keeps rows with the new one', async () => {
  const familyId = await beginKept();
  const isBack = new Promise<void>((resolve) => store.onHealthChange(() => store.isWritable() && resolve()));
  await threads[0]?.terminate();
  await isBack;
  expect(store.findFamily(TENANT, familyId)).toBeUndefined();

  await beginKept();
  await make(store, revokeFamily(familyId));
  expect((await store.readFamily(TENANT, familyId)).reading?.family.revokedRevision).not.toBeNull();
});

it('keeps rows in each thread of the process, once it knows where changes are marked', async () => {
  const { store: member, take } = SqliteStore.beside({ path, clock: clock.read });
  try {
    const { familyId } = await begin(store);
    await member.readFamily(TENANT, familyId);
    expect(member.findFamily(TENANT, familyId)).toBeUndefined();

    store.admit(take);
    await vi.waitFor(async () => {
      await member.readFamily(TENANT, familyId);
      expect(member.findFamily(TENANT, familyId)).toBeDefined();
    });
    await make(store, revokeFamily(familyId));
    expect(member.findFamily(TENANT, familyId)).toBeUndefined();
  } finally {
    await member.close();
  }
});

it('answers nothing from memory when it is closed', async () => {
  const familyId = await beginKept();
  await store.close();
  expect(store.findFamily(TENANT, familyId)).toBeUndefined();
});
