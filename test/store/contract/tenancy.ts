import { beforeEach, expect, it } from 'vitest';
import type { Issue } from '../../../src/core/commands/issue.ts';
import { findSubject, readFailures } from '../../../src/core/services/lookups.ts';
import { execute, make } from '../../support.ts';
import {
  ANN,
  APP,
  answerOf,
  begin,
  clientOf,
  cutOff,
  isPairLive,
  issueOf,
  makeAcme,
  refreshOf,
  refusalOf,
  revisionOf,
  revokeFamily,
  subjectOf,
  TENANT,
  tenantOf,
  type UnderTest,
} from '../fixtures.ts';
import { findById } from '../people.ts';

const OTHER = 'other';
const OTHER_APP = 'other-app';

export function tenancy(test: UnderTest): void {
  let anns: Issue;

  /** A second tenant, whose revision is ahead. */
  beforeEach(async () => {
    await makeAcme(test.store);
    await make(test.store, tenantOf(OTHER));
    await make(test.store, clientOf(OTHER_APP, OTHER));
    await make(test.store, cutOff('client', OTHER_APP, 'revoked', OTHER));
    anns = await begin(test.store);
  });

  const isAnnsLive = () => isPairLive(test, anns);

  it('reads another tenant’s family as unknown, with the revision of the tenant that asks, however often it was read', async () => {
    const expected = { reading: undefined, revision: 1 };
    expect(await test.store.readFamily(OTHER, anns.familyId)).toMatchObject(expected);
    // An engine may remember what it has read.
    expect(await test.store.readFamily(TENANT, anns.familyId)).toMatchObject({ revision: 0, reading: {} });
    expect(await test.store.readFamily(OTHER, anns.familyId)).toMatchObject(expected);
    expect(await test.store.readFamily(null, anns.familyId)).toMatchObject({
      reading: { family: { tenantId: TENANT } },
    });
  });

  it('finds no subject of another tenant, by name or by id', async () => {
    await make(test.store, subjectOf({ subjectId: 'user-bob', loginName: 'bob' }));

    expect(await findSubject(test.store, OTHER, { kind: 'login_name', key: 'bob' })).toBeUndefined();
    expect(await findSubject(test.store, OTHER, { kind: 'subject_id', key: 'user-bob' })).toBeUndefined();
  });

  it('lets two tenants have a user of one name', async () => {
    await make(test.store, subjectOf({ subjectId: 'user-bob', loginName: 'bob' }));
    await make(test.store, subjectOf({ subjectId: 'other-bob', tenantId: OTHER, loginName: 'bob' }));

    const find = async (tenantId: string) =>
      (await findSubject(test.store, tenantId, { kind: 'login_name', key: 'bob' }))?.subjectId;
    expect([await find(TENANT), await find(OTHER)]).toEqual(['user-bob', 'other-bob']);
  });

  it('refuses a refresh by another tenant or another client without revoking', async () => {
    for (const caller of [
      { tenantId: OTHER, clientId: OTHER_APP },
      { tenantId: OTHER, clientId: APP },
      { tenantId: TENANT, clientId: TENANT },
    ]) {
      const outcome = await execute(test.store, refreshOf(anns, caller));
      expect(refusalOf(outcome)).toBe('invalid_refresh_token');
    }
    expect(await isAnnsLive()).toBe(true);
    expect([await revisionOf(test.store), await revisionOf(test.store, OTHER)]).toEqual([0, 1]);
  });

  it('revokes nothing of another tenant, and tells the revision of the tenant that asks', async () => {
    const { accessDigest, refreshDigest } = anns.tokens;
    for (const presented of [
      undefined,
      { digest: accessDigest, tag: 'genuine' },
      { digest: refreshDigest, tag: 'unproven' },
    ] as const) {
      const revoke = revokeFamily(anns.familyId, { tenantId: OTHER, ...(presented && { presented }) });
      expect(answerOf(await execute(test.store, revoke))).toEqual({ revision: 1, revoked: false });
    }
    expect(await isAnnsLive()).toBe(true);
  });

  it('cuts off, disables and deletes nobody of another tenant', async () => {
    for (const cause of ['revoked', 'disabled', 'deleted'] as const) {
      for (const command of [
        cutOff('user', ANN, cause, OTHER),
        cutOff('client', APP, cause, OTHER),
        cutOff('tenant', TENANT, cause, OTHER),
        // Nor somebody of another kind than was said.
        cutOff('device', ANN, cause),
      ]) {
        expect(refusalOf(await execute(test.store, command))).toBe('not_found');
      }
    }
    expect(await isAnnsLive()).toBe(true);
  });

  it('enables nobody of another tenant', async () => {
    await make(test.store, cutOff('user', ANN, 'disabled'));
    const target = { kind: 'user', id: ANN } as const;

    expect(refusalOf(await execute(test.store, { kind: 'enable', tenantId: OTHER, target }))).toBe('not_found');
    expect((await findById(test.store, ANN))?.disabled).toBe(true);
  });

  it('issues nothing for a client or a subject of another tenant', async () => {
    for (const asked of [
      { tenantId: OTHER },
      { tenantId: OTHER, clientId: OTHER_APP },
      { clientId: OTHER_APP },
      { tenantId: 'nobody' },
    ]) {
      expect(refusalOf(await execute(test.store, issueOf({ scopes: [], ...asked })))).toBe('invalid_credentials');
    }
  });

  it('counts failed logins of one name apart', async () => {
    const counters = [{ key: 'name:login_name:bob', kind: 'name' }] as const;
    await make(test.store, { kind: 'end_guess', tenantId: TENANT, counters, end: 'wrong', failed: [] });

    expect(await readFailures(test.store, OTHER, counters)).toEqual([]);
  });

  it('revokes another tenant’s family by no family id of its own', async () => {
    await make(test.store, revokeFamily(anns.familyId));

    expect([await revisionOf(test.store), await revisionOf(test.store, OTHER)]).toEqual([1, 1]);
  });

  it('revives no token when its user or client is deleted and another tenant takes the id', async () => {
    const bobs = { subjectId: 'user-bob', clientId: 'robot', refreshClientId: 'robot' };
    await make(test.store, subjectOf({ subjectId: bobs.subjectId }));
    await make(test.store, clientOf(bobs.clientId));
    const byUser = await begin(test.store, { subjectId: bobs.subjectId });
    const byClient = await begin(test.store, { clientId: bobs.clientId });
    await make(test.store, cutOff('user', bobs.subjectId, 'deleted'));
    await make(test.store, cutOff('client', bobs.clientId, 'deleted'));
    // A tenant without events, whose newborns have the lowest cutoff that there is.
    await make(test.store, tenantOf('third'));
    await make(test.store, subjectOf({ subjectId: bobs.subjectId, tenantId: 'third' }));
    await make(test.store, clientOf(bobs.clientId, 'third'));

    for (const issue of [byUser, byClient]) {
      const { clientId } = issue;
      expect(await isPairLive(test, issue)).toBe(false);
      const outcome = await execute(test.store, refreshOf(issue, { clientId }));
      expect(refusalOf(outcome)).toBe('invalid_refresh_token');
    }
  });

  it('lets a client’s tokens live, whatever becomes of a user who bears its id', async () => {
    const { digest } = robot.secret;
    await make(test.store, { ...clientOf('robot'), ...robot });
    const proof = { by: 'client_secret', digest } as const;
    const by = { clientId: 'robot', tokenKind: 'APPLICATION', subjectId: 'robot', proof } as const;
    const issue = await begin(test.store, by);
    await make(test.store, subjectOf({ subjectId: 'robot', tenantId: OTHER }));
    await make(test.store, cutOff('user', 'robot', 'disabled', OTHER));

    expect(await isPairLive(test, issue)).toBe(true);
  });
}

const robot = { secret: { secretId: 'cs_robot', digest: new Uint8Array(32).fill(7), expireTime: null } };
