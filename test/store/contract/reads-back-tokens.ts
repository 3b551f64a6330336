import { expect, it } from 'vitest';
import { MAX_LIFETIME_MS } from '../../../src/core/policy.ts';
import { readFailures } from '../../../src/core/services/lookups.ts';
import { tokenIdOf } from '../../../src/core/token-form.ts';
import { execute, make } from '../../support.ts';
import {
  ANN,
  APP,
  aDigest,
  answerOf,
  begin,
  clientOf,
  issueOf,
  makeAcme,
  POLICY,
  refreshOf,
  refusalOf,
  revokeFamily,
  subjectOf,
  TENANT,
  tenantOf,
  type UnderTest,
} from '../fixtures.ts';
import { plain } from '../people.ts';

const clientSecret = { secretId: 'cs_robot', digest: aDigest(), expireTime: null };

export function readsBackTokens(test: UnderTest): void {
  it('a new family, field for field, to its tenant and to who names none', async () => {
    await makeAcme(test.store, POLICY);
    const accessExpireTime = test.clock.now + 1_234;
    const issue = await begin(test.store, { scopes: ['write', 'read'], expireTime: accessExpireTime });
    const { familyId, tokens } = issue;

    const issueTime = test.clock.now;
    const expireTime = issueTime + POLICY.refreshLifetimeMs;
    const standing = { tenantId: TENANT, disabled: false, cutoff: 0 };
    const ids = { familyId, tenantId: TENANT, clientId: APP, subjectId: ANN };
    const access = { accessDigest: tokens.accessDigest, accessIssueTime: issueTime, accessExpireTime };
    const expected = {
      revision: 0,
      clientVersion: (await test.store.readClient(APP))?.clientVersion,
      reading: {
        family: {
          ...ids,
          ...access,
          kind: 'USER',
          scopes: ['write', 'read'],
          generation: 0,
          issueRevision: 0,
          issueTime,
          expireTime,
          revokedRevision: null,
          audience: null,
          consentId: null,
          // Over before it began.
          repeatUntil: issueTime,
        },
        tenant: { disabled: false, cutoff: 0 },
        client: standing,
        subject: standing,
      },
    };
    // Twice, for an engine may remember what never changes.
    for (const tenantId of [TENANT, null, TENANT, null]) {
      expect(plain(await test.store.readFamily(tenantId, familyId))).toEqual(expected);
    }
  });

  it('the standing of a family whose subject is its client, and who may refresh it', async () => {
    await makeAcme(test.store);
    const { digest } = clientSecret;
    await make(test.store, { ...clientOf('robot'), secret: clientSecret });
    const login = await begin(test.store, {
      clientId: 'robot',
      refreshClientId: TENANT,
      tokenKind: 'APPLICATION',
      subjectId: 'robot',
      proof: { by: 'client_secret', digest },
      scopes: [],
    });

    const { reading } = await test.store.readFamily(TENANT, login.familyId);
    expect(reading?.family).toMatchObject({ kind: 'APPLICATION', clientId: 'robot', subjectId: 'robot', scopes: [] });
    expect(reading?.subject).toBeUndefined();
    const first = refreshOf(login, { clientId: TENANT });
    expect(refusalOf(await execute(test.store, first))).toBeUndefined();
    const second = refreshOf(first, { clientId: 'robot' });
    expect(refusalOf(await execute(test.store, second))).toBeUndefined();
    const third = refreshOf(second, { clientId: 'another' });
    expect(refusalOf(await execute(test.store, third))).toBe('invalid_refresh_token');
  });

  it('the answer to a refresh, byte for byte', async () => {
    await makeAcme(test.store, POLICY);
    const first = await begin(test.store);
    const refreshed = refreshOf(first);
    const answer = answerOf(await execute(test.store, refreshed));
    const issueTime = test.clock.now;
    test.clock.advance(1_000);

    const again = plain(answerOf(await execute(test.store, refreshOf(first))));
    const pair = { generation: 1, ...refreshed.tokens, box: refreshed.box };
    expect(again).toEqual({ repeated: 'issued' in answer && answer.issued, pair });
    const { familyId } = first;
    const tokenId = tokenIdOf('access', familyId, 1);
    expect(again).toMatchObject({ repeated: { tokenId, familyId, issueTime, subjectId: ANN } });
    const { reading } = plain(await test.store.readFamily(TENANT, familyId));
    const { accessDigest } = refreshed.tokens;
    const repeatUntil = issueTime + POLICY.refreshRepeatWindowMs;
    const access = { accessDigest, accessIssueTime: issueTime };
    expect(reading?.family).toMatchObject({ generation: 1, issueTime, repeatUntil, ...access });
  });

  it('the answer to a request id, byte for byte, with and without a refresh token', async () => {
    for (const refreshEnabled of [true, false]) {
      const tenantId = `tenant-${refreshEnabled}`;
      await make(test.store, tenantOf(tenantId, { ...POLICY, refreshEnabled }));
      const subjectId = `user-${tenantId}`;
      await make(test.store, subjectOf({ subjectId, tenantId }));
      const request = { requestDigest: aDigest(), fingerprint: aDigest(), box: aDigest() };
      const by = { tenantId, clientId: tenantId, subjectId, scopes: ['read'], request };
      const { issued } = answerOf(await execute(test.store, issueOf(by))) as { issued: { familyId: string } };
      test.clock.advance(1_000);

      const again = answerOf(await execute(test.store, issueOf(by)));
      if (!('repeated' in again)) {
        throw new Error('issued anew');
      }
      expect(again.repeated).toEqual(issued);
      expect(new Uint8Array(again.box)).toEqual(request.box);
    }
  });

  it('failed logins, in the order asked for', async () => {
    await makeAcme(test.store, POLICY);
    const counters = [
      { key: 'subject:x', kind: 'name' },
      { key: 'address:::1', kind: 'address' },
    ] as const;
    await make(test.store, { kind: 'end_guess', tenantId: TENANT, counters, end: 'wrong', failed: [] });

    const windowEndTime = test.clock.now + POLICY.loginWindowMs;
    const [byAddress, byName, ...rest] = await readFailures(test.store, TENANT, [
      { key: 'address:::1', kind: 'address' },
      { key: 'subject:y', kind: 'name' },
      { key: 'subject:x', kind: 'name' },
    ]);
    expect(byName).toEqual({
      tenantId: TENANT,
      key: 'subject:x',
      count: 1,
      pending: 0,
      windowEndTime,
      lockEndTime: null,
      countTime: test.clock.now,
    });
    expect(byAddress).toMatchObject({ key: 'address:::1', count: 1, lockEndTime: null });
    expect(rest).toEqual([]);
  });

  it('a lock beyond 32 bits of milliseconds', async () => {
    await makeAcme(test.store, { loginAttempts: 1, loginLockPeriodMs: MAX_LIFETIME_MS });
    const counters = [{ key: 'subject:x', kind: 'name' }] as const;
    await make(test.store, { kind: 'end_guess', tenantId: TENANT, counters, end: 'wrong', failed: [] });

    const [failures] = await readFailures(test.store, TENANT, counters);
    expect(failures?.lockEndTime).toBe(test.clock.now + MAX_LIFETIME_MS);
  });

  it('a revoked family with the revision that revoked it', async () => {
    await makeAcme(test.store);
    const first = await begin(test.store);
    const second = await begin(test.store);
    await make(test.store, revokeFamily(first.familyId));
    await make(test.store, revokeFamily(second.familyId));

    const { reading, revision } = await test.store.readFamily(TENANT, second.familyId);
    expect(reading?.family.revokedRevision).toBe(2);
    expect(revision).toBe(2);
  });
}
