import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { introspect } from '../../../src/core/operations/introspect.ts';
import { newFamily } from '../../../src/core/operations/new-tokens.ts';
import { changeUserPassword } from '../../../src/core/operations/passwords.ts';
import { type GivenFactor, withSecondFactor } from '../../../src/core/operations/prove-second-factor.ts';
import { removeTotp } from '../../../src/core/operations/second-factors.ts';
import { digestOf } from '../../../src/core/secrets.ts';
import { totpCode } from '../../../src/core/totp.ts';
import { execute, openMemoryTestBed, type TestBed } from '../../support.ts';
import { type Enrolled, enroll, expectRefused, isActive, makeWorld, PASSWORD, type World } from '../fixtures.ts';
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

describe('a login with a second factor', () => {
  it('takes both steps', async () => {
    const tokens = await secondStep(world, await firstStep(world), codeOf(world, factor));
    expect(tokens).toMatchObject({ kind: 'USER', subjectId: world.annId });
    expect(await isActive(world, tokens.accessToken)).toBe(true);
  });

  it('gives the first step nothing that opens anything', async () => {
    const token = await firstStep(world);
    expect(await introspect(world.services, world.watcher, { token })).toMatchObject({ active: false });
  });

  it('takes a code once: no replay, not even in another login', async () => {
    const [one, two] = [await firstStep(world), await firstStep(world)];
    const used = codeOf(world, factor);
    await secondStep(world, one, used);
    await expectRefused(secondStep(world, two, used), 'invalid_credentials');
    await expectRefused(secondStep(world, one, used), 'invalid_credentials');
    world.clock.advance(STEP_MS);
    await expectRefused(secondStep(world, one, codeOf(world, factor)), 'invalid_credentials');
    await secondStep(world, two, codeOf(world, factor));
  });

  it('of many at once with one code lets in exactly one', async () => {
    const tokens = await Promise.all(Array.from({ length: 5 }, () => firstStep(world)));
    const used = codeOf(world, factor);
    const results = await Promise.allSettled(tokens.map((token) => secondStep(world, token, used)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('takes a recovery code once, as people type it', async () => {
    const [recovery = ''] = factor.recoveryCodes;
    const given = { by: 'recovery_code', code: recovery.toLowerCase().replace('-', ' ') } as const;
    await secondStep(world, await firstStep(world), given);
    await expectRefused(secondStep(world, await firstStep(world), given), 'invalid_credentials');
    const [, second = ''] = factor.recoveryCodes;
    await secondStep(world, await firstStep(world), { by: 'recovery_code', code: second });
  });

  it('takes the codes of the steps around now, and no others', async () => {
    const at = (steps: number): GivenFactor => ({
      by: 'totp',
      code: totpCode(factor.secret, world.clock.now + steps * STEP_MS),
    });
    world.clock.advance(10 * STEP_MS);
    await expectRefused(secondStep(world, await firstStep(world), at(-2)), 'invalid_credentials');
    await expectRefused(secondStep(world, await firstStep(world), at(2)), 'invalid_credentials');
    await secondStep(world, await firstStep(world), at(-1));
    await secondStep(world, await firstStep(world), at(0));
    await secondStep(world, await firstStep(world), at(1));
  });

  it('locks after five wrong codes, over all logins of the user, also for the right one', async () => {
    for (let i = 0; i < 5; i++) {
      await expectRefused(
        secondStep(world, await firstStep(world), { by: 'totp', code: '000000' }),
        'invalid_credentials',
      );
    }
    await expectRefused(secondStep(world, await firstStep(world), codeOf(world, factor)), 'login_locked');
    world.clock.advance(3_600_000);
    await secondStep(world, await firstStep(world), codeOf(world, factor));
  });

  it('locks after five codes that were used before', async () => {
    const used = codeOf(world, factor);
    await secondStep(world, await firstStep(world), used);
    for (let i = 0; i < 5; i++) {
      await expectRefused(secondStep(world, await firstStep(world), used), 'invalid_credentials');
    }
    await expectRefused(secondStep(world, await firstStep(world), used), 'login_locked');
  });

  it('does not take the code that it was turned on with', async () => {
    world = await makeWorld(bed);
    factor = await enroll(world, world.annId);
    await expectRefused(secondStep(world, await firstStep(world), codeOf(world, factor)), 'invalid_credentials');
  });

  it('is not finished by a factor that was turned on anew meanwhile', async () => {
    const { services, backend, admin, tenantId, annId: subjectId } = world;
    const next = { by: 'totp', code: totpCode(factor.secret, world.clock.now + STEP_MS) } as const;
    const pendingDigest = digestOf(await firstStep(world));
    const { clientId } = backend.caller;
    const { begun } = await newFamily(services, 'USER');
    const outcome = await withSecondFactor(services, backend, 'issue', subjectId, next, async (proven) => {
      await removeTotp(services, admin, ann(), undefined);
      await enroll(world, subjectId);
      return execute(services.store, {
        kind: 'complete_mfa',
        ...{ tenantId, clientId, refreshClientId: clientId, subjectId, pendingDigest },
        tokenKind: 'USER',
        factor: proven,
        counters: [],
        nameCounters: [],
        ...begun,
      });
    });
    expect(outcome).toMatchObject({ refusal: { code: 'invalid_credentials' } });
  });

  it('ends after five minutes', async () => {
    const token = await firstStep(world);
    world.clock.advance(300_000);
    await expectRefused(secondStep(world, token, codeOf(world, factor)), 'invalid_credentials');
  });

  it('is finished by the client that began it, in its tenant', async () => {
    const token = await firstStep(world);
    await expectRefused(secondStep(world, token, codeOf(world, factor), world.app), 'invalid_credentials');
    const other = await makeWorld(bed);
    await expectRefused(secondStep(world, token, codeOf(world, factor), other.backend), 'invalid_credentials');
    await secondStep(world, token, codeOf(world, factor));
  });

  it('ends with a change of the password in between', async () => {
    const token = await firstStep(world);
    const recovery = { by: 'recovery_code', code: factor.recoveryCodes[0] ?? '' } as const;
    await changeUserPassword(world.services, world.app, ann(), PASSWORD, 'another password', recovery);
    await expectRefused(secondStep(world, token, codeOf(world, factor)), 'invalid_credentials');
  });
});
