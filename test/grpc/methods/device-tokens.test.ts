/** The token of a device that never expires: given, read and taken over gRPC, by admins and by owners of the device. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DeviceToken } from '../../../gen/ts/symbolon/v1/device_service.ts';
import { TokenKind } from '../../../gen/ts/symbolon/v1/token_service.ts';
import { CREDENTIALS, failureOf, introspect, issue, PASSWORD } from '../client.ts';
import { type DirectoryBed, device, openDirectoryBed, type Who } from './bed.ts';

const YEAR_MS = 366 * 24 * 3_600_000;
/** 9999-12-31T23:59:59.999Z. */
const NEVER = { seconds: 253_402_300_799, nanos: 999_000_000 };
const NOT_LIVE = { status: 'FAILED_PRECONDITION', reason: 'INVALID_CREDENTIALS' };
const CALLS = ['giveDeviceToken', 'getDeviceToken', 'revokeDeviceToken'] as const;

let bed: DirectoryBed;
let made = 0;
let lamp: ReturnType<typeof device.vendorId>;
let ownerAccessToken: string;
let strangersToken: string;

beforeAll(async () => {
  bed = await openDirectoryBed();
  await bed.call('registerUser', { loginName: 'eve', password: PASSWORD });
});
afterAll(() => bed.close());

beforeEach(async () => {
  made += 1;
  lamp = device.vendorId(`lamp-of-ann-${made}`);
  await bed.call('registerDevice', { vendorId: `lamp-of-ann-${made}`, password: 'p', ownerIds: ['user-ann'] });
  ownerAccessToken = (await issue(bed, CREDENTIALS.user())).accessToken;
  strangersToken = (await issue(bed, CREDENTIALS.user('eve'))).accessToken;
});

const give = async (ownerToken = '', who: Who = 'admin'): Promise<DeviceToken> => {
  const { token } = await bed.call('giveDeviceToken', { device: lamp, ownerAccessToken: ownerToken }, bed.as[who]);
  expect(token).toBeDefined();
  return token as DeviceToken;
};
const get = (ownerToken = '', who: Who = 'admin') =>
  bed.call('getDeviceToken', { device: lamp, ownerAccessToken: ownerToken }, bed.as[who]);
const revoke = (ownerToken = '', who: Who = 'admin') =>
  bed.call('revokeDeviceToken', { device: lamp, ownerAccessToken: ownerToken }, bed.as[who]);
const isActive = async ({ accessToken }: Pick<DeviceToken, 'accessToken'>) =>
  (await introspect(bed, accessToken)).active;

describe('the token of a device', () => {
  it('never expires, and belongs to no client', async () => {
    const token = await give();
    const { device: known } = await bed.call('getDevice', { device: lamp });
    expect(token).toEqual({
      accessToken: expect.stringMatching(/^syd_/),
      deviceId: known?.deviceId,
      familyId: expect.stringMatching(/^fm_/),
      clientId: 'admin',
      createTime: { seconds: bed.clock.now / 1_000, nanos: 0 },
      expireTime: NEVER,
    });
    const whose = { kind: TokenKind.DEVICE, subjectId: known?.deviceId, familyId: token.familyId, clientId: '' };
    expect(await introspect(bed, token.accessToken)).toMatchObject({ active: true, ...whose, expireTime: NEVER });
    const { families } = await bed.call('listTokens', { subject: { $case: 'deviceId', value: token.deviceId } });
    const { familyId, clientId } = whose;
    expect(families).toMatchObject([{ familyId, clientId, expireTime: NEVER, audience: '' }]);
    expect(families[0]?.tokens).toMatchObject([{ expireTime: NEVER }]);
    bed.clock.advance(100 * YEAR_MS);
    expect(await isActive(token)).toBe(true);
    bed.clock.advance(-100 * YEAR_MS);
  });

  it('is one: the next ends the one before, and is what is read again', async () => {
    const [first, second] = [await give(), await give()];
    expect([await isActive(first), await isActive(second)]).toEqual([false, true]);
    expect(await get()).toEqual({ token: second });
  });

  it('is revoked alone: what the device got by its password stays', async () => {
    const token = await give();
    const login = await issue(bed, CREDENTIALS.device(`lamp-of-ann-${made}`, 'p'));
    expect(await revoke()).toMatchObject({ revision: expect.any(Number) });
    expect([await isActive(token), await isActive(login)]).toEqual([false, true]);
    expect(await failureOf(get())).toMatchObject({ status: 'NOT_FOUND' });
    expect(await failureOf(revoke())).toMatchObject({ status: 'NOT_FOUND' });
  });

  it('is not given to a device that is disabled', async () => {
    await bed.call('disableDevice', { device: lamp });
    expect(await failureOf(give())).toMatchObject({ status: 'FAILED_PRECONDITION', reason: 'PRECONDITION_FAILED' });
  });

  it.each(['public', 'client', 'introspect', 'operator'] as const)(
    'is given, read and taken by an owner beside the caller “%s”, who alone may not',
    async (who) => {
      const token = await give(ownerAccessToken, who);
      expect(token.clientId).toBe({ public: 'acme', client: 'plain' }[who as string] ?? token.clientId);
      expect(await get(ownerAccessToken, who)).toEqual({ token });
      for (const call of [give('', who), get('', who), revoke('', who)]) {
        expect(await failureOf(call)).toMatchObject({ status: 'PERMISSION_DENIED' });
      }
      await revoke(ownerAccessToken, who);
      expect(await isActive(token)).toBe(false);
    },
  );

  it.each(CALLS)('is nothing for %s by another user, even beside an admin', async (name) => {
    const token = await give();
    for (const who of ['public', 'admin'] as const) {
      const call = bed.call(name, { device: lamp, ownerAccessToken: strangersToken }, bed.as[who]);
      expect(await failureOf(call)).toMatchObject({ status: 'PERMISSION_DENIED' });
    }
    expect(await isActive(token)).toBe(true);
  });

  it.each(CALLS)('is nothing for %s by a token that has ended, or is not a user’s', async (name) => {
    const token = await give();
    await bed.call('revoke', { target: { $case: 'token', value: ownerAccessToken } });
    for (const notLive of [ownerAccessToken, token.accessToken, 'made up']) {
      const call = bed.call(name, { device: lamp, ownerAccessToken: notLive }, bed.as.public);
      expect(await failureOf(call)).toMatchObject(NOT_LIVE);
    }
    expect(await isActive(token)).toBe(true);
  });

  it('of a device that is not there, or another tenant’s, is not found', async () => {
    for (const [ref, who] of [[device.vendorId('nothing'), 'admin'] as const, [lamp, 'otherAdmin'] as const]) {
      for (const name of CALLS) {
        expect(await failureOf(bed.call(name, { device: ref }, bed.as[who]))).toMatchObject({ status: 'NOT_FOUND' });
      }
    }
  });

  it('ends with the ownership of one who could read it', async () => {
    const token = await give(ownerAccessToken, 'public');
    await bed.call('removeDeviceOwner', { device: lamp, userId: 'user-ann' });
    expect(await isActive(token)).toBe(false);
    expect(await failureOf(get(ownerAccessToken, 'public'))).toMatchObject({ status: 'PERMISSION_DENIED' });
  });
});
