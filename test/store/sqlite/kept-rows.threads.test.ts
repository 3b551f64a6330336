/** Threads that keep rows, while another revokes one login after the other: none of them reads what is older than it may be. */
import { join } from 'node:path';
import { type MessagePort, Worker } from 'node:worker_threads';
import { expect, it, vi } from 'vitest';
import { SqliteStore } from '../../../src/store/sqlite/store.ts';
import { temporaryDirectory } from '../../support.ts';
import { begin, make, makeAcme, revokeFamily, TENANT } from '../postgres/acme.ts';
import { ANSWERED, CELLS, type Counted, READY, type ReaderData, STOP } from './kept-rows.shared.ts';

const FAMILIES = 300;
const THREADS = 2;

function startReader(store: SqliteStore, data: Omit<ReaderData, 'port'>): Promise<Counted> {
  return new Promise((resolve, reject) => {
    store.admit((port: MessagePort) => {
      const reader = new Worker(new URL('./kept-rows.reader.ts', import.meta.url), {
        workerData: { ...data, port } satisfies ReaderData,
        transferList: [port],
      });
      reader.on('message', resolve);
      reader.on('error', reject);
    });
  });
}

it('reads nothing stale, nothing backwards, and nothing that is of two moments', { timeout: 120_000 }, async () => {
  const directory = temporaryDirectory();
  const path = join(directory.path, 'symbolon.db');
  const store = await SqliteStore.open({ path, clock: Date.now });
  const cells = new Int32Array(new SharedArrayBuffer(CELLS * Int32Array.BYTES_PER_ELEMENT));
  try {
    await makeAcme(store);
    const begun = await Promise.all(Array.from({ length: FAMILIES }, () => begin(store)));
    const familyIds = begun.map(({ familyId }) => familyId);
    const reading = Promise.all(
      Array.from({ length: THREADS }, () => startReader(store, { path, cells, tenantId: TENANT, familyIds })),
    );
    await vi.waitFor(() => expect(Atomics.load(cells, READY)).toBe(THREADS), { timeout: 60_000 });
    for (const familyId of familyIds) {
      const { revision } = await make(store, revokeFamily(familyId));
      Atomics.store(cells, ANSWERED, revision);
      // Some time in which rows are read from memory.
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    Atomics.store(cells, STOP, 1);
    for (const counted of await reading) {
      expect(counted).toMatchObject({ stale: 0, backwards: 0, mixed: 0 });
    }
  } finally {
    Atomics.store(cells, STOP, 1);
    await store.close();
    directory.remove();
  }
});
