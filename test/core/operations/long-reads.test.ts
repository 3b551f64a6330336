import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { verifyAuditLog } from '../../../src/core/operations/audit.ts';
import type { Call } from '../../../src/core/operations/authenticate.ts';
import { registerDevice, updateDevice } from '../../../src/core/operations/devices.ts';
import { listTokens } from '../../../src/core/operations/tokens.ts';
import { listSubjects } from '../../../src/core/operations/users.ts';
import { LongReads } from '../../../src/core/services/long-reads.ts';
import type { Services } from '../../../src/core/services/services.ts';
import { gate } from '../../http/support.ts';
import { openMemoryTestBed, type TestBed } from '../../support.ts';
import { LAMP, login, makeWorld, type World } from '../fixtures.ts';
import { wrapStore } from '../wrapped-store.ts';

const ALL = { afterSequence: 0, most: 0 };
/** Rows that are read at once: of the audit log, of lists. */
const [CHUNK, READ_AT_ONCE] = [200, 64];

let bed: TestBed;
let world: World;
/** Limits of the reads, as they were made. */
let reads: number[];
/** Called at each read. */
let onRead: () => Promise<void> | void;
let services: Services;

beforeAll(async () => {
  bed = await openMemoryTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  world = await makeWorld(bed);
  reads = [];
  onRead = () => undefined;
  const { store } = world.services;
  services = {
    ...world.services,
    store: wrapStore(store, {
      list: async (list, by, page) => {
        reads.push(page.limit);
        await onRead();
        return store.list(list, by, page);
      },
    }),
  };
});

async function makeRecords(count: number): Promise<void> {
  for (let record = 0; record < count; record++) {
    const ref = { by: 'device_id', deviceId: world.lampId } as const;
    await updateDevice(services, world.admin, ref, { displayName: `Lamp ${record}` });
  }
  reads = [];
}

it('a long log is verified in parts', async () => {
  await makeRecords(2 * CHUNK + 50);
  const { intact, count } = await verifyAuditLog(services, world.admin, ALL);
  expect([intact, count >= 2 * CHUNK + 50]).toEqual([true, true]);
  expect(Math.max(...reads)).toBeLessThanOrEqual(CHUNK);
  expect(reads.length).toBeGreaterThanOrEqual(3);
});

it('a call that nobody waits for reads no further', async () => {
  await makeRecords(3 * CHUNK);
  let isAbandoned = false;
  onRead = () => {
    isAbandoned = true;
  };
  const going: Call = {
    ...world.admin,
    isAbandoned: () => isAbandoned,
  };
  await expect(verifyAuditLog(services, going, ALL)).rejects.toMatchObject({ code: 'deadline_exceeded' });
  expect(reads).toHaveLength(1);
});

it('a tenant verifies once at a time, and another tenant meanwhile', async () => {
  const { promise, open, reached, reach } = gate();
  onRead = () => {
    reach();
    return promise;
  };
  const first = verifyAuditLog(services, world.admin, { afterSequence: 0, most: 1 });
  await reached;
  await expect(verifyAuditLog(services, world.admin, ALL)).rejects.toMatchObject({
    code: 'overloaded',
    retryAfterMs: 1_000,
  });
  onRead = () => undefined;
  const other = await makeWorld(bed);
  expect(await verifyAuditLog({ ...services }, other.admin, ALL)).toMatchObject({ intact: true });
  open();
  await first;
  expect(await verifyAuditLog(services, world.admin, ALL)).toMatchObject({ intact: true });
});

it('a user lists its logins twice at a time, and keeps no admin nor other user from a list', async () => {
  const [ann, lamp] = [await login(world, world.app), await login(world, world.app, { credential: LAMP })];
  const { promise, open } = gate();
  onRead = () => promise;
  const mine = () => {
    const holder = { kind: 'bearer', accessToken: ann.accessToken } as const;
    return listTokens(services, world.app, holder, { pageSize: 0, pageToken: '' });
  };
  const listing = [mine(), mine()];
  await expect.poll(() => reads.length).toBe(2);
  await expect(mine()).rejects.toMatchObject({ code: 'overloaded' });
  onRead = () => undefined;
  const { items } = await listSubjects(services, world.admin, 'device', { pageSize: 0, pageToken: '' });
  expect(items.map(({ subjectId }) => subjectId)).toEqual([lamp.subjectId]);
  open();
  for (const { items: logins } of await Promise.all(listing)) {
    expect(logins.map(({ family }) => family.familyId)).toEqual([ann.familyId]);
  }
  expect((await mine()).items).toHaveLength(1);
});

it('one that failed is no longer under way', async () => {
  const longReads = new LongReads();
  const fail = () => longReads.run('x', 'acme', 1, () => Promise.reject(new Error('gone')));
  await expect(fail()).rejects.toThrow('gone');
  await expect(fail()).rejects.toThrow('gone');
});

it('a page of a list is read in parts, and what does not fit on it is not read', async () => {
  const attributes = JSON.stringify({ note: 'x'.repeat(8_000) });
  for (let device = 0; device < 200; device++) {
    await registerDevice(services, world.admin, { vendorId: `d-${device}`, password: 'correct horse', attributes });
  }
  reads = [];
  const { items, nextPageToken } = await listSubjects(services, world.admin, 'device', {
    pageSize: 1_000,
    pageToken: '',
  });
  expect(items.length).toBeLessThan(100);
  expect(nextPageToken).not.toBe('');
  expect(Math.max(...reads)).toBeLessThanOrEqual(READ_AT_ONCE);
  expect(reads.length).toBeLessThanOrEqual(2);
});
