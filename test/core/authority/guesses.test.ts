/** A caller that was cut off learns nothing by guessing: nothing is checked for it. */
import { describe, expect, it } from 'vitest';
import { confirmVerification } from '../../../src/core/operations/codes.ts';
import { changeUserPassword } from '../../../src/core/operations/passwords.ts';
import { codeCounter, nameCounter } from '../../../src/core/rules/counters.ts';
import { readFailures } from '../../../src/core/services/lookups.ts';
import { expectRefused, PASSWORD, wrongCode } from '../fixtures.ts';
import { ANN_BY_NAME, verificationCode } from './preparations.ts';
import { ANN, type Stage, setStage, TENANT } from './stage.ts';
import { WAYS } from './ways.ts';

async function counted({ store }: Stage): Promise<number> {
  const rows = await readFailures(store, TENANT, [nameCounter(ANN), codeCounter('verify_phone', ANN)]);
  return rows.reduce((sum, { count, pending }) => sum + count + pending, 0);
}

describe('after it was cut off, a guess at', () => {
  it('a password is answered alike whether it is right, and is not checked', async () => {
    const stage = await setStage('client');
    await WAYS['client disabled']?.happen(stage);
    stage.hasher.hold();
    for (const password of [PASSWORD, 'wrong']) {
      const guess = changeUserPassword(stage.services, stage.actor.call, ANN_BY_NAME, password, 'new password');
      await expectRefused(guess, 'caller_unauthenticated');
    }
    expect(await counted(stage)).toBe(0);
  });

  it('a code is answered alike whether it is right', async () => {
    const stage = await setStage('admin');
    const code = await verificationCode(stage);
    const { services, actor } = stage;
    await WAYS['client disabled']?.happen(stage);
    for (const guess of [wrongCode(code), code]) {
      const confirmed = confirmVerification(services, actor.call, actor.ann, 'verify_phone', guess);
      await expectRefused(confirmed, 'caller_unauthenticated');
    }
    expect(await counted(stage)).toBe(0);
  });
});

it('a guess that began before its caller was cut off counts when it is wrong, and is answered alike', async () => {
  const stage = await setStage('client');
  stage.hasher.hold();
  const guess = (password: string) =>
    changeUserPassword(stage.services, stage.actor.call, ANN_BY_NAME, password, 'new password');
  const wrong = expectRefused(guess('wrong'), 'caller_unauthenticated');
  const right = expectRefused(guess(PASSWORD), 'caller_unauthenticated');
  await stage.hasher.reached();
  await WAYS['client disabled']?.happen(stage);
  stage.hasher.release();
  await Promise.all([wrong, right]);
  expect(await counted(stage)).toBe(1);
});
