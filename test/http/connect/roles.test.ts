/** Clients that prove themselves may call, but their roles do not count: nobody acts for others here. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CREDENTIALS, introspect, issue, PASSWORD } from '../../grpc/client.ts';
import {
  basicHeader,
  type ConnectBed,
  callThrough,
  DOORS,
  failureThrough,
  type Message,
  openConnectBed,
} from './doors.ts';

let bed: ConnectBed;

beforeAll(async () => {
  bed = await openConnectBed();
});

afterAll(() => bed.close());

const call = (name: string, request: Message, headers: Record<string, string>) =>
  callThrough(DOORS['Connect with JSON'](bed.url), name, request, headers);

const ANN = { user: { userId: 'user-ann' } };

/** What an admin may do to others over gRPC. */
const OF_ADMINS: [string, Message][] = [
  ['GetUser', ANN],
  ['GetUser', { user: { loginName: 'ann' } }],
  ['UpdateUser', { ...ANN, displayName: 'Stolen', updateMask: 'displayName' }],
  ['ChangeUserPassword', { ...ANN, newPassword: 'stolen horse' }],
  ['DeleteUser', ANN],
  ['StartEmailVerification', ANN],
  ['ConfirmEmailVerification', { ...ANN, code: '12345678' }],
  ['StartPhoneVerification', ANN],
  ['ConfirmPhoneVerification', { ...ANN, code: '12345678' }],
  ['EnrollTotp', ANN],
  ['ConfirmTotp', { ...ANN, code: '123456' }],
  ['RemoveTotp', ANN],
  ['ListTokens', { userId: 'user-ann' }],
  ['ListConsents', { userId: 'user-ann' }],
  ['WithdrawConsent', { consentId: 'co_1' }],
  ['RegisterUser', { loginName: 'made', password: PASSWORD, email: 'made@example.com', emailVerified: true }],
];

describe('a client with the role of an admin', () => {
  it.each(OF_ADMINS)('does not %s of others: %j', async (name, request) => {
    const { accessToken } = await issue(bed, CREDENTIALS.client('admin', bed.adminSecret), bed.as.admin);
    for (const headers of [basicHeader('admin', bed.adminSecret), { authorization: `Bearer ${accessToken}` }]) {
      expect(await failureThrough(call(name, request, headers))).toMatchObject({
        code: 'PermissionDenied',
        details: [{ reason: 'PERMISSION_DENIED' }],
      });
    }
  });

  it('ends no login by its id, unless the login is its own client’s', async () => {
    const other = await issue(bed, CREDENTIALS.user(), bed.as.public);
    const own = await issue(bed, CREDENTIALS.user(), bed.as.admin);
    const headers = basicHeader('admin', bed.adminSecret);
    expect(await failureThrough(call('Revoke', { familyId: other.familyId }, headers))).toMatchObject({
      code: 'PermissionDenied',
    });
    expect(await introspect(bed, other.accessToken)).toMatchObject({ active: true });
    await call('Revoke', { familyId: own.familyId }, headers);
    expect(await introspect(bed, own.accessToken)).toMatchObject({ active: false });
  });

  it('ends no login of others by a user’s token', async () => {
    const ann = await issue(bed, CREDENTIALS.user(), bed.as.public);
    const lamp = await issue(bed, CREDENTIALS.device(), bed.as.public);
    const request = { familyId: lamp.familyId, userAccessToken: ann.accessToken };
    await call('Revoke', request, basicHeader('admin', bed.adminSecret));
    expect(await introspect(bed, lamp.accessToken)).toMatchObject({ active: true });
  });

  it('acts for a user by the user’s token, as any client', async () => {
    const { accessToken } = await issue(bed, CREDENTIALS.user(), bed.as.public);
    const { user } = await call('GetUser', { user: { accessToken } }, basicHeader('admin', bed.adminSecret));
    expect(user).toMatchObject({ userId: 'user-ann' });
  });
});

describe('a public client', () => {
  it('ends a login by its token alone', async () => {
    const { accessToken, familyId, tokenId } = await issue(bed, CREDENTIALS.user(), bed.as.public);
    for (const target of [{ familyId }, { tokenId }]) {
      expect((await failureThrough(call('Revoke', target, basicHeader('acme')))).code).toBe('PermissionDenied');
    }
    await call('Revoke', { token: accessToken }, basicHeader('acme'));
    expect(await introspect(bed, accessToken)).toMatchObject({ active: false });
  });
});
