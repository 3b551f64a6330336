/** What a reading of revocation logs is believed by: the lease, from its beginning to its end, on one timeline. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Cluster } from '../../../src/store/postgres/cluster.ts';
import type { Lease } from '../../../src/store/postgres/lease.ts';
import { Primary } from '../../../src/store/postgres/primary.ts';
import { make, makeAcme, TENANT, tenantOf } from './acme.ts';
import { PATIENT, postgresOptions } from './options.ts';
import { Rig } from './rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await Rig.start();
});
afterAll(() => rig[Symbol.asyncDispose]());

describe('the lease', () => {
  /** One that holds, or not, each time that it is asked: before a connection is had, when the reading begins, when it has ended. */
  async function reading(holds: readonly boolean[], onRead: () => void = () => undefined): Promise<string> {
    const asked = holds.values();
    const lease = {
      timeline: 1,
      observe: () => undefined,
      holds: (timeline: number) => timeline === lease.timeline && asked.next().value === true,
    };
    const primary = new Primary(postgresOptions(rig.url), new Cluster(), lease as unknown as Lease);
    try {
      const work = async () => {
        onRead();
        lease.timeline = timelineAfter;
        return 'believed';
      };
      return await primary.readThroughout(work).catch((error: { code: string }) => error.code);
    } finally {
      await primary.end();
    }
  }
  let timelineAfter = 1;

  it('must hold when the reading begins', async () => {
    await rig.open(PATIENT);
    let reads = 0;
    const count = () => {
      reads += 1;
    };
    expect(await reading([true, true, true], count)).toBe('believed');
    expect(reads).toBe(1);
    expect(await reading([true, false, true], count)).toBe('store_unavailable');
    expect(reads).toBe(1);
  });

  it('must hold when it has ended, on the timeline of its beginning', async () => {
    expect(await reading([true, true, false])).toBe('store_unavailable');
    timelineAfter = 2;
    expect(await reading([true, true, true])).toBe('store_unavailable');
    timelineAfter = 1;
  });
});

it('reads all tenants by one statement, whatever another has written between', async () => {
  const store = await rig.open(PATIENT);
  await makeAcme(store);
  await make(store, tenantOf('other'));
  const before = await statements();
  const positions = [TENANT, 'other', 'nobody'].map((tenantId) => ({ tenantId, after: 0 }));
  expect(await store.readRevocations(positions, 10)).toHaveLength(3);
  expect((await statements()) - before).toBe(1);

  async function statements(): Promise<number> {
    const [row] = await rig.sql<{ count: string }>(
      `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%WITH ORDINALITY AS i (tenant_id, after, n)%' AND pid <> pg_backend_pid()`,
    );
    return Number(row?.count);
  }
});
