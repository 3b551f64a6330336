import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Call } from '../../../src/core/operations/authenticate.ts';
import type { TenantPolicy } from '../../../src/core/policy.ts';
import { nameCounter } from '../../../src/core/rules/counters.ts';
import { readFailures } from '../../../src/core/services/lookups.ts';
import { Argon2Hasher } from '../../../src/password/argon2-hasher.ts';
import { CHEAP_ARGON2, execute, make, makeUser, openMemoryTestBed, type TestBed } from '../../support.ts';
import { cutOff, expectRefused, LAMP, login, makeWorld, PASSWORD, type World } from '../fixtures.ts';
import { issue } from '../issue.ts';

const MINUTE = 60_000;
const POLICY: Partial<TenantPolicy> = { loginAttempts: 3, loginWindowMs: 10 * MINUTE, loginLockPeriodMs: 5 * MINUTE };

let bed: TestBed;
beforeAll(async () => {
  bed = await openMemoryTestBed();
});
afterAll(() => bed.close());

function attempt(world: World, username: string, password: string, call: Call = world.app): Promise<unknown> {
  return issue(world.services, call, { credential: { kind: 'user', username, password } });
}

async function failTimes(world: World, count: number, ...usernames: string[]): Promise<void> {
  for (let i = 0; i < count; i++) {
    const username = usernames[i % usernames.length] ?? 'ann';
    await expectRefused(attempt(world, username, 'wrong'), 'invalid_credentials');
  }
}

describe('a user name is locked', () => {
  it('after too many wrong passwords, for the right one too', async () => {
    const world = await makeWorld(bed, POLICY);
    await failTimes(world, 3);

    await expectRefused(attempt(world, 'ann', PASSWORD), 'login_locked');
    await expectRefused(attempt(world, 'ann', 'wrong'), 'login_locked');
  });

  it('in every form that it can be written in, and by all of them together', async () => {
    const world = await makeWorld(bed, POLICY);
    await failTimes(world, 3, 'ann', 'ANN@example.com', 'PHONE:JP-09012341234');

    for (const username of ['Ann', 'LOGIN_NAME:aNN', 'EMAIL:ann@example.com', '+819012341234']) {
      await expectRefused(attempt(world, username, PASSWORD), 'login_locked');
    }
  });

  it('until the lock period ends, and no longer', async () => {
    const world = await makeWorld(bed, POLICY);
    await failTimes(world, 3);
    world.clock.advance(5 * MINUTE - 1);
    await expectRefused(attempt(world, 'ann', PASSWORD), 'login_locked');
    world.clock.advance(1);

    await attempt(world, 'ann', PASSWORD);
  });

  it('not when a right password came in between', async () => {
    const world = await makeWorld(bed, POLICY);
    await failTimes(world, 2);
    await attempt(world, 'ann', PASSWORD);
    await failTimes(world, 2);

    await attempt(world, 'ann', PASSWORD);
  });

  it('not when the failures are further apart than the window', async () => {
    const world = await makeWorld(bed, POLICY);
    await failTimes(world, 2);
    world.clock.advance(10 * MINUTE);
    await failTimes(world, 2);

    await attempt(world, 'ann', PASSWORD);
  });

  it('even when nobody has it, so that a lock tells nothing', async () => {
    const world = await makeWorld(bed, POLICY);
    await failTimes(world, 3, 'nobody', 'NOBODY', 'LOGIN_NAME:Nobody');
    await expectRefused(attempt(world, 'nobody', 'wrong'), 'login_locked');
    await failTimes(world, 3, 'not a name');
    await expectRefused(attempt(world, 'not a name', 'wrong'), 'login_locked');
  });

  it('in its tenant alone', async () => {
    const [world, other] = [await makeWorld(bed, POLICY), await makeWorld(bed, POLICY)];
    await failTimes(world, 3);

    await attempt(other, 'ann', PASSWORD);
  });

  it('apart from a device, and a device apart from it', async () => {
    const world = await makeWorld(bed, POLICY);
    await failTimes(world, 3);
    await login(world, world.app, { credential: LAMP });

    const wrong = { ...LAMP, password: 'wrong' } as typeof LAMP;
    for (let i = 0; i < 3; i++) {
      await expectRefused(login(world, world.app, { credential: wrong }), 'invalid_credentials');
    }
    await expectRefused(login(world, world.app, { credential: LAMP }), 'login_locked');
    const byId = { kind: 'device', deviceId: world.lampId, password: PASSWORD } as const;
    await expectRefused(login(world, world.app, { credential: byId }), 'login_locked');
  });

  it('by right passwords too while its user is disabled, so that a lock tells nothing about them', async () => {
    const world = await makeWorld(bed, POLICY);
    await make(world.services.store, cutOff(world, 'user', world.annId, 'disabled'));
    for (let i = 0; i < 3; i++) {
      await expectRefused(attempt(world, 'ann', PASSWORD), 'invalid_credentials');
    }

    await expectRefused(attempt(world, 'ann', PASSWORD), 'login_locked');
  });

  it('when wrong passwords come all at once', async () => {
    const world = await makeWorld(bed, POLICY);
    const codes = await Promise.all(
      Array.from({ length: 20 }, () =>
        attempt(world, 'ann', 'wrong').then(
          () => 'answered',
          (error) => error.code,
        ),
      ),
    );

    expect(codes.filter((code) => code === 'invalid_credentials')).toHaveLength(3);
    expect(codes.filter((code) => code === 'login_locked')).toHaveLength(17);
  });
});

