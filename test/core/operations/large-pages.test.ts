/** A page of large rows is cut before it is read whole. */
import { expect, it } from 'vitest';
import { registerDevice } from '../../../src/core/operations/devices.ts';
import { attachEndNode, listEndNodes } from '../../../src/core/operations/end-nodes.ts';
import { listSubjects, registerUser } from '../../../src/core/operations/users.ts';
import type { Services } from '../../../src/core/services/services.ts';
import { openMemoryTestBed } from '../../support.ts';
import { makeWorld, PASSWORD } from '../fixtures.ts';

it('reads at most 64 rows at once, and no more when the page is full', async () => {
  const bed = await openMemoryTestBed();
  const { services, admin } = await makeWorld(bed);
  const attributes = JSON.stringify({ text: 'x'.repeat(60_000) });
  for (let i = 0; i < 140; i++) {
    await registerUser(services, admin, { loginName: `large-${i}`, password: PASSWORD, attributes });
  }
  const limits: number[] = [];
  const store = new Proxy(services.store, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (name !== 'list') {
        return typeof value === 'function' ? value.bind(target) : value;
      }
      return (...asked: Parameters<Services['store']['list']>) => {
        limits.push(asked[2].limit);
        return target.list(...asked);
      };
    },
  });
  let pageToken = '';
  let found = 0;
  do {
    limits.length = 0;
    const page = await listSubjects({ ...services, store }, admin, 'user', { pageSize: 1_000, pageToken });
    expect(limits).toEqual([64]);
    expect(page.items.length).toBeLessThan(10);
    found += page.items.length;
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  expect(found).toBeGreaterThanOrEqual(140);
  await bed.close();
});

it('is cut by what it answers, also where that stands in other rows than the list’s', async () => {
  const bed = await openMemoryTestBed();
  const { services, admin } = await makeWorld(bed);
  const attributes = JSON.stringify({ text: 'x'.repeat(60_000) });
  const gateway = { by: 'vendor_id', vendorId: 'gateway' } as const;
  await registerDevice(services, admin, { vendorId: gateway.vendorId, password: PASSWORD });
  for (let i = 0; i < 20; i++) {
    const vendorId = `bulb-${i}`;
    await registerDevice(services, admin, { vendorId, password: PASSWORD, attributes });
    await attachEndNode(services, admin, gateway, { by: 'vendor_id', vendorId });
  }
  let pageToken = '';
  const found = new Set<string>();
  do {
    const page = await listEndNodes(services, admin, gateway, { pageSize: 1_000, pageToken });
    expect(page.items.length).toBeLessThan(10);
    for (const { subjectId } of page.items) {
      found.add(subjectId);
    }
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  expect(found.size).toBe(20);
  await bed.close();
});
