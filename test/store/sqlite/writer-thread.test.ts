/** The thread that writes dies, and comes back. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Fault } from '../../../src/store/sqlite/faults.ts';
import { SqliteStore } from '../../../src/store/sqlite/store.ts';
import { TestClock, temporaryDirectory } from '../../support.ts';
import { begin, issueOf, makeAcme, readingOf } from '../postgres/acme.ts';

let directory: ReturnType<typeof temporaryDirectory>;
let path: string;
let store: SqliteStore;
let threads: Worker[];
let faults: Fault[];

function remember(thread: Worker): void {
  threads.push(thread);
}

beforeEach(async () => {
  directory = temporaryDirectory();
  path = join(directory.path, 'symbolon.db');
  [threads, faults] = [[], []];
  process.on('worker', remember);
  store = await SqliteStore.open({ path, clock: new TestClock().read, onFault: (fault) => faults.push(fault) });
  await makeAcme(store);
});

afterEach(async () => {
  process.off('worker', remember);
  await store.close();
  directory.remove();
});

it('answers what was in flight as unavailable when its thread dies, and begins a new one', async () => {
  const changes: boolean[] = [];
  const isBack = new Promise<void>((resolve) => {
    store.onHealthChange(() => {
      changes.push(store.isWritable());
      if (store.isWritable()) {
        resolve();
      }
    });
  });
  const committed = await begin(store);
  const inFlight = Array.from({ length: 50 }, () => store.execute(issueOf()));
  await threads[0]?.terminate();

  for (const result of await Promise.allSettled(inFlight)) {
    expect(result.status === 'fulfilled' || result.reason.code === 'store_unavailable').toBe(true);
  }
  expect(await readingOf(store, committed.familyId)).toBeDefined();

  await isBack;
  expect(faults).toMatchObject([{ code: 'store_unavailable', isFatal: false }]);
  expect(changes).toEqual([false, true]);
  expect(store.isWritable()).toBe(true);
  expect(await readingOf(store, (await begin(store)).familyId)).toBeDefined();
});

it('refuses writes as unavailable while it has no thread, and goes on reading', async () => {
  const { familyId } = await begin(store);
  const refused = new Promise((resolve) => {
    store.onHealthChange(() => store.isWritable() || resolve(store.execute(issueOf()).catch((error) => error)));
  });
  await threads[0]?.terminate();

  expect(await refused).toMatchObject({ code: 'store_unavailable', retryAfterMs: 1_000 });
  expect(await readingOf(store, familyId)).toBeDefined();
});

it('can be closed while it has no thread', async () => {
  const isGone = new Promise<void>((resolve) => store.onHealthChange(() => resolve()));
  await threads[0]?.terminate();
  await isGone;

  await store.close();

  expect(threads).toHaveLength(1);
});

it('can be closed while a new thread begins, and leaves none behind', async () => {
  const next = new Promise<Worker>((resolve) => process.once('worker', resolve));
  await threads[0]?.terminate();
  const thread = await next;
  const isGone = new Promise((resolve) => thread.once('exit', resolve));

  await store.close();

  await isGone;
  expect(existsSync(`${path}-wal`)).toBe(false);
});
