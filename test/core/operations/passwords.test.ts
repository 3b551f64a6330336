import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { authenticateTokenHolder } from '../../../src/core/operations/authenticate.ts';
import { changeUserPassword } from '../../../src/core/operations/passwords.ts';
import { revokeAll } from '../../../src/core/operations/tokens.ts';
import { enableUser, endUser, getUser, updateUser } from '../../../src/core/operations/users.ts';
import { addressCounters, nameCounter, secondFactorCounter } from '../../../src/core/rules/counters.ts';
import { readFailures } from '../../../src/core/services/lookups.ts';
import { execute, make, openMemoryTestBed, type TestBed } from '../../support.ts';
import {
  ANN,
  cutOff,
  enroll,
  expectRefused,
  isActive,
  login,
  makeWorld,
  PASSWORD,
  revisionOf,
  subjectOf,
  type World,
} from '../fixtures.ts';
import { issue } from '../issue.ts';

let bed: TestBed;
let world: World;

beforeAll(async () => {
  bed = await openMemoryTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  world = await makeWorld(bed);
});

describe('what ends tokens', () => {
  const ann = (): { by: 'user_id'; userId: string } => ({ by: 'user_id', userId: world.annId });

  it.each([
    ['a password changed by the user', () => changeUserPassword(world.services, world.app, ann(), PASSWORD, 'newer')],
    [
      'a password changed by an admin',
      () => changeUserPassword(world.services, world.admin, ann(), undefined, 'newer'),
    ],
    ['disabling', () => endUser(world.services, world.admin, ann(), 'disabled')],
    ['deletion', () => endUser(world.services, world.admin, ann(), 'deleted')],
    ['revoking all', () => revokeAll(world.services, world.admin, { kind: 'user', id: world.annId })],
  ] as const)('%s: one event, and its revision knows it', async (_, act) => {
    const { accessToken } = await login(world);
    const before = (await revisionOf(world)) ?? 0;
    expect(await act()).toEqual({ revision: before + 1 });
    expect(await revisionOf(world)).toBe(before + 1);
    expect(await isActive(world, accessToken)).toBe(false);
  });

  it('enabling again revives nothing', async () => {
    const { services, admin } = world;
    const { accessToken } = await login(world);
    await endUser(services, admin, ann(), 'disabled');
    await enableUser(services, admin, ann());
    expect(await isActive(world, accessToken)).toBe(false);
    expect(await isActive(world, (await login(world)).accessToken)).toBe(true);
  });

  it('a wrong old password changes nothing, and counts as a failed login', async () => {
    const strict = await makeWorld(bed, { loginAttempts: 2 });
    const ref = { by: 'user_id', userId: strict.annId } as const;
    const { accessToken } = await login(strict);
    for (let i = 0; i < 2; i++) {
      await expectRefused(
        changeUserPassword(strict.services, strict.app, ref, 'wrong', 'newer'),
        'invalid_credentials',
      );
    }
    await expectRefused(changeUserPassword(strict.services, strict.app, ref, PASSWORD, 'newer'), 'login_locked');
    await expectRefused(issue(strict.services, strict.app, { credential: ANN }), 'login_locked');
    expect(await isActive(strict, accessToken)).toBe(true);
  });

  it('a wrong second factor counts to the second factor, and not as a wrong old password', async () => {
    const strict = await makeWorld(bed, { loginAttempts: 2 });
    const ref = { by: 'user_id', userId: strict.annId } as const;
    await enroll(strict, strict.annId);
    const call = { ...strict.app, address: '192.0.2.7' };
    const wrong = { by: 'recovery_code', code: 'AAAAA-AAAAA' } as const;
    for (let i = 0; i < 3; i++) {
      await expectRefused(
        changeUserPassword(strict.services, call, ref, PASSWORD, 'newer', wrong),
        'invalid_credentials',
      );
    }
    const { store } = strict.services;
    const counters = [
      nameCounter(strict.annId),
      secondFactorCounter(strict.annId),
      ...addressCounters(call.address),
    ] as const;
    const counted = await Promise.all(counters.map((each) => readFailures(store, strict.tenantId, [each])));
    expect(counted.map(([row]) => row?.count ?? 0)).toEqual([0, 3, 3]);
  });

  it('a password is not changed by an old one that holds no longer, nor by the disabled', async () => {
    const { services, tenantId, annId: subjectId } = world;
    const { store } = services;
    const oldHash = (await subjectOf(world, subjectId))?.passwordHash ?? '';
    const change = { kind: 'change_password', tenantId, subjectId, newHash: 'x' } as const;
    const refused = { refusal: { code: 'invalid_credentials' } };
    expect(await execute(store, { ...change, oldHash: 'stale' })).toMatchObject(refused);
    for (const [kind, id] of [
      ['user', subjectId],
      ['tenant', tenantId],
    ] as const) {
      await make(store, cutOff(world, kind, id, 'disabled'));
      expect(await execute(store, { ...change, oldHash })).toMatchObject(refused);
      await make(store, { kind: 'enable', tenantId, target: { kind, id } });
    }
  });

  it('a tenant is never deleted', async () => {
    const { services, tenantId } = world;
    const deletion = execute(services.store, cutOff(world, 'tenant', tenantId, 'deleted'));
    expect(await deletion).toMatchObject({ refusal: { code: 'invalid_argument' } });
  });

  it('of many guesses at an old password at once none slips by the lock', async () => {
    const strict = await makeWorld(bed, { loginAttempts: 3 });
    const ref = { by: 'user_id', userId: strict.annId } as const;
    const guesses = Array.from({ length: 60 }, (_, i) =>
      changeUserPassword(strict.services, strict.app, ref, i === 50 ? PASSWORD : 'wrong', 'newer'),
    );
    const results = await Promise.allSettled(guesses);
    expect(results.filter(({ status }) => status === 'fulfilled')).toEqual([]);
  });

  it('a token that was ended while its user was acting by it acts no more', async () => {
    const { services, app, admin, annId } = world;
    const { accessToken } = await login(world);
    const self = { by: 'access_token', accessToken } as const;
    const acting = (await getUser(services, app, self)).subject;
    const caller = await authenticateTokenHolder(services, world.tenantId, accessToken);
    await changeUserPassword(services, admin, ann(), undefined, 'another password');
    const call = { caller: caller ?? admin.caller };
    const update = updateUser(services, call, { by: 'user_id', userId: annId }, { displayName: 'thief' });
    await expectRefused(update, 'caller_unauthenticated');
    expect((await getUser(services, admin, ann())).subject.displayName).toBe(acting.displayName);
  });

  it('nobody but an admin changes a password without the old one', async () => {
    const { services, backend, app } = world;
    for (const call of [backend, app]) {
      await expectRefused(changeUserPassword(services, call, ann(), undefined, 'newer'), 'permission_denied');
    }
  });
});
