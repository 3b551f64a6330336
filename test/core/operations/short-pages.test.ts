/** A list of which few rows are wanted ends its pages after so many that it read, and goes on from there. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listPage } from '../../../src/core/operations/pages.ts';
import { CLIENTS } from '../../../src/core/tables/clients.ts';
import { makeClient, openMemoryTestBed, type TestBed } from '../../support.ts';
import { makeWorld, type World } from '../fixtures.ts';

let bed: TestBed;
let world: World;

beforeAll(async () => {
  bed = await openMemoryTestBed();
  world = await makeWorld(bed);
  for (let i = 0; i < 200; i++) {
    await makeClient(bed.store, world.tenantId, `client-${i}`);
  }
});
afterAll(() => bed.close());

it('a page that looked at enough is short, and what is wanted comes exactly once', async () => {
  const query = { name: ['few'], list: CLIENTS, by: { tenantId: world.tenantId }, mostRead: 64 };
  const found: string[] = [];
  let pages = 0;
  for (let pageToken = ''; pages === 0 || pageToken !== ''; pages++) {
    const page = { pageSize: 10, pageToken };
    const wanted = ({ clientId }: { readonly clientId: string }) => clientId.endsWith('7');
    const { items, nextPageToken } = await listPage(bed.services, world.admin, query, page, wanted);
    found.push(...items.map(({ clientId }) => clientId));
    pageToken = nextPageToken;
  }
  expect(found.filter((id) => id.startsWith('client-'))).toHaveLength(20);
  expect(new Set(found).size).toBe(found.length);
  expect(pages).toBeGreaterThanOrEqual(3);
  const none = await listPage(bed.services, world.admin, query, { pageSize: 10, pageToken: '' }, () => false);
  expect(none.items).toEqual([]);
  expect(none.nextPageToken).not.toBe('');
});
