import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { changeUserPassword } from '../../../src/core/operations/directory/passwords.ts';
import { confirmTotp, enrolTotp, removeTotp } from '../../../src/core/operations/directory/totp.ts';
import { registerUser } from '../../../src/core/operations/directory/users.ts';
import { introspect } from '../../../src/core/operations/introspect.ts';
import { issue } from '../../../src/core/operations/issue.ts';
import { makePair } from '../../../src/core/operations/new-tokens.ts';
import { type GivenFactor, proveSecondFactor } from '../../../src/core/operations/second-factor.ts';
import { digestOf } from '../../../src/core/secrets.ts';
import { matchingStep, totpCode, totpSecret } from '../../../src/core/totp.ts';
import { openTestBed, type TestBed } from '../../support.ts';
import {
  ANN,
  type Enrolled,
  enrol,
  expectRefused,
  isActive,
  login,
  makeWorld,
  PASSWORD,
  type World,
} from '../fixtures.ts';

const STEP_MS = 30_000;

let bed: TestBed;
let world: World;
let factor: Enrolled;

beforeAll(async () => {
  bed = await openTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  world = await makeWorld(bed);
  factor = await enrol(world, world.annId);
  // The code that it was enrolled with is used up.
  world.clock.advance(STEP_MS);
});

const ann = (): { by: 'user_id'; userId: string } => ({ by: 'user_id', userId: world.annId });

async function firstStep(): Promise<string> {
  const result = await issue(world.services, world.backend, { credential: ANN });
  if (!('mfaToken' in result)) {
    throw new Error('no second factor was asked for');
  }
  return result.mfaToken;
}

async function secondStep(mfaToken: string, given: GivenFactor, call = world.backend) {
  const result = await issue(world.services, call, { credential: { kind: 'second_factor', mfaToken, factor: given } });
  if ('mfaToken' in result) {
    throw new Error('a second factor was asked for twice');
  }
  return result;
}

const code = (): GivenFactor => ({ by: 'totp', code: totpCode(factor.secret, world.clock.now) });

