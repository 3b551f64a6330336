import { beforeEach, expect, it } from 'vitest';
import { REQUEST_ID_LIFETIME_MS } from '../../../src/core/lifetimes.ts';
import { make } from '../../support.ts';
import {
  ANN,
  aDigest,
  answerOf,
  begin,
  isRepeated,
  issueOf,
  makeAcme,
  readingOf,
  refreshOf,
  refusalOf,
  revisionOf,
  revokeFamily,
  TENANT,
  tenantOf,
  type UnderTest,
} from '../fixtures.ts';
import { enableMfa, makePerson, sendOf } from '../people.ts';

const HOUR = 3_600_000;
const PLENTY = 1_000;

export function purging(test: UnderTest): void {
  beforeEach(() =>
    makeAcme(test.store, { defaultTokenLifetimeMs: HOUR, refreshLifetimeMs: 10 * HOUR, refreshRepeatWindowMs: 0 }),
  );

  it('keeps an expired access token for as long as its family, so that it can still revoke the login', async () => {
    const { tokens, familyId } = await begin(test.store);
    test.clock.advance(10 * HOUR - 1);
    expect(await test.store.purgeExpired(PLENTY)).toBe(0);

    const target = { by: 'token', digest: tokens.accessDigest } as const;
    await make(test.store, { kind: 'revoke', tenantId: TENANT, target });
    expect(await revisionOf(test.store)).toBe(1);
    expect((await readingOf(test.store, tokens.refreshDigest))?.family).toMatchObject({ familyId, revokedRevision: 1 });
  });

  it('deletes a login when it has expired and not a millisecond earlier', async () => {
    const { tokens } = await begin(test.store);
    test.clock.advance(10 * HOUR - 1);
    expect(await test.store.purgeExpired(PLENTY)).toBe(0);

    test.clock.advance(1);
    expect(await test.store.purgeExpired(PLENTY)).toBe(3);
    expect(await readingOf(test.store, tokens.accessDigest)).toBeUndefined();
  });

  it('catches a thief with a refresh token that is older than all access tokens', async () => {
    const { tokens } = await begin(test.store);
    const second = refreshOf(tokens.refreshDigest);
    await make(test.store, second);
    test.clock.advance(10 * HOUR - 1);
    await test.store.purgeExpired(PLENTY);

    expect(refusalOf(await test.store.execute(refreshOf(tokens.refreshDigest)))).toBe('invalid_refresh_token');
    expect(await revisionOf(test.store)).toBe(1);
    expect((await readingOf(test.store, second.tokens.refreshDigest))?.family.revokedRevision).toBe(1);
  });

  it('deletes a family with all of its tokens when it has expired', async () => {
    const { tokens, familyId } = await begin(test.store);
    const second = refreshOf(tokens.refreshDigest);
    await make(test.store, second);
    test.clock.advance(10 * HOUR);

    // Two access tokens, two refresh tokens and the family.
    expect(await test.store.purgeExpired(PLENTY)).toBe(5);
    for (const { accessDigest, refreshDigest } of [tokens, second.tokens]) {
      expect(await readingOf(test.store, accessDigest)).toBeUndefined();
      expect(await test.store.readBearer(refreshDigest)).toBeUndefined();
    }
    await make(test.store, revokeFamily(familyId));
    expect(await revisionOf(test.store)).toBe(0);
  });

  it('deletes no more rows of a kind than it was allowed, and all of them in the end', async () => {
    await Promise.all(Array.from({ length: 25 }, () => begin(test.store)));
    test.clock.advance(HOUR);
    const kept = await begin(test.store);
    test.clock.advance(9 * HOUR);

    const counts = [];
    for (let count = -1; count !== 0; counts.push(count)) {
      count = await test.store.purgeExpired(10);
    }
    // Fifty tokens and twenty-five families, ten of each at a time.
    expect(counts).toEqual([20, 20, 15, 10, 10, 0]);
    expect(await readingOf(test.store, kept.tokens.accessDigest)).toBeDefined();
  });

  it('forgets a request id after its time and not before', async () => {
    const request = { requestDigest: aDigest(), fingerprint: aDigest(), sealed: aDigest() };
    await make(test.store, issueOf({ request }));
    test.clock.advance(REQUEST_ID_LIFETIME_MS - 1);
    await test.store.purgeExpired(PLENTY);
    expect(isRepeated(answerOf(await test.store.execute(issueOf({ request }))))).toBe(true);

    test.clock.advance(1);
    expect(await test.store.purgeExpired(PLENTY)).toBe(1);
    expect(isRepeated(answerOf(await test.store.execute(issueOf({ request }))))).toBe(false);
  });

  it('forgets no failed login before its window and its lock have ended', async () => {
    const short = { loginAttempts: 2, loginWindowMs: HOUR, loginLockPeriodMs: 3 * HOUR };
    await make(test.store, tenantOf('locking', short));
    const fail = (key: string) =>
      make(test.store, { kind: 'fail_login', tenantId: 'locking', counters: [{ key, kind: 'name' }] });
    await fail('subject:once');
    await fail('subject:locked');
    await fail('subject:locked');
    const left = async () =>
      (await test.store.readLoginFailures('locking', ['subject:once', 'subject:locked'])).map(({ key }) => key);

    const lefts = [];
    for (const hours of [0, 1, 2]) {
      test.clock.advance(hours * HOUR - 1);
      await test.store.purgeExpired(PLENTY);
      lefts.push(await left());
      test.clock.advance(1);
      await test.store.purgeExpired(PLENTY);
      lefts.push(await left());
    }
    const [both, locked] = [['subject:once', 'subject:locked'], ['subject:locked']];
    expect(lefts).toEqual([both, both, both, locked, locked, []]);
  });

  it('forgets a challenge when it has expired, and a message when it is shown no more', async () => {
    await enableMfa(test.store);
    const { tokens } = issueOf();
    await make(test.store, issueOf({ tokens }));
    const read = () => test.store.readMfaChallenge(TENANT, tokens.accessDigest);
    const { expireTime = 0 } = (await read()) ?? {};
    test.clock.advance(expireTime - test.clock.now - 1);
    expect(await test.store.purgeExpired(PLENTY)).toBe(0);
    expect(await read()).toBeDefined();
    test.clock.advance(1);
    expect(await test.store.purgeExpired(PLENTY)).toBe(1);
    expect(await read()).toBeUndefined();

    await makePerson(test.store, 'sent');
    await make(test.store, sendOf({}, 'sent'));
    const list = () => test.store.listMessages(TENANT, { limit: PLENTY });
    const { keepUntil = 0 } = (await list())[0] ?? {};
    test.clock.advance(keepUntil - test.clock.now - 1);
    // Its code, and how many went to its address.
    expect(await test.store.purgeExpired(PLENTY)).toBe(2);
    expect(await list()).toHaveLength(1);
    test.clock.advance(1);
    expect(await test.store.purgeExpired(PLENTY)).toBe(1);
    expect(await list()).toEqual([]);
  });

  it('goes on counting revisions when the events are gone', async () => {
    const first = await begin(test.store);
    await make(test.store, revokeFamily(first.familyId));
    test.clock.advance(365 * 24 * HOUR);
    while ((await test.store.purgeExpired(PLENTY)) > 0) {}

    const next = await begin(test.store);
    expect(answerOf(await test.store.execute(revokeFamily(next.familyId)))).toMatchObject({ revision: 2 });
  });

  it('leaves tenants, clients, subjects, second factors and the audit log alone', async () => {
    await enableMfa(test.store);
    const { auditSequence } = (await test.store.readTenant(TENANT)) ?? {};
    test.clock.advance(100 * 365 * 24 * HOUR);
    await test.store.purgeExpired(PLENTY);

    expect(await test.store.readClient('app')).toBeDefined();
    expect(await test.store.findSubject(TENANT, { kind: 'subject_id', key: ANN })).toBeDefined();
    expect(await test.store.readTotp(TENANT, ANN)).toBeDefined();
    expect(await test.store.listAuditRecords(TENANT, { limit: PLENTY })).toHaveLength(auditSequence ?? 0);
  });
}
