import { BinaryWriter } from '@bufbuild/protobuf/wire';
import { Client, credentials, type ServiceError, status } from '@grpc/grpc-js';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Permission } from '../../../gen/ts/symbolon/v1/access_service.ts';
import { RegisterUserRequest, RegisterUserResponse } from '../../../gen/ts/symbolon/v1/user_service.ts';
import { CREDENTIALS, failureOf, introspect, issue, PASSWORD } from '../client.ts';
import { type DirectoryBed, device, METHODS, type MethodName, openDirectoryBed, type Partially, user } from './bed.ts';

let bed: DirectoryBed;
let raw: Client;

beforeAll(async () => {
  bed = await openDirectoryBed();
  raw = new Client(bed.address, credentials.createInsecure());
});

afterAll(async () => {
  raw.close();
  await bed.close();
});

function sendBytes(path: string, bytes: Uint8Array): Promise<Buffer> {
  const asIs = (value: Buffer) => value;
  return new Promise((resolve, reject) => {
    raw.makeUnaryRequest(path, asIs, asIs, Buffer.from(bytes), bed.as.admin, (error, response) =>
      error === null ? resolve(response ?? Buffer.alloc(0)) : reject(error),
    );
  });
}

function row<Name extends MethodName>(name: Name, request: Partially<Name>, message: string) {
  return [name, request as Partially<MethodName>, message] as const;
}

const ANN = user.id('user-ann');
const LAMP = device.id('th.lamp');
const LONG = 'x'.repeat(300);
const NUL = 'a\0b';
const USER = { loginName: 'bad', password: PASSWORD };
const NO_MASK = 'update_mask is missing';

