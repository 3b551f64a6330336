import { beforeEach, expect, it } from 'vitest';
import { findSubject } from '../../../src/core/services/lookups.ts';
import { execute, make } from '../../support.ts';
import { ANN, APP, aDigest, makeAcme, refusalOf, subjectOf, TENANT, tenantOf, type UnderTest } from '../fixtures.ts';
import { findById } from '../people.ts';

const BOB = 'user-bob';
const DEVICE = 'th.1';

export function profiles(test: UnderTest): void {
  beforeEach(() => makeAcme(test.store));

  const find = (key: string) => findById(test.store, key);
  const updateUser = { kind: 'update_subject', tenantId: TENANT, subjectKind: 'user', subjectId: ANN } as const;

  it('of a user are changed field for field, and its names with them', async () => {
    const before = await find(ANN);
    const set = {
      loginName: 'Ann',
      displayName: 'Añn "A" \\ 🦊',
      email: 'new@example.com',
      emailVerified: true,
      phone: '+819012341234',
      phoneVerified: true,
    };
    const attributes = '{"a":{"b":[1,null]},"name":"zwölf"}';
    await make(test.store, { ...updateUser, set, attributes: { how: 'replace', attributes } });

    expect(await find(ANN)).toEqual({ ...before, ...set, attributes });
    for (const [kind, key] of [
      ['login_name', 'ann'],
      ['email', 'new@example.com'],
      ['phone', '+819012341234'],
    ] as const) {
      expect((await findSubject(test.store, TENANT, { kind, key }))?.subjectId, kind).toBe(ANN);
    }
    await make(test.store, { ...updateUser, set: { loginName: 'Anna', phone: null } });
    expect(await find(ANN)).toEqual({
      ...{ ...before, ...set, attributes, loginName: 'Anna', phone: null, phoneVerified: false },
    });
    expect(await findSubject(test.store, TENANT, { kind: 'login_name', key: 'ann' })).toBeUndefined();
    expect(await findSubject(test.store, TENANT, { kind: 'phone', key: '+819012341234' })).toBeUndefined();
    // What it gave up is free again, and what it has is not.
    await make(test.store, subjectOf({ subjectId: BOB, loginName: 'ann' }));
    expect(refusalOf(await execute(test.store, { ...updateUser, set: { loginName: 'ann' } }))).toBe('already_exists');
  });

  it('that want one name at once leave it to one of them', async () => {
    const ids = Array.from({ length: 10 }, (_, i) => `user-${i}`);
    await Promise.all(ids.map((subjectId) => make(test.store, subjectOf({ subjectId, loginName: subjectId }))));

    const outcomes = await Promise.all(
      ids.map((subjectId) => execute(test.store, { ...updateUser, subjectId, set: { loginName: 'Star' } })),
    );

    const winners = ids.filter((_, i) => 'answer' in (outcomes[i] ?? {}));
    expect(winners).toHaveLength(1);
    expect((await findSubject(test.store, TENANT, { kind: 'login_name', key: 'star' }))?.subjectId).toBe(winners[0]);
  });

  it('of a device keep its owners in their order, and each of twenty that are added at once', async () => {
    const vendor = { kind: 'device', vendorId: 'lamp' } as const;
    await make(test.store, subjectOf({ subjectId: DEVICE, ...vendor, ownerIds: ['z', 'a'] }));
    expect((await find(DEVICE))?.ownerIds).toEqual(['z', 'a']);

    const update = { ...updateUser, subjectKind: 'device', subjectId: DEVICE, set: {} } as const;
    const ids = Array.from({ length: 20 }, (_, i) => `user-${i}`);
    await Promise.all(ids.map((id) => make(test.store, { ...update, addOwnerId: id })));

    expect([...((await find(DEVICE))?.ownerIds ?? [])].sort()).toEqual(['z', 'a', ...ids].sort());
    await make(test.store, { ...update, set: { ownerIds: [] } });
    expect((await find(DEVICE))?.ownerIds).toEqual([]);
  });

  it('of a client are changed, and nothing else of it is', async () => {
    const before = await test.store.readClient(APP);
    const set = { displayName: 'App 🦊', roles: [], scopes: ['b', 'a'] } as const;
    await make(test.store, { kind: 'update_client', tenantId: TENANT, clientId: APP, ...set });

    const after = await test.store.readClient(APP);
    expect(after?.client).toEqual({ ...before?.client, ...set });
    expect(after?.secrets).toEqual(before?.secrets);
    expect(after?.clientVersion).toBeGreaterThan(before?.clientVersion ?? Number.POSITIVE_INFINITY);
  });

  it('and secrets of a client end one by one', async () => {
    const secret = { secretId: 'cs_2', digest: aDigest(), expireTime: null };
    await make(test.store, { kind: 'add_client_secret', tenantId: TENANT, clientId: APP, secret, endTokens: false });
    const before = await test.store.readClient(APP);
    const expireTime = test.clock.now + 1;
    const end = {
      kind: 'expire_client_secret',
      tenantId: TENANT,
      clientId: APP,
      secretId: 'cs_2',
      expireTime,
    } as const;
    await make(test.store, tenantOf('other'));
    expect(refusalOf(await execute(test.store, { ...end, tenantId: 'other' }))).toBe('not_found');
    await make(test.store, end);

    const after = await test.store.readClient(APP);
    const expiries = after?.secrets.map((each) => [each.secretId, each.expireTime]);
    expect(Object.fromEntries(expiries ?? [])).toEqual({ [`cs_${APP}`]: null, cs_2: expireTime });
    expect(after?.clientVersion).toBeGreaterThan(before?.clientVersion ?? Number.POSITIVE_INFINITY);
  });
}
