import { beforeEach, expect, it } from 'vitest';
import { codeCounter } from '../../../src/core/rules/counters.ts';
import { findSubject } from '../../../src/core/services/lookups.ts';
import { execute, make } from '../../support.ts';
import { ANN, answerOf, cutOff, refusalOf, TENANT, tenantOf, type UnderTest } from '../fixtures.ts';
import { EMAIL, findById, makePerson, PHONE, redeemOf, sendOf } from '../people.ts';

const HOUR = 3_600_000;
const BOB = 'user-bob';

export function codes(test: UnderTest): void {
  beforeEach(async () => {
    await make(test.store, tenantOf(TENANT));
    await makePerson(test.store, ANN);
  });

  const find = (key: string) => findById(test.store, key);
  const byEmail = () => findSubject(test.store, TENANT, { kind: 'email', key: EMAIL.toLowerCase() });

  it('a code of each purpose, each of which proves its own address and is spent', async () => {
    const [email, phone] = [sendOf(), sendOf({ purpose: 'verify_phone', channel: 'sms' })];
    expect(answerOf(await execute(test.store, email))).toEqual({ address: EMAIL, expireTime: test.clock.now + HOUR });
    expect(answerOf(await execute(test.store, phone))).toMatchObject({ address: PHONE });

    await make(test.store, redeemOf(phone));
    expect(await find(ANN)).toMatchObject({ emailVerified: false, phoneVerified: true });
    expect(refusalOf(await execute(test.store, redeemOf(phone)))).toBe('invalid_code');
    expect(await byEmail()).toBeUndefined();
    await make(test.store, redeemOf(email));
    expect(await byEmail()).toMatchObject({ subjectId: ANN, emailVerified: true });
  });

  it('the last code in the place of the one before, with what was counted', async () => {
    const [first, second] = [sendOf(), sendOf()];
    await make(test.store, first);
    await make(test.store, second);
    expect(refusalOf(await execute(test.store, redeemOf(first)))).toBe('invalid_code');
    await make(test.store, redeemOf(second));
  });

  it('each guess, also of twenty at once, and a new code anew', async () => {
    const sent = sendOf();
    await make(test.store, sent);
    const counters = [codeCounter(sent.code.purpose, sent.subjectId)];
    const begin = { kind: 'begin_guess', tenantId: TENANT, counters, alsoLocked: [] } as const;
    const begun = await Promise.all(Array.from({ length: 20 }, () => execute(test.store, begin)));
    expect(begun.filter((outcome) => refusalOf(outcome) === undefined)).toHaveLength(5);
    for (const _ of [1, 2, 3, 4, 5]) {
      await make(test.store, { kind: 'end_guess', tenantId: TENANT, counters, end: 'wrong', failed: [] });
    }
    expect(refusalOf(await execute(test.store, begin))).toBe('invalid_code');
    await make(test.store, sendOf());
    await make(test.store, begin);
  });

  it('how many were sent, until the window ends and although all were deleted as expired', async () => {
    await make(test.store, { kind: 'update_tenant', tenantId: TENANT, policy: { verificationCodeLifetimeMs: 1 } });
    const sends = await Promise.all(Array.from({ length: 20 }, () => execute(test.store, sendOf())));
    const sent = sends.filter((outcome) => refusalOf(outcome) === undefined).length;
    expect(sent).toBeLessThan(20);
    test.clock.advance(HOUR - 1);
    await test.store.purgeExpired(100);
    expect(refusalOf(await execute(test.store, sendOf()))).toBe('too_many_codes');
    test.clock.advance(1);
    // The code, and how many went to its address.
    expect(await test.store.purgeExpired(100)).toBe(2);
    await make(test.store, sendOf());
  });

  it('one address that two gave to the one who proves it first', async () => {
    await makePerson(test.store, BOB);
    const [ann, bob] = [sendOf(), sendOf({}, BOB)];
    await make(test.store, ann);
    await make(test.store, bob);

    const outcomes = await Promise.all([ann, bob].map((sent) => execute(test.store, redeemOf(sent))));

    expect(outcomes.map(refusalOf).sort()).toEqual(['already_exists', undefined]);
    const winner = refusalOf(outcomes[0] as (typeof outcomes)[0]) === undefined ? ANN : BOB;
    expect(await byEmail()).toMatchObject({ subjectId: winner });
  });

  it('no code of whom was deleted, whose id another has', async () => {
    const sent = sendOf();
    await make(test.store, sent);
    await make(test.store, cutOff('user', ANN, 'deleted'));
    await makePerson(test.store, ANN);
    expect(refusalOf(await execute(test.store, redeemOf(sent)))).toBe('invalid_code');
  });
}
