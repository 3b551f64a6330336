/** GetServerStatus: how a server and its store are, for operators. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { GetServerStatusResponse } from '../../../gen/ts/symbolon/v1/server_service.ts';
import { getServerStatus } from '../../../src/core/operations/server-status.ts';
import type { Store } from '../../../src/core/services/store.ts';
import { CLIENTS } from '../../../src/core/tables/clients.ts';
import { SUBJECTS } from '../../../src/core/tables/subjects.ts';
import { TENANTS } from '../../../src/core/tables/tenants.ts';
import { type DirectoryBed, openDirectoryBed } from './bed.ts';

let bed: DirectoryBed;

beforeAll(async () => {
  bed = await openDirectoryBed();
});

afterAll(() => bed.close());

it('counts what there is in all tenants', async () => {
  const status: GetServerStatusResponse = await bed.call('getServerStatus', {}, bed.as.operator);
  const { store } = bed;
  const page = { limit: 1_000 };
  const tenants = await store.list(TENANTS, {}, page);
  const sum = async (count: (tenantId: string) => Promise<readonly unknown[]>) =>
    (await Promise.all(tenants.map(({ tenantId }) => count(tenantId)))).flat().length;
  expect(status).toMatchObject({
    readable: true,
    writable: true,
    tenants: { count: tenants.length, more: false },
    clients: { count: await sum((tenantId) => store.list(CLIENTS, { tenantId }, page)), more: false },
    users: { count: await sum((tenantId) => store.list(SUBJECTS, { tenantId, kind: 'user' }, page)), more: false },
    devices: { count: await sum((tenantId) => store.list(SUBJECTS, { tenantId, kind: 'device' }, page)), more: false },
    pendingMessages: { count: 0, more: false },
    oldestPendingTime: undefined,
  });
});

it('ends counting at a bound, and says so', async () => {
  let reads = 0;
  const tenant = { tenantId: 't' };
  const store = {
    ...{ isReadable: () => true, isWritable: () => false },
    list: async (list: unknown, _by: unknown, { limit }: { limit: number }) => {
      reads += 1;
      return list === TENANTS ? [tenant] : Array.from({ length: limit }, (_, at) => ({ createTime: at }));
    },
  } as unknown as Store;
  const call = { caller: { standings: ['operator'] } };
  const services = { ...bed.services, store };
  const status = await getServerStatus(services, call as unknown as Parameters<typeof getServerStatus>[1]);
  expect(status.users).toEqual({ count: 10_000, isMore: true });
  expect(status.pendingMessages).toEqual({ count: 10_000, isMore: true });
  expect(status).toMatchObject({ oldestPending: 0, isReadable: true, isWritable: false });
  expect(status.logins).toEqual({ count: 0, isMore: true });
  expect(reads).toBeLessThan(400);
});
