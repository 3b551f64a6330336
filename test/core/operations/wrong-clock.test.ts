/** A clock that was ahead for a moment and was set right: what was written meanwhile neither locks anybody nor lets anybody in. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { completePasswordReset, requestPasswordReset } from '../../../src/core/operations/codes.ts';
import { registerUser } from '../../../src/core/operations/users.ts';
import { execute, openMemoryTestBed, type TestBed } from '../../support.ts';
import {
  ANN,
  type Enrolled,
  enroll,
  expectRefused,
  login,
  makeWorld,
  messagesOf,
  PASSWORD,
  type World,
} from '../fixtures.ts';
import { codeOf, firstStep, STEP_MS, secondStep } from '../second-factor-login.ts';

let bed: TestBed;
let world: World;

const YEAR = 365 * 24 * 3_600_000;
const MINUTE = 60_000;

beforeAll(async () => {
  bed = await openMemoryTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  world = await makeWorld(bed, { loginAttempts: 2, loginLockPeriodMs: 15 * MINUTE });
});

/** Does something while the clock is ahead. */
async function ahead<T>(work: () => Promise<T>, byMs = YEAR): Promise<T> {
  world.clock.advance(byMs);
  try {
    return await work();
  } finally {
    world.clock.advance(-byMs);
  }
}

const fail = () =>
  expect(login(world, world.backend, { credential: { ...ANN, password: 'wrong' } as never })).rejects.toThrow();

describe('failed logins', () => {
  it('of a clock that was ahead lock nobody, and count for nothing', async () => {
    await ahead(async () => {
      await fail();
      await fail();
      await expectRefused(login(world), 'login_locked');
    });
    await fail();
    await login(world);
    await ahead(fail);
    await fail();
    await login(world);
  });

  it('of a clock that is ahead by a little count everywhere', async () => {
    await ahead(fail, 4 * MINUTE);
    await fail();
    await expectRefused(login(world), 'login_locked');
    world.clock.advance(20 * MINUTE);
    await login(world);
  });
});

describe('a second factor', () => {
  let factor: Enrolled;

  beforeEach(async () => {
    factor = await enroll(world, world.annId);
    world.clock.advance(STEP_MS);
  });

  it('that was used while the clock was ahead is taken again, each code once', async () => {
    await ahead(async () => secondStep(world, await firstStep(world), codeOf(world, factor)));
    const [one, two] = [await firstStep(world), await firstStep(world)];
    const used = codeOf(world, factor);
    await secondStep(world, one, used);
    await expectRefused(secondStep(world, two, used), 'invalid_credentials');
  });

  it('that was guessed at while the clock was ahead is not locked', async () => {
    await ahead(async () => {
      const token = await firstStep(world);
      for (let i = 0; i < 5; i++) {
        await expect(secondStep(world, token, { by: 'recovery_code', code: 'WRONG-WRONG' })).rejects.toThrow();
      }
      await expectRefused(secondStep(world, token, codeOf(world, factor)), 'login_locked');
    });
    await secondStep(world, await firstStep(world), codeOf(world, factor));
  });

  it('ends no first step of a clock that was ahead', async () => {
    const token = await ahead(() => firstStep(world));
    await expectRefused(secondStep(world, token, codeOf(world, factor)), 'invalid_credentials');
  });
});

describe('codes and their messages', () => {
  const mia = { by: 'login_name', loginName: 'mia' } as const;
  let miaId: string;

  beforeEach(async () => {
    const { services, admin } = world;
    const verified = { email: 'mia@example.com', emailVerified: true };
    ({
      subject: { subjectId: miaId },
    } = await registerUser(services, admin, { loginName: 'mia', ...verified, password: PASSWORD }));
  });

  const ask = () => requestPasswordReset(world.services, world.app, mia, 'email');
  const complete = (code: string) => completePasswordReset(world.services, world.app, mia, code, 'a new password');
  const own = async () => (await messagesOf(world)).filter(({ subjectId }) => subjectId === miaId);
  const pendingCode = async () => {
    const [sealed = new Uint8Array()] = (await own()).flatMap((each) => each.sealed ?? []);
    return world.services.keys.unseal('message', sealed) ?? '';
  };
  const take = async () => {
    const outcome = await execute(bed.store, { kind: 'take_messages', limit: 100, leaseMs: 30_000 });
    return 'answer' in outcome ? outcome.answer.messages.filter(({ subjectId }) => subjectId === miaId) : [];
  };

  it('that were made while the clock was ahead are void, and new ones are sent at once', async () => {
    const old = await ahead(async () => {
      for (let i = 0; i < 5; i++) {
        await ask();
      }
      return pendingCode();
    });
    await expectRefused(complete(old), 'invalid_code');
    expect(await take()).toEqual([]);
    expect(await own()).toContainEqual(
      expect.objectContaining({ state: 'failed', sealed: null, lastError: 'it was made while the clock was ahead' }),
    );
    await ask();
    expect(await take()).toHaveLength(1);
    await complete(await pendingCode());
  });

  it('that were taken while the clock was ahead, and not sent, are taken again', async () => {
    await ask();
    expect(await ahead(take)).toHaveLength(1);
    expect(await take()).toHaveLength(1);
    expect(await take()).toHaveLength(0);
  });
});

it('an answer that was kept while the clock was ahead keeps nobody from asking anew', async () => {
  const request = { requestId: 'the-same' };
  const first = await ahead(() => login(world, world.backend, request));
  const second = await login(world, world.backend, request);
  expect(second.familyId).not.toBe(first.familyId);
  expect((await login(world, world.backend, request)).familyId).toBe(second.familyId);
});
