import { beforeEach, expect, it } from 'vitest';
import { KEPT_ANSWER_LIFETIME_MS } from '../../../src/core/lifetimes.ts';
import { nameCounter } from '../../../src/core/rules/counters.ts';
import { readFailures, readSingleUse, readTenant } from '../../../src/core/services/lookups.ts';
import { AUDIT_RECORDS } from '../../../src/core/tables/audit.ts';
import { MESSAGES } from '../../../src/core/tables/messages.ts';
import { execute, make } from '../../support.ts';
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
import { enableMfa, findById, makePerson, readTotp, sendOf } from '../people.ts';

const HOUR = 3_600_000;
const PLENTY = 1_000;

export function purging(test: UnderTest): void {
  beforeEach(() =>
    makeAcme(test.store, { defaultTokenLifetimeMs: HOUR, refreshLifetimeMs: 10 * HOUR, refreshRepeatWindowMs: 0 }),
  );

  it('knows an expired access token for as long as its family, so that it can still revoke the login', async () => {
    const { tokens, familyId } = await begin(test.store);
    test.clock.advance(10 * HOUR - 1);
    expect(await test.store.purgeExpired(PLENTY)).toBe(0);

    const presented = { digest: tokens.accessDigest, tag: 'unproven' } as const;
    await make(test.store, revokeFamily(familyId, { presented }));
    expect(await revisionOf(test.store)).toBe(1);
    expect((await readingOf(test.store, familyId))?.family).toMatchObject({ familyId, revokedRevision: 1 });
  });

  it('deletes a login when it has expired and not a millisecond earlier', async () => {
    const { familyId } = await begin(test.store);
    test.clock.advance(10 * HOUR - 1);
    expect(await test.store.purgeExpired(PLENTY)).toBe(0);
    expect(await readingOf(test.store, familyId)).toBeDefined();

    test.clock.advance(1);
    expect(await test.store.purgeExpired(PLENTY)).toBe(1);
    expect(await readingOf(test.store, familyId)).toBeUndefined();
  });

  it('catches a thief with a refresh token that is older than all access tokens', async () => {
    const first = await begin(test.store);
    await make(test.store, refreshOf(first));
    test.clock.advance(10 * HOUR - 1);
    await test.store.purgeExpired(PLENTY);

    expect(refusalOf(await execute(test.store, refreshOf(first)))).toBe('invalid_refresh_token');
    expect(await revisionOf(test.store)).toBe(1);
    expect((await readingOf(test.store, first.familyId))?.family.revokedRevision).toBe(1);
  });

  it('deletes a family with all of its tokens when it has expired', async () => {
    const first = await begin(test.store);
    const { familyId } = first;
    const second = refreshOf(first);
    await make(test.store, second);
    expect(await readingOf(test.store, familyId)).toBeDefined();
    test.clock.advance(10 * HOUR);

    // All of a login is one row, however often it was refreshed.
    expect(await test.store.purgeExpired(PLENTY)).toBe(1);
    expect(await readingOf(test.store, familyId)).toBeUndefined();
    expect((await test.store.readFamily(null, familyId)).reading).toBeUndefined();
    for (const holder of [first, second]) {
      expect(refusalOf(await execute(test.store, refreshOf(holder)))).toBe('invalid_refresh_token');
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
    expect(counts).toEqual([10, 10, 5, 0]);
    expect(await readingOf(test.store, kept.familyId)).toBeDefined();
  });

  it('forgets a request id after its time and not before', async () => {
    const request = { requestDigest: aDigest(), fingerprint: aDigest(), box: aDigest() };
    await make(test.store, issueOf({ request }));
    test.clock.advance(KEPT_ANSWER_LIFETIME_MS - 1);
    await test.store.purgeExpired(PLENTY);
    expect(isRepeated(answerOf(await execute(test.store, issueOf({ request }))))).toBe(true);

    test.clock.advance(1);
    expect(await test.store.purgeExpired(PLENTY)).toBe(1);
    expect(isRepeated(answerOf(await execute(test.store, issueOf({ request }))))).toBe(false);
  });

  it('forgets no failed login before its window and its lock have ended', async () => {
    const short = { loginAttempts: 2, loginWindowMs: HOUR, loginLockPeriodMs: 3 * HOUR };
    await make(test.store, tenantOf('locking', short));
    const fail = (key: string) =>
      make(test.store, {
        kind: 'end_guess',
        tenantId: 'locking',
        counters: [{ key, kind: 'name' }],
        end: 'wrong',
        failed: [],
      });
    await fail('subject:once');
    await fail('subject:locked');
    await fail('subject:locked');
    const left = async () =>
      (await readFailures(test.store, 'locking', [nameCounter('once'), nameCounter('locked')])).map(({ key }) => key);

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

  it('forgets the first step of a login when it has expired, and a message when it is shown no more', async () => {
    await enableMfa(test.store);
    const pendingDigest = aDigest();
    await make(test.store, issueOf({ pendingDigest }));
    const read = () => readSingleUse(test.store, TENANT, 'second_factor', pendingDigest);
    const { expireTime = 0 } = (await read()) ?? {};
    test.clock.advance(expireTime - test.clock.now - 1);
    expect(await test.store.purgeExpired(PLENTY)).toBe(0);
    expect(await read()).toBeDefined();
    test.clock.advance(1);
    expect(await test.store.purgeExpired(PLENTY)).toBe(1);
    expect(await read()).toBeUndefined();

    await makePerson(test.store, 'sent');
    await make(test.store, sendOf({}, 'sent'));
    const list = () => test.store.list(MESSAGES, { tenantId: TENANT }, { limit: PLENTY });
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
    expect(answerOf(await execute(test.store, revokeFamily(next.familyId)))).toMatchObject({ revision: 2 });
  });

  it('leaves tenants, clients, subjects, second factors and the audit log alone', async () => {
    await enableMfa(test.store);
    const { auditSequence } = (await readTenant(test.store, TENANT)) ?? {};
    test.clock.advance(100 * 365 * 24 * HOUR);
    await test.store.purgeExpired(PLENTY);

    expect(await test.store.readClient('app')).toBeDefined();
    expect(await findById(test.store, ANN)).toBeDefined();
    expect(await readTotp(test.store, TENANT, ANN)).toBeDefined();
    expect(await test.store.list(AUDIT_RECORDS, { tenantId: TENANT }, { limit: PLENTY })).toHaveLength(
      auditSequence ?? 0,
    );
  });
}
