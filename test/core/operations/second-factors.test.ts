import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { confirmTotp, enrollTotp, removeTotp } from '../../../src/core/operations/second-factors.ts';
import { registerUser } from '../../../src/core/operations/users.ts';
import { totpCode } from '../../../src/core/totp.ts';
import { execute, openMemoryTestBed, type TestBed } from '../../support.ts';
import { type Enrolled, enroll, expectRefused, login, makeWorld, PASSWORD, type World } from '../fixtures.ts';
import { codeOf, firstStep, STEP_MS, secondStep } from '../second-factor-login.ts';

let bed: TestBed;
let world: World;
let factor: Enrolled;

beforeAll(async () => {
  bed = await openMemoryTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  world = await makeWorld(bed);
  factor = await enroll(world, world.annId);
  // The code that it was enrolled with is used up.
  world.clock.advance(STEP_MS);
});

const ann = (): { by: 'user_id'; userId: string } => ({ by: 'user_id', userId: world.annId });

describe('turning it on', () => {
  it('asks nothing of a login until it is confirmed', async () => {
    const fresh = await makeWorld(bed);
    const ref = { by: 'user_id', userId: fresh.annId } as const;
    await enrollTotp(fresh.services, fresh.admin, ref, undefined);
    await login(fresh);
    await expectRefused(confirmTotp(fresh.services, fresh.admin, ref, '000000'), 'invalid_code');
    await login(fresh);
  });

  it('answers what an authenticator app takes', async () => {
    const fresh = await makeWorld(bed);
    const { secret, uri } = await enrollTotp(
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
    const { secret } = await enrollTotp(fresh.services, fresh.app, self, PASSWORD);
    await confirmTotp(fresh.services, fresh.app, self, totpCode(secret, fresh.clock.now));
    // A stolen token alone turns it neither off nor over.
    await expectRefused(removeTotp(fresh.services, fresh.app, self, undefined), 'permission_denied');
    await expectRefused(enrollTotp(fresh.services, fresh.app, self, PASSWORD), 'precondition_failed');
    fresh.clock.advance(STEP_MS);
    const next = { by: 'totp', code: totpCode(secret, fresh.clock.now) } as const;
    await removeTotp(fresh.services, fresh.app, self, next);
    await login(fresh);
  });

  it('is nothing for a user without a password', async () => {
    const { services, app, admin } = world;
    const { subject } = await registerUser(services, app, { withTokens: { scopes: [] } });
    const ref = { by: 'user_id', userId: subject.subjectId } as const;
    await expectRefused(enrollTotp(services, admin, ref, undefined), 'precondition_failed');
    await expectRefused(removeTotp(services, admin, ref, undefined), 'precondition_failed');
  });

  it('is not turned on by anybody who has the user’s access token alone', async () => {
    const fresh = await makeWorld(bed);
    const { accessToken } = await login(fresh);
    const self = { by: 'access_token', accessToken } as const;
    await expectRefused(enrollTotp(fresh.services, fresh.app, self, undefined), 'invalid_argument');
    await expectRefused(enrollTotp(fresh.services, fresh.app, self, 'wrong'), 'invalid_credentials');
    await login(fresh);
  });

  it('is turned on by no more guesses than a login bears', async () => {
    const fresh = await makeWorld(bed);
    const { accessToken } = await login(fresh);
    const ref = { by: 'user_id', userId: fresh.annId } as const;
    const { secret } = await enrollTotp(fresh.services, fresh.admin, ref, undefined);
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
      enrollTotp(strict.services, strict.app, self, i === 50 ? PASSWORD : 'wrong'),
    );
    const results = await Promise.allSettled(guesses);
    expect(results.filter(({ status }) => status === 'fulfilled')).toEqual([]);
  });

  it('that was confirmed meanwhile is not removed as one that was not', async () => {
    const { services, tenantId, annId: subjectId } = world;
    const command = { kind: 'remove_totp', tenantId, subjectId, onlyUnconfirmed: true } as const;
    const outcome = await execute(services.store, command);
    expect(outcome).toMatchObject({ refusal: { code: 'invalid_credentials' } });
    await firstStep(world);
  });

  it('is not turned off by guessing in parallel', async () => {
    const self = {
      by: 'access_token',
      accessToken: (await secondStep(world, await firstStep(world), codeOf(world, factor))).accessToken,
    } as const;
    world.clock.advance(STEP_MS);
    const right = codeOf(world, factor);
    const guesses = Array.from({ length: 60 }, (_, i) =>
      removeTotp(world.services, world.app, self, i === 50 ? right : { by: 'totp', code: '000000' }),
    );
    const results = await Promise.allSettled(guesses);
    expect(results.filter(({ status }) => status === 'fulfilled')).toEqual([]);
    await firstStep(world);
  });

  it('is not turned off by guessing', async () => {
    const self = {
      by: 'access_token',
      accessToken: (await secondStep(world, await firstStep(world), codeOf(world, factor))).accessToken,
    } as const;
    world.clock.advance(STEP_MS);
    for (let i = 0; i < 5; i++) {
      const wrong = removeTotp(world.services, world.app, self, { by: 'totp', code: '000000' });
      await expectRefused(wrong, 'invalid_credentials');
    }
    await expectRefused(removeTotp(world.services, world.app, self, codeOf(world, factor)), 'login_locked');
  });

  it('is turned off by an admin', async () => {
    await removeTotp(world.services, world.admin, ann(), undefined);
    await login(world);
  });
});
