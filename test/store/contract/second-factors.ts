import { beforeEach, expect, it } from 'vitest';
import type { CompleteMfa } from '../../../src/core/commands/complete-mfa.ts';
import { PENDING_LOGIN_LIFETIME_MS } from '../../../src/core/lifetimes.ts';
import type { Digest } from '../../../src/core/model.ts';
import { readSingleUse } from '../../../src/core/services/lookups.ts';
import { execute, make } from '../../support.ts';
import {
  ANN,
  APP,
  aDigest,
  answerOf,
  cutOff,
  isPairLive,
  issueOf,
  makeAcme,
  readingOf,
  refusalOf,
  subjectOf,
  TENANT,
  tenantOf,
  type UnderTest,
} from '../fixtures.ts';
import { completeOf, enableMfa, enrollOf, findById, plain, readTotp } from '../people.ts';

export function secondFactors(test: UnderTest): void {
  beforeEach(() => makeAcme(test.store));

  const find = () => findById(test.store, ANN);
  const read = async () => plain(await readTotp(test.store, TENANT, ANN));

  const readPending = async (digest: Digest, tenantId: string = TENANT) =>
    plain(await readSingleUse(test.store, tenantId, 'second_factor', digest));

  /** The first step of a login; answers the digest that the second is begun with. */
  async function firstStep(): Promise<Digest> {
    const pendingDigest = aDigest();
    const answer = answerOf(await execute(test.store, issueOf({ pendingDigest })));
    expect(answer).toMatchObject({ pending: { subjectId: ANN } });
    return pendingDigest;
  }

  it('are read back field for field, enrolled, confirmed and removed', async () => {
    const enroll = enrollOf();
    await make(test.store, enroll);
    const enrolled = { subjectId: ANN, tenantId: TENANT, sealed: enroll.sealed, active: false, lastStep: 0 };
    expect(await read()).toEqual({ ...enrolled, recoveryDigests: [] });
    expect((await find())?.mfaEnabled).toBe(false);

    const recoveryDigests = [aDigest(), new Uint8Array(32), aDigest()];
    const { sealed } = enroll;
    const step = Number.MAX_SAFE_INTEGER;
    await make(test.store, {
      kind: 'confirm_totp',
      tenantId: TENANT,
      subjectId: ANN,
      sealed,
      step,
      recoveryDigests,
      counters: [],
    });
    expect(await read()).toEqual({ ...enrolled, active: true, lastStep: step, recoveryDigests });
    expect((await find())?.mfaEnabled).toBe(true);

    await make(test.store, { kind: 'remove_totp', tenantId: TENANT, subjectId: ANN, onlyUnconfirmed: false });
    expect(await read()).toBeUndefined();
    expect((await find())?.mfaEnabled).toBe(false);
  });

  it('are unknown to another tenant, and so are first steps', async () => {
    await make(test.store, tenantOf('other'));
    await enableMfa(test.store);
    const digest = await firstStep();
    expect(await readTotp(test.store, 'other', ANN)).toBeUndefined();
    expect(await readPending(digest, 'other')).toBeUndefined();
    expect(await readPending(aDigest())).toBeUndefined();
    expect(await readPending(digest)).toBeDefined();
  });

  it('divide a login into steps, the first of which is read back field for field and begins no family', async () => {
    await enableMfa(test.store);
    const client = { clientId: TENANT, refreshClientId: APP };
    for (const expireTime of [undefined, test.clock.now + 5]) {
      const pendingDigest = aDigest();
      const issue = issueOf({ ...client, scopes: ['read', 'write'], pendingDigest, expireTime });
      const pending = { subjectId: ANN, expireTime: test.clock.now + PENDING_LOGIN_LIFETIME_MS };
      expect(answerOf(await execute(test.store, issue))).toEqual({ pending });
      expect(await readPending(pendingDigest)).toEqual({
        ...pending,
        digest: pendingDigest,
        purpose: 'second_factor',
        tenantId: TENANT,
        clientId: TENANT,
        familyId: null,
        payload: {
          audience: null,
          refreshClientId: APP,
          scopes: ['read', 'write'],
          tokenExpireTime: expireTime ?? null,
          issueRevision: 0,
        },
      });
      expect(await readingOf(test.store, issue.familyId)).toBeUndefined();
    }
  });

  it('let a first step, a code and a recovery code each be used once, however many use it at once', async () => {
    const recovery = aDigest();
    const sealed = await enableMfa(test.store, { recoveryDigests: [aDigest(), recovery] });
    const one = await firstStep();
    const byRecovery = { by: 'recovery_code', digest: recovery } as const;
    const byCode = { by: 'totp', sealed, step: 9 } as const;

    /** Those that were answered. */
    const atOnce = async (commands: CompleteMfa[]) => {
      const outcomes = await Promise.all(commands.map((command) => execute(test.store, command)));
      return commands.filter((_, i) => 'answer' in (outcomes[i] ?? {}));
    };
    const steps = Array.from({ length: 10 }, (_, i) => 10 + i);
    const [winner, ...others] = await atOnce(steps.map((step) => completeOf(one, { ...byCode, step })));
    expect(others).toEqual([]);
    // It stays, and knows what it was redeemed for.
    expect(await readPending(one)).toMatchObject({ familyId: winner?.familyId });
    expect(await isPairLive(test, winner as CompleteMfa)).toBe(true);
    const lastStep = (await read())?.lastStep ?? 0;
    expect(steps).toContain(lastStep);

    const many = () => Promise.all(steps.map(firstStep));
    const code = { ...byCode, step: 100 };
    expect(await atOnce((await many()).map((digest) => completeOf(digest, code)))).toHaveLength(1);
    expect(await atOnce((await many()).map((digest) => completeOf(digest, byRecovery)))).toHaveLength(1);
    expect((await read())?.recoveryDigests).toHaveLength(1);
  });

  it('open nothing after what ends a login, or when their time is over', async () => {
    const sealed = await enableMfa(test.store);
    const secondStep = async (digest: Digest, step: number, overrides: Partial<CompleteMfa> = {}) =>
      refusalOf(await execute(test.store, completeOf(digest, { by: 'totp', sealed, step }, overrides)));
    const [cut, late] = [await firstStep(), await firstStep()];
    expect(await secondStep(cut, 10, { clientId: TENANT })).toBe('invalid_credentials');
    expect(await secondStep(cut, 10, { refreshClientId: TENANT })).toBe('invalid_credentials');
    await make(test.store, cutOff('user', ANN));
    expect([await secondStep(cut, 10), await secondStep(late, 10)]).toEqual([
      'invalid_credentials',
      'invalid_credentials',
    ]);
    const [intime, over] = [await firstStep(), await firstStep()];
    test.clock.advance(PENDING_LOGIN_LIFETIME_MS - 1);
    expect(await secondStep(intime, 10)).toBeUndefined();
    test.clock.advance(1);
    expect(await secondStep(over, 11)).toBe('invalid_credentials');
  });

  it('go with their user', async () => {
    await enableMfa(test.store);
    await make(test.store, cutOff('user', ANN, 'deleted'));
    expect(await read()).toBeUndefined();
    await make(test.store, subjectOf());
    expect(await read()).toBeUndefined();
  });
}
