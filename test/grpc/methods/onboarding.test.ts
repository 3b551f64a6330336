/** OnboardDevice as its clients call it; test/core/operations/onboard-device.test.ts has its rules. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TokenKind } from '../../../gen/ts/symbolon/v1/token_service.ts';
import { toTimestamp } from '../../../src/grpc/messages/time.ts';
import { CREDENTIALS, failureOf, introspect, issue, metadataOf, PASSWORD, revoke } from '../client.ts';
import { type DirectoryBed, device, openDirectoryBed } from './bed.ts';

let bed: DirectoryBed;

beforeAll(async () => {
  bed = await openDirectoryBed();
});

afterAll(() => bed.close());

const onboard = (vendorId: string, more: object = {}, as = bed.as.public) =>
  bed.call('onboardDevice', { ...device.vendorId(vendorId), password: PASSWORD, ...more }, as);

describe('a device', () => {
  it('is made, logged in, and owned by whose token is presented', async () => {
    const ann = await issue(bed, CREDENTIALS.user());
    const answer = await onboard('bulb', {
      displayName: 'Bulb',
      attributes: { color: 'red' },
      ownerAccessToken: ann.accessToken,
      withToken: { scopes: ['read'], expireTime: toTimestamp(bed.clock.now + 60_000) },
    });
    expect(answer.created).toBe(true);
    const made = { vendorId: 'bulb', displayName: 'Bulb', attributes: { color: 'red' }, ownerIds: ['user-ann'] };
    expect(answer.device).toMatchObject(made);
    const { deviceId = '' } = answer.device ?? {};
    expect(answer.tokens).toMatchObject({ kind: TokenKind.DEVICE, subjectId: deviceId, scopes: ['read'] });
    expect(await introspect(bed, answer.tokens?.accessToken ?? '')).toMatchObject({ active: true, clientId: 'acme' });
    const { device: found } = await bed.call('getDevice', { device: device.vendorId('bulb') });
    expect(found).toEqual(answer.device);
  });

  it('logs in when it comes again, by either of its ids', async () => {
    const first = await onboard('bulb-2');
    const { deviceId = '' } = first.device ?? {};
    for (const named of [device.vendorId('bulb-2'), device.id(deviceId)]) {
      const again = await bed.call('onboardDevice', { ...named, password: PASSWORD }, bed.as.public);
      expect(again).toMatchObject({ created: false, device: first.device });
      expect(again.tokens?.familyId).not.toBe(first.tokens?.familyId);
    }
  });

  it('is refused with a wrong password as Issue refuses it', async () => {
    const issued = await failureOf(issue(bed, CREDENTIALS.device('lamp', 'wrong')));
    const { requestId: _, ...expected } = issued;
    expect(await failureOf(onboard('lamp', { password: 'wrong' }))).toMatchObject(expected);
    expect(await metadataOf(onboard('lamp', { password: 'wrong' }))).toEqual({});
  });

  it('is refused with the token of an owner that is not live', async () => {
    const ann = await issue(bed, CREDENTIALS.user());
    await revoke(bed, ann.accessToken);
    expect(await failureOf(onboard('bulb-3', { ownerAccessToken: ann.accessToken }))).toMatchObject({
      status: 'FAILED_PRECONDITION',
      reason: 'INVALID_CREDENTIALS',
    });
    expect(await failureOf(bed.call('getDevice', { device: device.vendorId('bulb-3') }))).toMatchObject({
      status: 'NOT_FOUND',
    });
  });

  const INVALID: [string, string, object][] = [
    ['a request id', 'request_id', { withToken: { requestId: 'a-random-request-id' } }],
    ['no password', 'password', { password: '' }],
    ['no name', 'device', { device: undefined }],
    ['a vendor id that can be none', 'vendor_id', device.vendorId('x'.repeat(300))],
  ];

  it.each(INVALID)('is refused with %s', async (_, field, more) => {
    const failure = await failureOf(onboard('bulb-4', more));
    expect(failure).toMatchObject({ status: 'INVALID_ARGUMENT', reason: 'INVALID_ARGUMENT' });
    expect(failure.message).toContain(field);
  });
});

describe('a registration', () => {
  const withToken = { scopes: ['read'], requestId: '3f0c7c52-0e65-4f2b-9c2e-2f9e3f4b8a11' };

  it('with a request id is answered again, also where its attributes come in another order', async () => {
    const zoe = { loginName: 'zoe', password: PASSWORD, attributes: { a: 1, b: 2 }, withToken };
    const first = await bed.call('registerUser', zoe, bed.as.public);
    expect(await bed.call('registerUser', { ...zoe, attributes: { b: 2, a: 1 } }, bed.as.public)).toEqual(first);
    const other = bed.call('registerUser', { ...zoe, password: 'another password' }, bed.as.public);
    expect(await failureOf(other)).toMatchObject({ status: 'ALREADY_EXISTS', reason: 'REQUEST_ID_REUSED' });
    const lamp = bed.call('registerDevice', { vendorId: 'lamp-9', password: PASSWORD, withToken }, bed.as.public);
    expect(await failureOf(lamp)).toMatchObject({ status: 'ALREADY_EXISTS', reason: 'REQUEST_ID_REUSED' });
    expect(await metadataOf(bed.call('registerUser', { ...zoe, loginName: 'x' }, bed.as.public))).toEqual({});
  });

  it('of a device is answered again', async () => {
    const lamp = { vendorId: 'lamp-8', password: PASSWORD, withToken };
    const as = bed.as.client;
    const first = await bed.call('registerDevice', lamp, as);
    expect(await bed.call('registerDevice', lamp, as)).toEqual(first);
  });

  const TAKEN: [string, () => Promise<unknown>][] = [
    ['login_name', () => bed.call('registerUser', { loginName: 'Ann', password: PASSWORD })],
    ['vendor_id', () => bed.call('registerDevice', { vendorId: 'lamp', password: PASSWORD })],
    ['client_id', () => bed.call('createClient', { clientId: 'plain' }, bed.as.operator)],
    ['tenant_id', () => bed.call('createTenant', { tenantId: 'acme' }, bed.as.operator)],
  ];

  it.each(TAKEN)('tells that the %s is taken, and not what it is', async (field, call) => {
    expect(await metadataOf(call())).toEqual({ field });
  });

  it('tells which address is taken', async () => {
    const zed = { loginName: 'zed', password: PASSWORD };
    await bed.call('registerUser', { ...zed, email: 'zed@example.com', emailVerified: true });
    const taken = { loginName: 'zedd', password: PASSWORD, email: 'ZED@example.com', emailVerified: true };
    expect(await metadataOf(bed.call('registerUser', taken))).toEqual({ field: 'email' });
  });
});
