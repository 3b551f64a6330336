import { beforeEach, expect, it } from 'vitest';
import { make } from '../../support.ts';
import {
  ANN,
  APP,
  aDigest,
  answerOf,
  cutOff,
  issueOf,
  makeAcme,
  refusalOf,
  subjectOf,
  TENANT,
  tenantOf,
  type UnderTest,
} from '../fixtures.ts';
import { completeOf, enableMfa, enrolOf, plain } from '../people.ts';

export function secondFactors(test: UnderTest): void {
  beforeEach(() => makeAcme(test.store));

  const find = () => test.store.findSubject(TENANT, { kind: 'subject_id', key: ANN });
  const read = async () => plain(await test.store.readTotp(TENANT, ANN));

  async function challenge(overrides = {}) {
    const issue = issueOf(overrides);
    expect(answerOf(await test.store.execute(issue))).toHaveProperty('challenge');
    return issue;
  }

  it('are read back field for field, enrolled, confirmed and removed', async () => {
    const enrol = enrolOf();
    await make(test.store, enrol);
    const enrolled = { subjectId: ANN, tenantId: TENANT, sealed: enrol.sealed, active: false, lastStep: 0 };
    expect(await read()).toEqual({ ...enrolled, recoveryDigests: [] });
    expect((await find())?.mfaEnabled).toBe(false);

    const recoveryDigests = [aDigest(), new Uint8Array(32), aDigest()];
    const { sealed } = enrol;
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

  it('are unknown to another tenant, and so are challenges', async () => {
    await make(test.store, tenantOf('other'));
    await enableMfa(test.store);
    const { tokens } = await challenge();
    expect(await test.store.readTotp('other', ANN)).toBeUndefined();
    expect(await test.store.readMfaChallenge('other', tokens.accessDigest)).toBeUndefined();
    expect(await test.store.readMfaChallenge(TENANT, aDigest())).toBeUndefined();
  });

  it('bring challenges, which are read back field for field', async () => {
    await enableMfa(test.store);
    const client = { clientId: TENANT, refreshClientId: APP };
    for (const expireTime of [undefined, test.clock.now + 5]) {
      const issue = { ...issueOf({ ...client, scopes: ['read', 'write'] }), ...(expireTime && { expireTime }) };
      const { answer } = (await test.store.execute(issue)) as { answer: { challenge: { expireTime: number } } };
      expect(plain(await test.store.readMfaChallenge(TENANT, issue.tokens.accessDigest))).toEqual({
        digest: issue.tokens.accessDigest,
        tenantId: TENANT,
        ...client,
        subjectId: ANN,
        scopes: ['read', 'write'],
        tokenExpireTime: expireTime ?? null,
        issueRevision: 0,
        expireTime: answer.challenge.expireTime,
      });
    }
  });

  it('let a challenge, a code and a recovery code each be used once, however many use it at once', async () => {
    const recovery = aDigest();
    const sealed = await enableMfa(test.store, { recoveryDigests: [aDigest(), recovery] });
    const one = (await challenge()).tokens.accessDigest;
    const byRecovery = { by: 'recovery_code', digest: recovery } as const;
    const byCode = { by: 'totp', sealed, step: 9 } as const;

    const atOnce = async (commands: ReturnType<typeof completeOf>[]) => {
      const outcomes = await Promise.all(commands.map((command) => test.store.execute(command)));
      return outcomes.filter((outcome) => refusalOf(outcome) === undefined).length;
    };
    const steps = Array.from({ length: 10 }, (_, i) => 10 + i);
    expect(await atOnce(steps.map((step) => completeOf(one, { ...byCode, step })))).toBe(1);
    expect(await test.store.readMfaChallenge(TENANT, one)).toBeUndefined();
    const lastStep = (await read())?.lastStep ?? 0;
    expect(steps).toContain(lastStep);

    const many = async () => Promise.all(steps.map(async () => (await challenge()).tokens.accessDigest));
    expect(await atOnce((await many()).map((digest) => completeOf(digest, { ...byCode, step: 100 })))).toBe(1);
    expect(await atOnce((await many()).map((digest) => completeOf(digest, byRecovery)))).toBe(1);
    expect((await read())?.recoveryDigests).toHaveLength(1);
  });

  it('go with their user', async () => {
    await enableMfa(test.store);
    await make(test.store, cutOff('user', ANN, 'deleted'));
    expect(await read()).toBeUndefined();
    await make(test.store, subjectOf());
    expect(await read()).toBeUndefined();
  });
}
