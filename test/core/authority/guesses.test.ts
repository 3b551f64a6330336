/** A caller that was cut off learns nothing by guessing, and its guesses count all the same. */
import { describe, expect, it } from 'vitest';
import { confirmVerification } from '../../../src/core/operations/codes.ts';
import { changeUserPassword } from '../../../src/core/operations/passwords.ts';
import { all } from '../../../src/core/plan.ts';
import { nameCounter } from '../../../src/core/rules/guesses.ts';
import { readFailures } from '../../../src/core/services/lookups.ts';
import { CODE } from '../../../src/core/tables/codes.ts';
import { expectRefused, PASSWORD, wrongCode } from '../fixtures.ts';
import { ANN_BY_NAME, verificationCode } from './preparations.ts';
import { ANN, type Stage, setStage, TENANT } from './stage.ts';
import { WAYS } from './ways.ts';

async function failures({ store }: Stage): Promise<number> {
  const [found] = await readFailures(store, TENANT, [nameCounter(ANN)]);
  return found?.count ?? 0;
}

async function attemptsLeft({ store }: Stage): Promise<number | undefined> {
  return (await store.read({ codes: all(CODE, { subjectId: ANN }) })).codes[0]?.attemptsLeft;
}

describe('after it was cut off, a guess at', () => {
  it('a password is answered alike whether it is right, and counts when it is wrong', async () => {
    const stage = await setStage('client');
    await WAYS['client disabled']?.happen(stage);
    const change = (password: string) =>
      changeUserPassword(stage.services, stage.actor.call, ANN_BY_NAME, password, 'new password');
    await expectRefused(change(PASSWORD), 'caller_unauthenticated');
    expect(await failures(stage)).toBe(0);
    await expectRefused(change('wrong'), 'caller_unauthenticated');
    expect(await failures(stage)).toBe(1);
  });

  it('a code is answered alike, counts when it is wrong, and does nothing when it is right', async () => {
    const stage = await setStage('admin');
    const code = await verificationCode(stage);
    const { services, actor } = stage;
    await WAYS['client disabled']?.happen(stage);
    const confirm = (guess: string) => confirmVerification(services, actor.call, actor.ann, 'verify_phone', guess);
    await expectRefused(confirm(wrongCode(code)), 'caller_unauthenticated');
    expect(await attemptsLeft(stage)).toBe(4);
    await expectRefused(confirm(code), 'caller_unauthenticated');
    expect(await attemptsLeft(stage)).toBe(4);
  });
});
