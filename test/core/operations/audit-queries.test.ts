/** Looking for few of many records. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AuditQuery, listAuditRecords } from '../../../src/core/operations/audit.ts';
import type { Call } from '../../../src/core/operations/authenticate.ts';
import { operatorOnMachine } from '../../../src/core/operations/machine-operator.ts';
import { updateTenant } from '../../../src/core/operations/tenants.ts';
import { endUser } from '../../../src/core/operations/users.ts';
import { openMemoryTestBed, type TestBed } from '../../support.ts';
import { expectRefused, makeWorld, type World } from '../fixtures.ts';

let bed: TestBed;
let world: World;
let admin: Call;
let half: number;

/** Before `half` an operator changes the tenant thirty times, after it the admin does. */
beforeAll(async () => {
  bed = await openMemoryTestBed();
  world = await makeWorld(bed);
  admin = world.admin;
  const operator = { caller: await operatorOnMachine(bed.services, { tenantId: world.tenantId, name: 'root' }) };
  for (const [i, call] of [...Array(60).keys()].map((n) => [n, n < 30 ? operator : admin] as const)) {
    bed.clock.advance(1_000);
    half = i === 30 ? bed.clock.now : half;
    await updateTenant(bed.services, call, { tenantId: undefined, displayName: `Name ${i}` });
  }
  await endUser(bed.services, admin, { by: 'user_id', userId: world.annId }, 'disabled');
});
afterAll(() => bed.close());

async function all(query: Partial<AuditQuery>, pageSize = 7) {
  const records = [];
  let pages = 0;
  for (let pageToken = ''; ; pages++) {
    const { items, nextPageToken } = await listAuditRecords(bed.services, admin, { pageSize, ...query, pageToken });
    records.push(...items);
    if (nextPageToken === '') {
      return { records, pages: pages + 1 };
    }
    pageToken = nextPageToken;
  }
}

describe('records', () => {
  it('are found by time, actor and target, page after page', async () => {
    const { records } = await all({});
    const since = records.filter(({ eventTime }) => eventTime >= half);
    expect(since).toHaveLength(31);
    expect((await all({ startTime: half })).records).toEqual(since);
    expect((await all({ startTime: half + 1 })).records).toEqual(since.slice(1));
    expect((await all({ startTime: 0 })).records).toEqual(records);
    expect((await all({ startTime: bed.clock.now + 1 })).records).toEqual([]);
    expect((await all({ actorId: 'root' })).records).toHaveLength(30);
    expect((await all({ actorId: admin.caller.clientId, targetId: world.annId })).records).toHaveLength(1);
    expect((await all({ actorId: 'nobody' })).records).toEqual([]);
    expect((await all({ afterSequence: 40 })).records).toEqual(records.slice(40));
  });

  it('are the newest of them, in their order', async () => {
    const { records } = await all({});
    expect((await all({ newest: 3 })).records).toEqual(records.slice(-3));
    expect((await all({ newest: 2, actorId: 'root' })).records).toEqual(
      records.filter(({ actor }) => actor.id === 'root').slice(-2),
    );
    expect((await all({ newest: 5, afterSequence: records.length - 2 })).records).toEqual(records.slice(-2));
    expect((await all({ newest: 1_000 })).records).toEqual(records);
  });

  it('are not asked for in ways that make no sense', async () => {
    const { nextPageToken: pageToken } = await listAuditRecords(bed.services, admin, { pageSize: 1, pageToken: '' });
    for (const query of [
      { newest: 1_001 },
      { newest: 1, pageToken },
      { afterSequence: -1 },
      { actorId: 'x'.repeat(999) },
    ]) {
      const page = { pageSize: 1, pageToken: '', ...query };
      await expectRefused(listAuditRecords(bed.services, admin, page), 'invalid_argument');
    }
    // A token is good for the query that it came from.
    const other = { pageSize: 1, pageToken, actorId: 'root' };
    await expectRefused(listAuditRecords(bed.services, admin, other), 'invalid_argument');
  });
});
