/** A thread that reads families again and again while another revokes them one after the other, and counts what it must not have read. */
import { setImmediate } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import type { IntrospectionReading } from '../../../src/core/services/store.ts';
import { SqliteStore } from '../../../src/store/sqlite/store.ts';
import { ANSWERED, type Counted, READY, type ReaderData, SEEN, STOP } from './kept-rows.shared.ts';

const { path, port, cells, tenantId, familyIds } = workerData as ReaderData;
const BATCH = 20;
const TURNS = 50;

const counted: Counted = { readings: 0, fromMemory: 0, stale: 0, backwards: 0, mixed: 0 };
const { store, take } = SqliteStore.beside({ path, clock: Date.now });
take(port);

/** The n-th family is ended by the revision n + 1. */
function judge(n: number, { reading, revision }: IntrospectionReading): void {
  const isRevoked = reading?.family.revokedRevision !== null;
  counted.mixed += isRevoked === revision > n ? 0 : 1;
}

/** `read` reads after what was answered and seen by then. */
async function look(read: () => Promise<readonly (readonly [number, IntrospectionReading])[]>): Promise<void> {
  const [answered, seen] = [Atomics.load(cells, ANSWERED), Atomics.load(cells, SEEN)];
  const readings = await read();
  counted.readings += 1;
  const revision = readings[0]?.[1].revision ?? 0;
  counted.stale += revision < answered ? 1 : 0;
  counted.backwards += revision < seen ? 1 : 0;
  for (const [n, reading] of readings) {
    judge(n, reading);
    counted.mixed += reading.revision === revision ? 0 : 1;
  }
  for (let last = Atomics.load(cells, SEEN); last < revision; last = Atomics.load(cells, SEEN)) {
    Atomics.compareExchange(cells, SEEN, last, revision);
  }
}

let next = 0;

function one(): Promise<void> {
  next = (next + 7) % familyIds.length;
  const [n, familyId] = [next, familyIds[next] as string];
  return look(async () => {
    const found = store.findFamily(tenantId, familyId);
    if (found !== undefined && counted.fromMemory++ === 0) {
      Atomics.add(cells, READY, 1);
    }
    return [[n, found ?? (await store.readFamily(tenantId, familyId))]];
  });
}

function many(): Promise<void> {
  const places = Array.from({ length: BATCH }, (_, i) => (next + 13 * i) % familyIds.length);
  return look(async () => {
    const ids = places.map((n) => familyIds[n] as string);
    const readings = await store.readFamilies(tenantId, ids);
    return readings.map((reading, i) => [places[i] as number, reading] as const);
  });
}

while (Atomics.load(cells, STOP) === 0) {
  for (let i = 0; i < TURNS; i++) {
    await one();
  }
  await many();
  await setImmediate();
}
await store.close();
parentPort?.postMessage(counted);