const CASES = [
  row('createTenant', {}, 'tenant_id is missing'),
  row('getTenant', { tenantId: LONG }, 'tenant_id must be at most 256 characters'),
  row('getTenant', { tenantId: NUL }, 'tenant_id must not have a NUL character'),
  row('updateTenant', {}, NO_MASK),
  row('updateTenant', { updateMask: [] }, NO_MASK),
  row('updateClient', { clientId: 'plain' }, NO_MASK),
  row('updateUser', { user: ANN }, NO_MASK),
  row('updateDevice', { device: LAMP }, NO_MASK),
  row(
    'updateClient',
    { clientId: 'plain', updateMask: ['scopes', 'secrets'] },
    'update_mask names secrets; it may name display_name, roles, scopes, first_party, grant_types, redirect_uris, logo_uri, accent_color',
  ),
  row(
    'updateDevice',
    { device: LAMP, updateMask: ['ownerIds'] },
    'update_mask names ownerIds; it may name vendor_id, display_name, attributes',
  ),
  row(
    'updateDevice',
    { device: LAMP, updateMask: ['\u0007'] },
    'update_mask names something that is not a field; it may name vendor_id, display_name, attributes',
  ),
  row(
    'updateDevice',
    { device: LAMP, updateMask: ['__proto__'] },
    'update_mask names __proto__; it may name vendor_id, display_name, attributes',
  ),
  row('updateDevice', { updateMask: ['attributes'] }, 'device is missing'),
  row('createClient', { clientId: 'a b' }, 'client_id must be 1 to 128 of a-z A-Z 0-9 - _ and dots'),
  row('createClient', { scopes: ['a b'] }, 'each of scopes must be a scope (RFC 6749 section 3.3)'),
  row('createClient', { displayName: LONG }, 'display_name must be at most 256 characters'),
  row('getClient', {}, 'client_id is missing'),
  row('getClient', { clientId: LONG }, 'client_id must be at most 256 characters'),
  row('expireClientSecret', { clientId: 'plain' }, 'secret_id is missing'),
  row(
    'addClientSecret',
    { clientId: 'plain', othersExpireIn: { seconds: -1, nanos: 0 } },
    'others_expire_in must be from 0 to 2147483647 seconds',
  ),
  row(
    'addClientSecret',
    { clientId: 'plain', expireTime: { seconds: 0, nanos: -1 } },
    'expire_time is not a valid Timestamp',
  ),
  row('getUser', {}, 'user is missing'),
  row('getUser', { user: {} }, 'user is missing'),
  row('getUser', { user: user.id('') }, 'user_id is missing'),
  row('getUser', { user: user.loginName(LONG) }, 'login_name must be at most 256 characters'),
  row('getUser', { user: user.token('') }, 'access_token is missing'),
  row('registerUser', { ...USER, loginName: 'no' }, 'login_name must be 3 to 64 of a-z A-Z 0-9 - _ and dots'),
  row('registerUser', { ...USER, email: 'nowhere' }, 'email must be an e-mail address, such as ann@example.com'),
  row(
    'registerUser',
    { ...USER, phone: '12345' },
    'phone must be a phone number with its country code, such as +819012341234',
  ),
  row('registerUser', { ...USER, password: 'abc' }, 'password must be at least 4 characters'),
  row('registerUser', { ...USER, password: 'é'.repeat(1_000) }, 'password must be at most 1024 bytes'),
  row(
    'registerUser',
    { ...USER, attributes: { long: 'x'.repeat(65_536) } },
    'attributes must be at most 65536 bytes of JSON',
  ),
  row('registerUser', { ...USER, attributes: { a: Number.NaN } }, 'attributes must have finite numbers only'),
  row(
    'registerUser',
    { ...USER, withToken: { expireTime: { seconds: 1, nanos: 1e9 } } },
    'expire_time is not a valid Timestamp',
  ),
  row('registerDevice', { vendorId: 'a b', password: 'p' }, 'vendor_id must be 1 to 200 of a-z A-Z 0-9 - _ and dots'),
  row('registerDevice', { vendorId: 'new' }, 'password is missing'),
  row('getDevice', { device: {} }, 'device is missing'),
  row('addDeviceOwner', { device: LAMP }, 'user_id is missing'),
  row('attachEndNode', { endNode: LAMP }, 'gateway is missing'),
  row('attachEndNode', { gateway: LAMP }, 'end_node is missing'),
  row('attachEndNode', { gateway: LAMP, endNode: LAMP }, 'A device can’t be its own end node'),
  row('detachEndNode', { gateway: LAMP }, 'end_node is missing'),
  row('listEndNodes', {}, 'gateway is missing'),
  row('giveDeviceToken', {}, 'device is missing'),
  row('getDeviceToken', { device: {} }, 'device is missing'),
  row('getDeviceToken', { device: LAMP, ownerAccessToken: NUL }, 'owner_access_token must not have a NUL character'),
  row('revokeDeviceToken', {}, 'device is missing'),
  row('requestPasswordReset', { user: ANN }, 'channel is missing'),
  row('completePasswordReset', { user: ANN, newPassword: PASSWORD }, 'code is missing'),
  row('confirmTotp', { user: ANN }, 'code is missing'),
  row('listTokens', {}, 'subject is missing'),
  row('listTokens', { subject: { $case: 'accessToken', value: '' } }, 'access_token is missing'),
  row('listConsents', {}, 'user is missing'),
  row('listConsents', { user: { $case: 'accessToken', value: '' } }, 'access_token is missing'),
  row('withdrawConsent', {}, 'consent_id is missing'),
  row('withdrawConsent', { consentId: NUL }, 'consent_id must not have a NUL character'),
  row(
    'withdrawConsent',
    { consentId: 'co_1', userAccessToken: NUL },
    'user_access_token must not have a NUL character',
  ),
  row('check', { token: 'x' }, 'permission is missing'),
  row('check', { token: 'x', permission: 99 as never }, 'permission must be a Permission that this server knows'),
  row('check', { permission: Permission.READ_PROFILE }, 'token is missing'),
  row(
    'check',
    { token: 'x', permission: Permission.READ_PROFILE, target: { $case: 'userId', value: '' } },
    'user_id is missing',
  ),
  row('batchCheck', {}, 'checks must have 1 to 1000 entries, and has 0'),
  row('describeToken', {}, 'access_token is missing'),
  row('describeToken', { accessToken: NUL }, 'access_token must not have a NUL character'),
  row('onboardDevice', { password: 'p' }, 'device is missing'),
  row('onboardDevice', { ...device.vendorId('new') }, 'password is missing'),
  row(
    'onboardDevice',
    { ...device.vendorId('a b'), password: 'p' },
    'vendor_id must be 1 to 200 of a-z A-Z 0-9 - _ and dots',
  ),
  row('onboardDevice', { ...device.id(LONG), password: 'p' }, 'device_id must be at most 256 characters'),
  row(
    'onboardDevice',
    { ...device.vendorId('new'), password: 'p', ownerAccessToken: NUL },
    'owner_access_token must not have a NUL character',
  ),
  row(
    'revoke',
    { target: { $case: 'familyId', value: 'fm_x' }, userAccessToken: NUL },
    'user_access_token must not have a NUL character',
  ),
  row(
    'registerUser',
    { ...USER, withToken: { requestId: 'a b' } },
    'request_id must be 1 to 128 printable ASCII characters',
  ),
  row('revokeAll', {}, 'target is missing'),
  row('revokeAll', { target: { $case: 'tenantId', value: '' } }, 'tenant_id is missing'),
  row(
    'verifyAuditLog',
    { maxRecords: 10_001 },
    'after_sequence must not be negative, and max_records must be at most 10000',
  ),
];

