import { beforeEach, expect, it } from 'vitest';
import { VISITS_MS } from '../../../src/core/commands/note-visit.ts';
import { one } from '../../../src/core/plan.ts';
import { DEFAULT_POLICY } from '../../../src/core/policy.ts';
import { PAGES_AUDIENCE } from '../../../src/core/rules/audiences.ts';
import { readTenant } from '../../../src/core/services/lookups.ts';
import type { List, Where } from '../../../src/core/table.ts';
import { AUDIT_RECORDS } from '../../../src/core/tables/audit.ts';
import { CLIENTS } from '../../../src/core/tables/clients.ts';
import { FAMILIES, FAMILY, type Family } from '../../../src/core/tables/families.ts';
import { MESSAGES } from '../../../src/core/tables/messages.ts';
import { SUBJECTS } from '../../../src/core/tables/subjects.ts';
import { TENANTS } from '../../../src/core/tables/tenants.ts';
import { make } from '../../support.ts';
import {
  ANN,
  APP,
  aFamilyId,
  begin,
  clientOf,
  cutOff,
  makeAcme,
  refreshOf,
  revokeFamily,
  subjectOf,
  TENANT,
  tenantOf,
  type UnderTest,
} from '../fixtures.ts';
import { EVERYTHING, findById, makePerson, plain, sendOf } from '../people.ts';

const OTHER = 'other';
const HOUR = 3_600_000;
/** In the order of their bytes, as every engine has them. */
const IDS = ['A', 'B-1', 'Z', '_', 'a', 'a b', 'ab', 'z', 'é', '日', '🦊'];

/** As every engine orders texts, and UTF-16 does not. */
function byBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

