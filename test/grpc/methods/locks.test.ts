/** A lock is told: to who is locked out for how long, to admins until when, and to nobody whether the name is somebody's. */

import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeDevice, makeUser } from '../../support.ts';
import { CREDENTIALS, failureOf, issue, PASSWORD } from '../client.ts';
import { type DirectoryBed, device, openDirectoryBed, user } from './bed.ts';

let bed: DirectoryBed;
const LOCK_S = 900;

beforeAll(async () => {
  bed = await openDirectoryBed();
  const policy = { loginAttempts: 2, loginLockPeriod: { seconds: LOCK_S, nanos: 0 } };
  await bed.call('updateTenant', { policy, updateMask: ['policy.login_attempts', 'policy.login_lock_period'] });
  await makeUser(bed.services, 'acme', { subjectId: 'user-mia', loginName: 'mia', password: PASSWORD });
  await makeDevice(bed.services, 'acme', { subjectId: 'th.door', vendorId: 'door', password: PASSWORD });
});
afterAll(() => bed.close());

const until = () => Math.floor(bed.clock.now / 1_000) + LOCK_S;

async function failures(username: string) {
  const seen: unknown[] = [];
  for (let i = 0; i < 4; i++) {
    const { requestId: _, ...failure } = await failureOf(issue(bed, CREDENTIALS.user(username, 'wrong')));
    seen.push(failure);
    bed.clock.advance(1_000);
  }
  bed.clock.advance(-4_000);
  return seen;
}

it('who guesses at a name that nobody has is told the same, time by time', async () => {
  const known = await failures('mia');
  expect(known).toMatchObject([
    { reason: 'INVALID_CREDENTIALS', retryDelaySeconds: undefined },
    { reason: 'INVALID_CREDENTIALS', retryDelaySeconds: undefined },
    { reason: 'LOGIN_LOCKED', retryDelaySeconds: LOCK_S - 1 },
    { reason: 'LOGIN_LOCKED', retryDelaySeconds: LOCK_S - 2 },
  ]);
  expect(await failures('somebody-else')).toEqual(known);
});

it('admins see it of users and devices, and the locked ones themselves do not', async () => {
  const { accessToken } = await issue(bed, CREDENTIALS.user('ann', PASSWORD));
  for (let i = 0; i < 2; i++) {
    await failureOf(issue(bed, CREDENTIALS.device('door', 'wrong')));
    await failureOf(issue(bed, CREDENTIALS.user('ann', 'wrong')));
  }
  const door = { device: device.vendorId('door') };
  expect((await bed.call('getDevice', door)).device?.lockedUntil).toMatchObject({ seconds: until() });
  const own = { user: { user: { $case: 'accessToken', value: accessToken } } } as const;
  expect((await bed.call('getUser', own, bed.as.public)).user).toMatchObject({
    userId: 'user-ann',
    lockedUntil: undefined,
  });
  const { devices } = await bed.call('listDevices', {});
  const locked = devices.flatMap(({ deviceId, lockedUntil }) => (lockedUntil === undefined ? [] : [deviceId]));
  expect(locked).toEqual(['th.door']);
  const { users } = await bed.call('listUsers', {});
  const lockedUsers = users.flatMap(({ userId, lockedUntil }) => (lockedUntil === undefined ? [] : [userId]));
  expect(lockedUsers.sort()).toEqual(['user-ann', 'user-mia']);
  const mia = { user: user.id('user-mia') };
  expect((await bed.call('getUser', mia)).user).toMatchObject({
    lockedUntil: { seconds: expect.any(Number) },
    secondFactorLockedUntil: undefined,
  });
});

it('it is recorded once, with the address of the guess, and of no name that nobody has', async () => {
  const { records } = await bed.call('listAuditRecords', { pageSize: 1_000 });
  const locks = records.filter(({ action }) => action === 'lock');
  expect(locks.map(({ targetId, details }) => [targetId, details])).toEqual([
    ['user-mia', 'password'],
    ['th.door', 'password'],
    ['user-ann', 'password'],
  ]);
});

it.each([
  ['enableUser', { user: user.id('user-mia') }],
  ['changeUserPassword', { user: user.id('user-mia'), newPassword: PASSWORD }],
] as const)('%s by an admin lets in at once', async (name, request) => {
  await failures('mia');
  await bed.call(name, request);
  await issue(bed, CREDENTIALS.user('mia', PASSWORD));
});
