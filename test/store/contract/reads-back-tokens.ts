import { expect, it } from 'vitest';
import { LONGEST_LIFETIME_MS } from '../../../src/core/lifetimes.ts';
import { make } from '../../support.ts';
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

const clientSecret = { secretId: 'cs_robot', digest: aDigest(), expireTime: null };

export function readsBackTokens(test: UnderTest): void {
  it('both tokens of a new family, field for field', async () => {
    await makeAcme(test.store, POLICY);
    const expireTime = test.clock.now + 1_234;
    const { familyId, tokens } = await begin(test.store, { scopes: ['write', 'read'], expireTime });

    const issueTime = test.clock.now;
    const standing = { disabled: false, cutoff: 0 };
    const expected = {
      family: {
        familyId,
        tenantId: TENANT,
        clientId: APP,
        subjectKind: 'user',
        subjectId: ANN,
        kind: 'USER',
        scopes: ['write', 'read'],
        generation: 0,
        issueRevision: 0,
        expireTime: issueTime + POLICY.refreshLifetimeMs,
        revokedRevision: null,
        repeatUntil: null,
      },
      tenant: standing,
      client: standing,
      subject: standing,
    };
    const token = { familyId, generation: 0, issueTime };
    expect(await test.store.readToken(TENANT, tokens.accessDigest)).toMatchObject({
      revision: 0,
      reading: { ...expected, token: { ...token, tokenId: tokens.accessTokenId, use: 'access', expireTime } },
    });
    expect(await test.store.readBearer(tokens.refreshDigest)).toMatchObject({
      ...expected,
      token: { ...token, tokenId: tokens.refreshTokenId, use: 'refresh', expireTime: expected.family.expireTime },
    });
  });

  it('the standing of a token whose subject is its client, and who may refresh it', async () => {
    await makeAcme(test.store);
    const { digest } = clientSecret;
    await make(test.store, { ...clientOf('robot'), secret: clientSecret });
    const { tokens } = await begin(test.store, {
      clientId: 'robot',
      refreshClientId: TENANT,
      subjectKind: 'client',
      subjectId: 'robot',
      proof: { by: 'client_secret', digest },
      scopes: [],
    });

    const { reading } = await test.store.readToken(TENANT, tokens.accessDigest);
    expect(reading?.family).toMatchObject({ kind: 'APPLICATION', clientId: 'robot' });
    expect(reading?.family).toMatchObject({ subjectKind: 'client', subjectId: 'robot', scopes: [] });
    expect(reading?.subject).toBeUndefined();
    const first = refreshOf(tokens.refreshDigest, { clientId: TENANT });
    expect(refusalOf(await test.store.execute(first))).toBeUndefined();
    const second = refreshOf(first.tokens.refreshDigest, { clientId: 'robot' });
    expect(refusalOf(await test.store.execute(second))).toBeUndefined();
    const third = refreshOf(second.tokens.refreshDigest, { clientId: 'another' });
    expect(refusalOf(await test.store.execute(third))).toBe('invalid_refresh_token');
  });

  it('the answer to a refresh, byte for byte', async () => {
    await makeAcme(test.store, POLICY);
    const { tokens, familyId } = await begin(test.store);
    const refreshed = refreshOf(tokens.refreshDigest);
    const { issued } = answerOf(await test.store.execute(refreshed)) as { issued: object };
    const issueTime = test.clock.now;
    test.clock.advance(1_000);

    const again = answerOf(await test.store.execute(refreshOf(tokens.refreshDigest)));
    if (!('repeated' in again)) {
      throw new Error('issued anew');
    }
    expect(new Uint8Array(again.sealed)).toEqual(refreshed.sealed);
    expect(again.repeated).toEqual(issued);
    expect(again.repeated).toMatchObject({ tokenId: refreshed.tokens.accessTokenId, familyId, issueTime });
    const { reading } = await test.store.readToken(TENANT, refreshed.tokens.accessDigest);
    expect(reading?.token).toMatchObject({ generation: 1, issueTime });
    expect(reading?.family).toMatchObject({ generation: 1, repeatUntil: issueTime + POLICY.refreshRepeatWindowMs });
  });

  it('the answer to a request id, byte for byte, with and without a refresh token', async () => {
    for (const refreshEnabled of [true, false]) {
      const tenantId = `tenant-${refreshEnabled}`;
      await make(test.store, tenantOf(tenantId, { ...POLICY, refreshEnabled }));
      const subjectId = `user-${tenantId}`;
      await make(test.store, subjectOf({ subjectId, tenantId }));
      const request = { requestDigest: aDigest(), fingerprint: aDigest(), sealed: aDigest() };
      const by = { tenantId, clientId: tenantId, subjectId, scopes: ['read'], request };
      const { issued } = answerOf(await test.store.execute(issueOf(by))) as { issued: { familyId: string } };
      test.clock.advance(1_000);

      const again = answerOf(await test.store.execute(issueOf(by)));
      if (!('repeated' in again)) {
        throw new Error('issued anew');
      }
      expect(again.repeated).toEqual(issued);
      expect(new Uint8Array(again.sealed)).toEqual(request.sealed);
    }
  });

  it('failed logins, in the order asked for', async () => {
    await makeAcme(test.store, POLICY);
    const counters = [
      { key: 'subject:x', kind: 'name' },
      { key: 'address:::1', kind: 'address' },
    ] as const;
    await make(test.store, { kind: 'fail_login', tenantId: TENANT, counters });

    const windowEndTime = test.clock.now + POLICY.loginWindowMs;
    const [byAddress, byName, ...rest] = await test.store.readLoginFailures(TENANT, [
      'address:::1',
      'subject:y',
      'subject:x',
    ]);
    expect(byName).toEqual({ tenantId: TENANT, key: 'subject:x', count: 1, windowEndTime, lockEndTime: null });
    expect(byAddress).toMatchObject({ key: 'address:::1', count: 1, lockEndTime: null });
    expect(rest).toEqual([]);
  });

  it('a lock beyond 32 bits of milliseconds', async () => {
    await makeAcme(test.store, { loginAttempts: 1, loginLockPeriodMs: LONGEST_LIFETIME_MS });
    const counters = [{ key: 'subject:x', kind: 'name' }] as const;
    await make(test.store, { kind: 'fail_login', tenantId: TENANT, counters });

    const [failures] = await test.store.readLoginFailures(TENANT, ['subject:x']);
    expect(failures?.lockEndTime).toBe(test.clock.now + LONGEST_LIFETIME_MS);
  });

  it('a revoked family with the revision that revoked it', async () => {
    await makeAcme(test.store);
    const first = await begin(test.store);
    const second = await begin(test.store);
    await make(test.store, revokeFamily(first.familyId));
    await make(test.store, revokeFamily(second.familyId));

    const { reading, revision } = await test.store.readToken(TENANT, second.tokens.accessDigest);
    expect(reading?.family.revokedRevision).toBe(2);
    expect(revision).toBe(2);
  });
}