export function listing(test: UnderTest): void {
  beforeEach(async () => {
    await makeAcme(test.store, { refreshLifetimeMs: 10 * HOUR, defaultTokenLifetimeMs: HOUR });
    await make(test.store, tenantOf(OTHER));
  });

  /** All pages of so many rows, one after the other. */
  async function pages<T>(limit: number, list: List<T>, by: Where<T>): Promise<T[]> {
    const rows: T[] = [];
    for (let page = await test.store.list(list, by, { limit }); page.length > 0; ) {
      expect(page.length).toBeLessThanOrEqual(limit);
      rows.push(...page);
      const last = page.at(-1) as T;
      const after = list.order.map((field) => last[field] as string | number);
      page = await test.store.list(list, by, { limit, after });
    }
    return plain(rows);
  }

  const ofAnn = { tenantId: TENANT, subjectId: ANN };

  /** Some at one moment, some later; answers what was made in the order of a list. */
  async function inTime<T>(count: number, work: (i: number) => Promise<T>, idOf: (made: T) => string): Promise<T[]> {
    const made: T[] = [];
    for (let i = 0; i < count; i += 3) {
      const together = await Promise.all([i, i + 1, i + 2].map(work));
      made.push(...together.sort((one, two) => byBytes(idOf(one), idOf(two))));
      test.clock.advance(1);
    }
    return made;
  }

  it.each([1, 2, 4, EVERYTHING])(
    'tells of tenants and of one’s clients, each once and in order, %i at a time',
    async (n) => {
      for (const id of IDS) {
        await make(test.store, tenantOf(`t-${id}`));
        await make(test.store, clientOf(`c-${id}`));
        await make(test.store, clientOf(`o-${id}`, OTHER));
      }
      const tenants = await pages(n, TENANTS, {});
      expect(tenants.map(({ tenantId }) => tenantId)).toEqual([TENANT, OTHER, ...IDS.map((id) => `t-${id}`)]);
      expect(tenants[0]).toEqual(plain(await readTenant(test.store, TENANT)));
      const clients = await pages(n, CLIENTS, { tenantId: TENANT });
      expect(clients.map(({ clientId }) => clientId)).toEqual([TENANT, APP, ...IDS.map((id) => `c-${id}`)]);
      expect(clients[1]).toEqual((await test.store.readClient(APP))?.client);
    },
  );

  it.each([1, 2, 4, EVERYTHING])('tells of users or devices of a tenant, %i at a time', async (n) => {
    const made = await inTime(
      9,
      async (i) => {
        const id = `s-${IDS[i]}`;
        await make(test.store, subjectOf({ subjectId: id, loginName: `name-${i}` }));
        await make(test.store, subjectOf({ subjectId: `d-${i}`, kind: 'device', vendorId: `v-${i}` }));
        await make(test.store, subjectOf({ subjectId: `o-${i}`, tenantId: OTHER }));
        return id;
      },
      (id) => id,
    );
    const users = await pages(n, SUBJECTS, { tenantId: TENANT, kind: 'user' });
    expect(users.map(({ subjectId }) => subjectId).filter((id) => id !== ANN)).toEqual(made);
    const devices = await pages(n, SUBJECTS, { tenantId: TENANT, kind: 'device' });
    expect(devices.map(({ kind }) => kind)).toEqual(made.map(() => 'device'));
    expect(users.at(-1)).toEqual(await findById(test.store, made.at(-1) as string));
  });

  it.each([1, 2, 4, EVERYTHING])('tells of families by the time of their login, %i at a time', async (n) => {
    await make(test.store, subjectOf({ subjectId: 'bob', loginName: 'bob' }));
    const made: [string, number][] = [];
    for (let i = 0; i < 9; i++) {
      const familyId = aFamilyId(test.clock.now);
      const issue = await begin(test.store, { familyId });
      await begin(test.store, { subjectId: 'bob' });
      // A refresh does not move a login in the list.
      if (i % 2 === 0) {
        await make(test.store, refreshOf(issue));
      }
      made.push([familyId, i % 2 === 0 ? 1 : 0]);
      test.clock.advance(1_000);
    }

    const listed = await pages(n, FAMILIES, ofAnn);
    expect(listed.map(({ familyId, generation }) => [familyId, generation])).toEqual(made);
    expect(listed[1]?.subjectId).toBe(ANN);
  });

  it('tells of a family field for field, and of one without refresh tokens', async () => {
    const first = await begin(test.store, { familyId: aFamilyId(0) });
    const refreshed = refreshOf(first);
    await make(test.store, refreshed);
    await make(test.store, { kind: 'update_tenant', tenantId: TENANT, policy: { refreshEnabled: false } });
    const second = await begin(test.store, { scopes: ['write', 'read'], clientId: TENANT, refreshClientId: APP });
    const { now } = test.clock;
    const times = { issueTime: now, accessIssueTime: now, accessExpireTime: now + HOUR };
    const rest = { issueRevision: 0, revokedRevision: null, audience: null, consentId: null };
    const place = { placeAddress: null, placeAgent: null, visitTime: null };
    const common = { ...ofAnn, kind: 'USER', ...times, ...rest, ...place, keyId: '0' };
    const { accessDigest, refreshDigest: digest } = refreshed.tokens;
    const presented = first.tokens.refreshDigest.slice(0, 16);
    expect(await pages(EVERYTHING, FAMILIES, ofAnn)).toEqual([
      {
        ...common,
        familyId: first.familyId,
        clientId: APP,
        refreshClientId: null,
        scopes: ['read'],
        generation: 1,
        accessDigest,
        expireTime: now + 10 * HOUR,
        refresh: { digest, presented, repeatUntil: now + DEFAULT_POLICY.refreshRepeatWindowMs, box: refreshed.box },
      },
      {
        ...common,
        familyId: second.familyId,
        clientId: TENANT,
        refreshClientId: APP,
        scopes: ['write', 'read'],
        generation: 0,
        accessDigest: second.tokens.accessDigest,
        expireTime: now + HOUR,
        refresh: null,
      },
    ]);
  });

  it('keeps where a login was made through its refreshes, and writes a visit of the pages once in ten minutes', async () => {
    const place = { address: '2001:db8:0:0::/64', agent: 'Firefox, Windows' };
    const app = await begin(test.store, { familyId: aFamilyId(0), place });
    const pages = await begin(test.store, { place: { address: null, agent: null }, audience: PAGES_AUDIENCE });
    const rowOf = async (familyId: string) => (await test.store.read({ family: one(FAMILY, { familyId }) })).family;
    const visit = async (familyId: string, afterMs: number) => {
      test.clock.advance(afterMs);
      await make(test.store, { kind: 'note_visit', familyId });
      return (await rowOf(familyId))?.visitTime;
    };
    const begun = test.clock.now;
    expect(await rowOf(pages.familyId)).toMatchObject({ placeAddress: null, placeAgent: null, visitTime: begun });
    expect(await visit(pages.familyId, VISITS_MS - 1)).toBe(begun);
    expect(await visit(pages.familyId, 1)).toBe(begun + VISITS_MS);
    // What a clock that was ahead wrote is written over.
    expect(await visit(pages.familyId, -VISITS_MS)).toBe(begun);
    // Nothing is written of other logins, nor of what is not there.
    await make(test.store, refreshOf(app));
    expect(await visit(app.familyId, VISITS_MS)).toBeNull();
    expect(await rowOf(app.familyId)).toMatchObject({ placeAddress: place.address, placeAgent: place.agent });
    expect(await visit(aFamilyId(), 0)).toBeUndefined();
  });

  it('tells of no family that is revoked when it is asked for those that are not, and of no other tenant’s', async () => {
    const [revoked, live] = [await begin(test.store), await begin(test.store)];
    await make(test.store, revokeFamily(revoked.familyId));
    const ids = async (by: Where<Family>) => (await pages(1, FAMILIES, by)).map(({ familyId }) => familyId);

    expect(await ids({ ...ofAnn, revokedRevision: null })).toEqual([live.familyId]);
    expect(await ids(ofAnn)).toEqual([revoked.familyId, live.familyId].toSorted(byBytes));
    expect(await ids({ tenantId: OTHER, subjectId: ANN })).toEqual([]);
    expect(await ids({ tenantId: TENANT, subjectId: 'nobody' })).toEqual([]);
  });

  it.each([1, 2, 4, EVERYTHING])('tells of messages of a tenant and of its audit log, %i at a time', async (n) => {
    const made = await inTime(
      9,
      async (i) => {
        const person = `p-${i}`;
        await makePerson(test.store, person);
        await makePerson(test.store, `o-${i}`, OTHER);
        const send = sendOf({}, person);
        await make(test.store, send);
        await make(test.store, sendOf({}, `o-${i}`, OTHER));
        return send.code.messageId;
      },
      (id) => id,
    );
    const listed = await pages(n, MESSAGES, { tenantId: TENANT });
    expect(listed.map(({ messageId }) => messageId)).toEqual(made);

    const records = await pages(n, AUDIT_RECORDS, { tenantId: TENANT });
    const { auditSequence = 0 } = (await readTenant(test.store, TENANT)) ?? {};
    expect(records.map(({ sequence }) => sequence)).toEqual(Array.from({ length: auditSequence }, (_, i) => i + 1));
    expect(new Set(records.map(({ tenantId }) => tenantId))).toEqual(new Set([TENANT]));
  });

  it('goes on after a row that was deleted meanwhile', async () => {
    for (const id of ['b', 'c', 'd']) {
      await make(test.store, clientOf(id));
      await make(test.store, subjectOf({ subjectId: id, loginName: id }));
    }
    const { now: time } = test.clock;
    await make(test.store, cutOff('client', 'c', 'deleted'));
    await make(test.store, cutOff('user', 'c', 'deleted'));

    const clients = await test.store.list(CLIENTS, { tenantId: TENANT }, { after: ['c'], limit: 5 });
    expect(clients.map(({ clientId }) => clientId)).toEqual(['d']);
    const users = { tenantId: TENANT, kind: 'user' } as const;
    const subjects = await test.store.list(SUBJECTS, users, { after: [time, 'c'], limit: 5 });
    expect(subjects.map(({ subjectId }) => subjectId)).toEqual(['d', ANN]);
  });
}
