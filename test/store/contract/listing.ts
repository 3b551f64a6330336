import { beforeEach, expect, it } from 'vitest';
import type { Page, TimePosition } from '../../../src/core/store.ts';
import { make } from '../../support.ts';
import {
  ANN,
  APP,
  begin,
  clientOf,
  cutOff,
  issueOf,
  makeAcme,
  refreshOf,
  revokeFamily,
  subjectOf,
  TENANT,
  tenantOf,
  type UnderTest,
} from '../fixtures.ts';
import { EVERYTHING, makePerson, plain, sendOf } from '../people.ts';

const OTHER = 'other';
const HOUR = 3_600_000;
/** In the order of their bytes, as every engine has them. */
const IDS = ['A', 'B-1', 'Z', '_', 'a', 'a b', 'ab', 'z', 'é', '日', '🦊'];

export function listing(test: UnderTest): void {
  beforeEach(async () => {
    await makeAcme(test.store, { refreshLifetimeMs: 10 * HOUR, defaultTokenLifetimeMs: HOUR });
    await make(test.store, tenantOf(OTHER));
  });

  /** All pages of so many rows, one after the other. */
  async function pages<Row, Position>(
    limit: number,
    list: (page: Page<Position>) => Promise<readonly Row[]>,
    positionOf: (row: Row) => Position,
  ): Promise<Row[]> {
    const rows: Row[] = [];
    for (let page = await list({ limit }); page.length > 0; ) {
      expect(page.length).toBeLessThanOrEqual(limit);
      rows.push(...page);
      page = await list({ limit, after: positionOf(page.at(-1) as Row) });
    }
    return rows;
  }

  const family = { subjectKind: 'user', subjectId: ANN } as const;
  const listFamilies = (bounds: { now?: number; leastRevision?: number } = {}, of: typeof family = family) => {
    const whole = { now: test.clock.now, leastRevision: 0, ...bounds };
    return (page: Page<TimePosition>) => test.store.listFamilies(TENANT, of, whole, page);
  };
  const positionOfFamily = ({
    family: { issueTime, familyId },
  }: {
    family: { issueTime: number; familyId: string };
  }) => ({
    time: issueTime,
    id: familyId,
  });

  /** Some at one moment, some later; answers what was made in the order of a list. */
  async function inTime<T>(count: number, work: (i: number) => Promise<T>, idOf: (made: T) => string): Promise<T[]> {
    const made: T[] = [];
    for (let i = 0; i < count; i += 3) {
      const together = await Promise.all([i, i + 1, i + 2].map(work));
      made.push(...together.sort((one, two) => Buffer.compare(Buffer.from(idOf(one)), Buffer.from(idOf(two)))));
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
      const tenants = await pages(
        n,
        (page: Page<string>) => test.store.listTenants(page),
        ({ tenantId }) => tenantId,
      );
      expect(tenants.map(({ tenantId }) => tenantId)).toEqual([TENANT, OTHER, ...IDS.map((id) => `t-${id}`)]);
      expect(tenants[0]).toEqual(await test.store.readTenant(TENANT));
      const clients = await pages(
        n,
        (page: Page<string>) => test.store.listClients(TENANT, page),
        ({ clientId }) => clientId,
      );
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
    const list = (kind: 'user' | 'device') =>
      pages(
        n,
        (page: Page<TimePosition>) => test.store.listSubjects(TENANT, kind, page),
        ({ createTime, subjectId }) => ({ time: createTime, id: subjectId }),
      );
    const users = await list('user');
    expect(users.map(({ subjectId }) => subjectId).filter((id) => id !== ANN)).toEqual(made);
    expect(new Set((await list('device')).map(({ kind }) => kind))).toEqual(new Set(['device']));
    expect(users.at(-1)).toEqual(
      await test.store.findSubject(TENANT, { kind: 'subject_id', key: made.at(-1) as string }),
    );
  });

  it.each([1, 2, 4, EVERYTHING])('tells of families with the tokens of their generation, %i at a time', async (n) => {
    await make(test.store, subjectOf({ subjectId: 'bob', loginName: 'bob' }));
    const made = await inTime(
      9,
      async (i) => {
        const issue = await begin(test.store);
        await begin(test.store, { subjectId: 'bob' });
        const refresh = refreshOf(issue.tokens.refreshDigest);
        if (i % 2 === 0) {
          await make(test.store, refresh);
        }
        const { familyId } = issue;
        const { accessTokenId, refreshTokenId } = i % 2 === 0 ? refresh.tokens : issue.tokens;
        return { familyId, generation: i % 2 === 0 ? 1 : 0, tokenIds: [accessTokenId, refreshTokenId] };
      },
      ({ familyId }) => familyId,
    );

    const listed = await pages(n, listFamilies(), positionOfFamily);

    expect(
      listed.map(({ family: { familyId, generation }, tokens }) => ({
        familyId,
        generation,
        tokenIds: tokens.map(({ tokenId }) => tokenId),
      })),
    ).toEqual(made);
    expect(new Set(listed.map(({ tokens }) => tokens.map(({ use }) => use).join(' ')))).toEqual(
      new Set(['access refresh']),
    );
  });

  it('tells of a family and its token field for field, and of one without refresh tokens', async () => {
    await make(test.store, { kind: 'update_tenant', tenantId: TENANT, policy: { refreshEnabled: false } });
    const issue = issueOf({ scopes: ['write', 'read'], clientId: TENANT, refreshClientId: APP });
    await make(test.store, issue);
    const { familyId, tokens } = issue;
    const times = { issueTime: test.clock.now, expireTime: test.clock.now + HOUR };
    const common = { familyId, generation: 0, ...times };
    expect(plain(await listFamilies()({ limit: 5 }))).toEqual([
      {
        family: {
          ...common,
          tenantId: TENANT,
          clientId: TENANT,
          refreshClientId: APP,
          ...family,
          kind: 'USER',
          scopes: ['write', 'read'],
          issueRevision: 0,
          revokedRevision: null,
          lastRefresh: null,
        },
        tokens: [{ ...common, digest: tokens.accessDigest, tokenId: tokens.accessTokenId, use: 'access' }],
      },
    ]);
  });

  it('tells of no family that is revoked, expired, of an earlier revision, or of another kind of subject', async () => {
    const [revoked, old] = [await begin(test.store), await begin(test.store)];
    await make(test.store, revokeFamily(revoked.familyId));
    await make(test.store, cutOff('user', ANN));
    const { familyId } = await begin(test.store);
    const ids = async (...query: Parameters<typeof listFamilies>) =>
      (await listFamilies(...query)({ limit: EVERYTHING })).map(({ family: { familyId: id } }) => id);

    expect((await ids()).toSorted()).toEqual([old.familyId, familyId].toSorted());
    expect(await ids({ leastRevision: 2 })).toEqual([familyId]);
    expect(await ids({ leastRevision: 3 })).toEqual([]);
    const end = test.clock.now + 10 * HOUR;
    expect(await ids({ leastRevision: 2, now: end - 1 })).toEqual([familyId]);
    expect(await ids({ leastRevision: 2, now: end })).toEqual([]);
    expect(await ids({}, { subjectKind: 'device', subjectId: ANN } as never)).toEqual([]);
    expect(await test.store.listFamilies(OTHER, family, { now: 0, leastRevision: 0 }, { limit: 5 })).toEqual([]);
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
    const listed = await pages(
      n,
      (page: Page<TimePosition>) => test.store.listMessages(TENANT, page),
      ({ createTime, messageId }) => ({ time: createTime, id: messageId }),
    );
    expect(listed.map(({ messageId }) => messageId)).toEqual(made);

    const records = await pages(
      n,
      (page: Page<number>) => test.store.listAuditRecords(TENANT, page),
      ({ sequence }) => sequence,
    );
    const { auditSequence = 0 } = (await test.store.readTenant(TENANT)) ?? {};
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

    const clients = await test.store.listClients(TENANT, { after: 'c', limit: 5 });
    expect(clients.map(({ clientId }) => clientId)).toEqual(['d']);
    const subjects = await test.store.listSubjects(TENANT, 'user', { after: { time, id: 'c' }, limit: 5 });
    expect(subjects.map(({ subjectId }) => subjectId)).toEqual(['d', ANN]);
  });
}