it('a name that nobody has waits for no guesses at it in another tenant', async () => {
  const [world, other] = [await makeWorld(bed, POLICY), await makeWorld(bed, POLICY)];
  let open: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const held: World['services']['passwords'] = {
    hash: async () => '',
    requireRoom: () => undefined,
    needsRehash: () => false,
    verify: async () => {
      await gate;
      return false;
    },
  };
  const crowded = { ...world, services: { ...world.services, passwords: held } };
  const crowd = Array.from({ length: 131 }, () => attempt(crowded, 'nobody', 'wrong').catch((error) => error.code));
  const codes = await Promise.all([1, 2, 3, 4].map(() => attempt(other, 'nobody', 'wrong').catch(({ code }) => code)));
  expect(codes.sort()).toEqual([...Array(3).fill('invalid_credentials'), 'login_locked']);
  open();
  expect(new Set(await Promise.all(crowd))).toEqual(new Set(['invalid_credentials', 'login_locked']));
});

it('refuses what is unknown, wrong, unverified, disabled or without a password in the same words', async () => {
  const world = await makeWorld(bed, { loginAttempts: 100 });
  const { services, tenantId } = world;
  await makeUser(services, tenantId, { subjectId: `${tenantId}-bob`, loginName: 'bob', password: PASSWORD });
  await make(services.store, cutOff(world, 'user', `${tenantId}-bob`, 'disabled'));
  const carol = { subjectId: `${tenantId}-carol`, loginName: 'carol', email: 'carol@example.com', password: PASSWORD };
  await makeUser(services, tenantId, carol);
  await make(services.store, {
    kind: 'create_subject',
    subject: { ...nobody, tenantId, subjectId: `${tenantId}-dave`, loginName: 'dave' },
  });

  const errors = [];
  for (const [username, password] of [
    ['nobody', PASSWORD],
    ['not a name', PASSWORD],
    ['ann', 'wrong'],
    ['ann', PASSWORD.toUpperCase()],
    ['bob', PASSWORD],
    ['carol@example.com', PASSWORD],
    ['dave', PASSWORD],
  ] as const) {
    const error = await attempt(world, username, password).catch((thrown: Error) => thrown);
    errors.push(JSON.stringify({ ...(error as Error), message: (error as Error).message }));
  }
  expect(new Set(errors).size).toBe(1);
  expect(errors[0]).toContain('invalid_credentials');
});

const nobody = {
  kind: 'user',
  passwordHash: null,
  email: null,
  emailVerified: false,
  phone: null,
  phoneVerified: false,
  vendorId: null,
} as const;

it('bears 300 failures a minute from one address, over all names, and leaves other addresses alone', async () => {
  const world = await makeWorld(bed);
  const from = (address: string): Call => ({ ...world.app, address });
  const fail = (i: number) =>
    execute(world.services.store, {
      kind: 'end_guess',
      end: 'wrong',
      failed: [],
      tenantId: world.tenantId,
      counters: [
        { kind: 'name', key: `name:login_name:user-${i}` },
        { kind: 'address', key: 'address:192.0.2.1' },
      ],
    });
  await Promise.all(Array.from({ length: 299 }, (_, i) => fail(i)));
  await expectRefused(attempt(world, 'somebody', 'wrong', from('192.0.2.1')), 'invalid_credentials');

  const refused = attempt(world, 'ann', PASSWORD, from('192.0.2.1'));
  await expect(refused).rejects.toMatchObject({ code: 'too_many_failed_logins', retryAfterMs: MINUTE });
  await attempt(world, 'ann', PASSWORD, from('192.0.2.2'));
  await attempt(world, 'ann', PASSWORD);
});

it('refuses a login as overloaded at once when too many wait, and counts no failure', async () => {
  const world = await makeWorld(bed, POLICY);
  const passwords = await Argon2Hasher.create({ parameters: CHEAP_ARGON2, concurrency: 1, queueLimit: 0 });
  const busy = { ...world, services: { ...world.services, passwords } };
  const held = passwords.hash('x'.repeat(1_000));

  await expectRefused(attempt(busy, 'ann', 'wrong'), 'overloaded');
  await held;
  expect(await readFailures(world.services.store, world.tenantId, [nameCounter(world.annId)])).toEqual([]);
});