const OUTCOMES = ['OK', 'INVALID_ARGUMENT', 'NOT_FOUND', 'PERMISSION_DENIED', 'FAILED_PRECONDITION', 'UNIMPLEMENTED'];

describe('bad input', () => {
  it.each(CASES)('to %s is named: %j', async (name, request, message) => {
    const as = name === 'createTenant' ? bed.as.operator : bed.as.admin;
    expect(await failureOf(bed.call(name, request as never, as))).toMatchObject({
      status: 'INVALID_ARGUMENT',
      reason: 'INVALID_ARGUMENT',
      message,
    });
  });

  it.each(Object.entries(METHODS))('any bytes for %s are an answer or a refusal', async (_, { path }) => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async (bytes) => {
        const outcome = await sendBytes(path, bytes).then(
          () => 'OK',
          (error: ServiceError) => status[error.code],
        );
        expect(OUTCOMES).toContain(outcome);
      }),
      { numRuns: path.endsWith('RequestPasswordReset') ? 5 : 25 },
    );
  });

  it('is text that is not UTF-8', async () => {
    const bytes = new BinaryWriter().uint32(10).bytes(Uint8Array.of(0xc3, 0x28)).finish();
    expect(await failureOf(sendBytes(METHODS.getTenant.path, bytes))).toMatchObject({
      status: 'INVALID_ARGUMENT',
      message: 'A string of the message is not valid UTF-8',
    });
  });

  it.each([
    ['introspect', 2],
    ['batchIntrospect', 2],
    ['listAuditRecords', 3],
  ] as const)('is an integer that no number has, at %s', async (name, field) => {
    const bytes = new BinaryWriter()
      .uint32(field * 8)
      .uint64('9007199254740992')
      .finish();
    expect(await failureOf(sendBytes(METHODS[name].path, bytes))).toMatchObject({
      status: 'INVALID_ARGUMENT',
      message: 'An integer of the message is 2^53 or more',
    });
  });

  it.each([
    [32, 'OK'],
    [33, 'attributes is nested more than 32 deep'],
    [500, 'The message is not valid protobuf'],
  ])('is attributes nested %i deep: %s', async (depth, expected) => {
    let attributes: object = { leaf: true };
    for (let i = 1; i < depth; i++) {
      attributes = { a: attributes };
    }
    const bytes = RegisterUserRequest.encode(RegisterUserRequest.fromPartial({ attributes, withToken: {} })).finish();
    const outcome = await sendBytes(METHODS.registerUser.path, bytes).then(
      () => 'OK',
      async (error: ServiceError) => (await failureOf(Promise.reject(error))).message,
    );
    expect(outcome).toBe(expected);
    if (expected === 'OK') {
      expect((await bed.call('listUsers', {})).users.some((each) => JSON.stringify(each).includes('leaf'))).toBe(true);
    }
  });

  it('is no field of attributes that would be a prototype: it is kept as any other', async () => {
    const field = (name: string, value: Uint8Array) =>
      new BinaryWriter().uint32(10).bytes(new BinaryWriter().uint32(10).string(name).uint32(18).bytes(value).finish());
    const polluted = new BinaryWriter()
      .uint32(42)
      .bytes(field('isAdmin', Uint8Array.of(32, 1)).finish())
      .finish();
    const attributes = new BinaryWriter()
      .raw(field('__proto__', polluted).finish())
      .raw(field('a', Uint8Array.of(32, 1)).finish());
    const bytes = new BinaryWriter()
      .uint32(74)
      .bytes(attributes.finish())
      .raw(RegisterUserRequest.encode(RegisterUserRequest.fromPartial({ withToken: {} })).finish());
    const answer = RegisterUserResponse.decode(await sendBytes(METHODS.registerUser.path, bytes.finish()));
    expect(JSON.stringify(answer.user?.attributes)).toBe('{"__proto__":{"isAdmin":true},"a":true}');
    expect('isAdmin' in (answer.user?.attributes ?? {})).toBe(false);
    expect(({} as Record<string, unknown>).isAdmin).toBeUndefined();
  });

  it('leaves the server as it was', async () => {
    const { accessToken } = await issue(bed, CREDENTIALS.user());
    expect(await introspect(bed, accessToken)).toMatchObject({ active: true });
  });
});