describe('a login with a second factor', () => {
  it('takes both steps', async () => {
    const tokens = await secondStep(await firstStep(), code());
    expect(tokens).toMatchObject({ kind: 'USER', subjectId: world.annId });
    expect(await isActive(world, tokens.accessToken)).toBe(true);
  });

  it('gives the first step nothing that opens anything', async () => {
    const token = await firstStep();
    expect(await introspect(world.services, world.watcher, { token })).toMatchObject({ active: false });
  });

  it('takes a code once: no replay, not even in another login', async () => {
    const [one, two] = [await firstStep(), await firstStep()];
    const used = code();
    await secondStep(one, used);
    await expectRefused(secondStep(two, used), 'invalid_credentials');
    await expectRefused(secondStep(one, used), 'invalid_credentials');
    world.clock.advance(STEP_MS);
    await expectRefused(secondStep(one, code()), 'invalid_credentials');
    await secondStep(two, code());
  });

  it('of many at once with one code lets in exactly one', async () => {
    const tokens = await Promise.all(Array.from({ length: 5 }, firstStep));
    const used = code();
    const results = await Promise.allSettled(tokens.map((token) => secondStep(token, used)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('takes a recovery code once, as people type it', async () => {
    const [recovery = ''] = factor.recoveryCodes;
    const given = { by: 'recovery_code', code: recovery.toLowerCase().replace('-', ' ') } as const;
    await secondStep(await firstStep(), given);
    await expectRefused(secondStep(await firstStep(), given), 'invalid_credentials');
    const [, second = ''] = factor.recoveryCodes;
    await secondStep(await firstStep(), { by: 'recovery_code', code: second });
  });

  it('takes the codes of the steps around now, and no others', async () => {
    const at = (steps: number): GivenFactor => ({
      by: 'totp',
      code: totpCode(factor.secret, world.clock.now + steps * STEP_MS),
    });
    world.clock.advance(10 * STEP_MS);
    await expectRefused(secondStep(await firstStep(), at(-2)), 'invalid_credentials');
    await expectRefused(secondStep(await firstStep(), at(2)), 'invalid_credentials');
    await secondStep(await firstStep(), at(-1));
    await secondStep(await firstStep(), at(0));
    await secondStep(await firstStep(), at(1));
  });

  it('locks after five wrong codes, over all logins of the user, also for the right one', async () => {
    for (let i = 0; i < 5; i++) {
      await expectRefused(secondStep(await firstStep(), { by: 'totp', code: '000000' }), 'invalid_credentials');
    }
    await expectRefused(secondStep(await firstStep(), code()), 'login_locked');
    world.clock.advance(3_600_000);
    await secondStep(await firstStep(), code());
  });

  it('locks after five codes that were used before', async () => {
    const used = code();
    await secondStep(await firstStep(), used);
    for (let i = 0; i < 5; i++) {
      await expectRefused(secondStep(await firstStep(), used), 'invalid_credentials');
    }
    await expectRefused(secondStep(await firstStep(), used), 'login_locked');
  });

  it('does not take the code that it was turned on with', async () => {
    world = await makeWorld(bed);
    factor = await enrol(world, world.annId);
    await expectRefused(secondStep(await firstStep(), code()), 'invalid_credentials');
  });

  it('is not finished by a factor that was turned on anew meanwhile', async () => {
    const { services, backend, admin, tenantId, annId: subjectId } = world;
    const next = { by: 'totp', code: totpCode(factor.secret, world.clock.now + STEP_MS) } as const;
    const proven = await proveSecondFactor(services, backend, subjectId, next);
    const challengeDigest = digestOf(await firstStep());
    await removeTotp(services, admin, ann(), undefined);
    await enrol(world, subjectId);
    const { clientId } = backend.caller;
    const outcome = await services.store.execute({
      kind: 'complete_mfa',
      ...{ tenantId, clientId, refreshClientId: clientId, subjectId, challengeDigest },
      factor: proven,
      counters: [],
      familyId: `family of ${tenantId}`,
      tokens: makePair(services.random, 'USER').tokens,
    });
    expect(outcome).toMatchObject({ refusal: { code: 'invalid_credentials' } });
  });

  it('ends after five minutes', async () => {
    const token = await firstStep();
    world.clock.advance(300_000);
    await expectRefused(secondStep(token, code()), 'invalid_credentials');
  });

  it('is finished by the client that began it, in its tenant', async () => {
    const token = await firstStep();
    await expectRefused(secondStep(token, code(), world.app), 'invalid_credentials');
    const other = await makeWorld(bed);
    await expectRefused(secondStep(token, code(), other.backend), 'invalid_credentials');
    await secondStep(token, code());
  });

  it('ends with a change of the password in between', async () => {
    const token = await firstStep();
    await changeUserPassword(world.services, world.app, ann(), PASSWORD, 'another password');
    await expectRefused(secondStep(token, code()), 'invalid_credentials');
  });
});

describe('turning it on', () => {
  it('asks nothing of a login until it is confirmed', async () => {
    const fresh = await makeWorld(bed);
    const ref = { by: 'user_id', userId: fresh.annId } as const;
    await enrolTotp(fresh.services, fresh.admin, ref, undefined);
    await login(fresh);
    await expectRefused(confirmTotp(fresh.services, fresh.admin, ref, '000000'), 'invalid_code');
    await login(fresh);
  });

  it('answers what an authenticator app takes', async () => {
    const fresh = await makeWorld(bed);
    const { secret, uri } = await enrolTotp(
      fresh.services,
      fresh.admin,
      { by: 'user_id', userId: fresh.annId },
      undefined,
    );
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(uri).toContain(`secret=${secret}`);
    expect(uri).toMatch(/^otpauth:\/\/totp\//);
  });

  it('is done by the user in person', async () => {
    const fresh = await makeWorld(bed);
    const { accessToken } = await login(fresh);
    const self = { by: 'access_token', accessToken } as const;
    const { secret } = await enrolTotp(fresh.services, fresh.app, self, PASSWORD);
    await confirmTotp(fresh.services, fresh.app, self, totpCode(secret, fresh.clock.now));
    // A stolen token alone turns it neither off nor over.
    await expectRefused(removeTotp(fresh.services, fresh.app, self, undefined), 'permission_denied');
    await expectRefused(enrolTotp(fresh.services, fresh.app, self, PASSWORD), 'precondition_failed');
    fresh.clock.advance(STEP_MS);
    const next = { by: 'totp', code: totpCode(secret, fresh.clock.now) } as const;
    await removeTotp(fresh.services, fresh.app, self, next);
    await login(fresh);
  });

  it('is nothing for a user without a password', async () => {
    const { services, app, admin } = world;
    const { subject } = await registerUser(services, app, { withTokens: { scopes: [] } });
    const ref = { by: 'user_id', userId: subject.subjectId } as const;
    await expectRefused(enrolTotp(services, admin, ref, undefined), 'precondition_failed');
    await expectRefused(removeTotp(services, admin, ref, undefined), 'precondition_failed');
  });

  it('is not turned on by whoever has the user’s access token alone', async () => {
    const fresh = await makeWorld(bed);
    const { accessToken } = await login(fresh);
    const self = { by: 'access_token', accessToken } as const;
    await expectRefused(enrolTotp(fresh.services, fresh.app, self, undefined), 'invalid_argument');
    await expectRefused(enrolTotp(fresh.services, fresh.app, self, 'wrong'), 'invalid_credentials');
    await login(fresh);
  });

  it('is turned on by no more guesses than a login bears', async () => {
    const fresh = await makeWorld(bed);
    const { accessToken } = await login(fresh);
    const ref = { by: 'user_id', userId: fresh.annId } as const;
    const { secret } = await enrolTotp(fresh.services, fresh.admin, ref, undefined);
    const self = { by: 'access_token', accessToken } as const;
    for (let i = 0; i < 5; i++) {
      await expectRefused(confirmTotp(fresh.services, fresh.app, self, '000000'), 'invalid_code');
    }
    const right = totpCode(secret, fresh.clock.now);
    await expectRefused(confirmTotp(fresh.services, fresh.app, self, right), 'login_locked');
    await login(fresh);
  });

  it('tells of many passwords at once no more than a login does', async () => {
    const strict = await makeWorld(bed, { loginAttempts: 3 });
    const self = { by: 'access_token', accessToken: (await login(strict)).accessToken } as const;
    const guesses = Array.from({ length: 60 }, (_, i) =>
      enrolTotp(strict.services, strict.app, self, i === 50 ? PASSWORD : 'wrong'),
    );
    const results = await Promise.allSettled(guesses);
    expect(results.filter(({ status }) => status === 'fulfilled')).toEqual([]);
  });

  it('that was confirmed meanwhile is not removed as one that was not', async () => {
    const { services, tenantId, annId: subjectId } = world;
    const outcome = await services.store.execute({ kind: 'remove_totp', tenantId, subjectId, onlyUnconfirmed: true });
    expect(outcome).toMatchObject({ refusal: { code: 'invalid_credentials' } });
    await firstStep();
  });

  it('is not turned off by guessing in parallel', async () => {
    const self = {
      by: 'access_token',
      accessToken: (await secondStep(await firstStep(), code())).accessToken,
    } as const;
    world.clock.advance(STEP_MS);
    const right = code();
    const guesses = Array.from({ length: 60 }, (_, i) =>
      removeTotp(world.services, world.app, self, i === 50 ? right : { by: 'totp', code: '000000' }),
    );
    const results = await Promise.allSettled(guesses);
    expect(results.filter(({ status }) => status === 'fulfilled')).toEqual([]);
    await firstStep();
  });

  it('is not turned off by guessing', async () => {
    const self = {
      by: 'access_token',
      accessToken: (await secondStep(await firstStep(), code())).accessToken,
    } as const;
    world.clock.advance(STEP_MS);
    for (let i = 0; i < 5; i++) {
      const wrong = removeTotp(world.services, world.app, self, { by: 'totp', code: '000000' });
      await expectRefused(wrong, 'invalid_credentials');
    }
    await expectRefused(removeTotp(world.services, world.app, self, code()), 'login_locked');
  });

  it('is turned off by an admin', async () => {
    await removeTotp(world.services, world.admin, ann(), undefined);
    await login(world);
  });
});

/** RFC 6238 appendix B, SHA-1: the secret is `12345678901234567890`; our codes are the last six of its eight digits. */
it.each([
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
])('makes the codes of the RFC at %i s', (seconds, expected) => {
  const secret = totpSecret(Buffer.from('12345678901234567890'));
  expect(totpCode(secret, seconds * 1_000)).toBe(expected);
  expect(matchingStep(secret, expected, seconds * 1_000)).toBe(Math.floor(seconds / 30));
});
