/** What decides about logins leaves a line that says who did it and to whom. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MessageChannel } from '../../../gen/ts/symbolon/v1/user_service.ts';
import { parseToken } from '../../../src/core/token-form.ts';
import { totpCode } from '../../../src/core/totp.ts';
import { madeUp } from '../../core/made-up.ts';
import { type LogLine, LogTape } from '../../http/support.ts';
import { basic, bearer, CREDENTIALS, failureOf, introspect, issue, PASSWORD, send } from '../client.ts';
import { type DirectoryBed, device, openDirectoryBed, user } from './bed.ts';

const tape = new LogTape();
let bed: DirectoryBed;
let made = 0;

beforeAll(async () => {
  bed = await openDirectoryBed({ log: tape.log });
});
afterAll(() => bed.close());

/** The line that a call left; lines are written before the answer. */
async function lineOf(act: () => Promise<unknown>): Promise<LogLine> {
  const before = tape.lines.length;
  await act().catch(() => undefined);
  const lines = tape.lines.slice(before);
  expect(lines.length).toBe(1);
  return lines[0] ?? {};
}

/** A user, with a token of it. */
async function makeUser() {
  made += 1;
  const loginName = `user-${made}`;
  const email = `${loginName}@example.com`;
  const { user: each } = await bed.call('registerUser', { loginName, email, emailVerified: true, password: PASSWORD });
  const { accessToken } = await issue(bed, CREDENTIALS.user(loginName));
  const { tokenId } = await introspect(bed, accessToken);
  return { userId: each?.userId ?? '', loginName, accessToken, tokenId };
}

const ADMIN = { tenant: 'acme', client: 'admin', door: 'grpc', code: 'ok' };

describe('a password', () => {
  it('that a user changes is the user’s own doing', async () => {
    const { userId, accessToken, tokenId } = await makeUser();
    const request = { user: user.token(accessToken), oldPassword: 'wrong', newPassword: 'another one' };
    const wrong = await lineOf(() => bed.call('changeUserPassword', request, bed.as.public));
    const common = { method: 'ChangeUserPassword', client: 'acme', subject: userId };
    expect(wrong).toMatchObject({ ...common, code: 'invalid_credentials', credential: 'user_password' });
    const right = { ...request, oldPassword: PASSWORD };
    const changed = await lineOf(() => bed.call('changeUserPassword', right, bed.as.public));
    expect(changed).toMatchObject({ ...common, code: 'ok', event: 'change_password', by: userId, byToken: tokenId });
  });

  it('that an admin sets is the client’s doing', async () => {
    const { userId } = await makeUser();
    const request = { user: user.id(userId), newPassword: 'another one' };
    const line = await lineOf(() => bed.call('changeUserPassword', request));
    expect(line).toMatchObject({ ...ADMIN, event: 'change_password', subject: userId });
    expect(line).not.toHaveProperty('by');
  });

  it('that is reset tells whose, and of a name that nobody has the hash', async () => {
    const { userId, loginName } = await makeUser();
    const channel = MessageChannel.EMAIL;
    const ask = (name: string) => () =>
      bed.call('requestPasswordReset', { user: user.loginName(name), channel }, bed.as.public);
    expect(await lineOf(ask(loginName))).toMatchObject({ event: 'send_code', subject: userId, code: 'ok' });
    const nobody = await lineOf(ask('hunter2-by-mistake'));
    expect(nobody).toMatchObject({ unknown: expect.stringMatching(/^[0-9a-f]{16}$/), code: 'ok' });
    const redeem = (code: string) => () =>
      bed.call(
        'completePasswordReset',
        { user: user.loginName(loginName), code, newPassword: 'another one' },
        bed.as.public,
      );
    const event = { event: 'redeem_code', credential: 'code', subject: userId };
    expect(await lineOf(redeem('00000000'))).toMatchObject({ ...event, code: 'invalid_code' });
    const code = await bed.codeOf(userId, 'reset_password');
    expect(await lineOf(redeem(code))).toMatchObject({ ...event, code: 'ok' });
    expect(tape.text).not.toContain('hunter2-by-mistake');
    expect(tape.text).not.toContain(code);
  });
});

it('a second factor is asked for, given, and taken away', async () => {
  const { userId, loginName, accessToken } = await makeUser();
  const ref = { user: user.token(accessToken) };
  const { secret } = await bed.call('enrollTotp', { ...ref, password: PASSWORD }, bed.as.public);
  const code = () => totpCode(secret, bed.clock.now);
  const confirmed = await lineOf(() => bed.call('confirmTotp', { ...ref, code: code() }, bed.as.public));
  expect(confirmed).toMatchObject({ event: 'confirm_totp', subject: userId, by: userId });
  bed.clock.advance(30_000);
  const { client } = bed;
  let mfaToken = '';
  const asked = await lineOf(async () => {
    const answer = await send(client, client.issue, CREDENTIALS.user(loginName), bed.as.public);
    mfaToken = answer.result?.$case === 'mfaChallenge' ? answer.result.value.mfaToken : '';
  });
  expect(asked).toMatchObject({ event: 'login', code: 'ok', pending: true, subject: userId });
  expect(asked).not.toHaveProperty('family');
  const complete = (value: string) => {
    const factor = { $case: 'totpCode' as const, value };
    const credential = { $case: 'secondFactor' as const, value: { mfaToken, factor } };
    const request = { ...CREDENTIALS.user(), credential };
    return lineOf(() => send(client, client.issue, request, bed.as.public));
  };
  const second = { event: 'login', credential: 'second_factor', subject: userId };
  expect(await complete('000000')).toMatchObject({ ...second, code: 'invalid_credentials' });
  expect(await complete(code())).toMatchObject({ ...second, code: 'ok', family: expect.stringMatching(/^fm_/) });
  const removed = await lineOf(() => bed.call('removeTotp', { user: user.id(userId) }));
  expect(removed).toMatchObject({ ...ADMIN, event: 'remove_totp', subject: userId });
  expect(tape.text).not.toContain(mfaToken);
});

it('what ends all tokens tells of whom', async () => {
  const { userId } = await makeUser();
  const { device: made } = await bed.call('registerDevice', { vendorId: 'whom-lamp', password: PASSWORD });
  const { client } = await bed.call('createClient', { clientId: 'acme.whom', confidential: true });
  const [deviceId, clientId] = [made?.deviceId ?? '', client?.clientId ?? ''];
  const all = (target: object) => lineOf(() => bed.call('revokeAll', { target: target as never }));
  expect(await all({ $case: 'userId', value: userId })).toMatchObject({ event: 'revoke_all', subject: userId });
  expect(await all({ $case: 'deviceId', value: deviceId })).toMatchObject({ event: 'revoke_all', subject: deviceId });
  const ofClient = await all({ $case: 'clientId', value: clientId });
  expect(ofClient).toMatchObject({ ...ADMIN, event: 'revoke_all', targetClient: clientId });
  expect(ofClient).not.toHaveProperty('subject');
  const disabled = await lineOf(() => bed.call('disableUser', { user: user.id(userId) }));
  expect(disabled).toMatchObject({ ...ADMIN, event: 'disable', subject: userId });
  const unlocked = await lineOf(() => bed.call('unlockDevice', { device: device.id(deviceId) }));
  expect(unlocked).toMatchObject({ ...ADMIN, event: 'unlock', subject: deviceId });
  const reset = await lineOf(() => bed.call('addClientSecret', { clientId, reset: true }));
  expect(reset).toMatchObject({ ...ADMIN, event: 'add_client_secret', targetClient: clientId });
  const ended = await lineOf(() => bed.call('disableClient', { clientId }));
  expect(ended).toMatchObject({ ...ADMIN, event: 'disable', targetClient: clientId });
  const ofTenant = await lineOf(() => bed.call('disableTenant', { tenantId: 'other' }, bed.as.operator));
  expect(ofTenant).toMatchObject({ client: 'operator', event: 'disable', targetTenant: 'other', code: 'ok' });
});

it('a registration that asks for tokens is a login', async () => {
  const line = await lineOf(() => bed.call('registerUser', { withToken: {} }, bed.as.public));
  expect(line).toMatchObject({ event: 'login', credential: 'registration', kind: 'USER', code: 'ok' });
  expect(line).toMatchObject({ family: expect.stringMatching(/^fm_/), subject: expect.any(String) });
});

it('a repeat by its request id is told as one', async () => {
  const request = { ...CREDENTIALS.user(), requestId: 'a-repeat' };
  const first = await lineOf(() => issue(bed, request));
  const again = await lineOf(() => issue(bed, request));
  expect(first).not.toHaveProperty('repeat');
  expect(again).toMatchObject({ event: 'login', code: 'ok', repeat: true, family: first.family });
});

it('a registration that is repeated is told as a login that was', async () => {
  const request = { loginName: 'whom-zoe', password: PASSWORD, withToken: { requestId: 'a-repeated-registration' } };
  const first = await lineOf(() => bed.call('registerUser', request, bed.as.public));
  const again = await lineOf(() => bed.call('registerUser', request, bed.as.public));
  const { event, credential, subject, family } = first;
  expect(first).not.toHaveProperty('repeat');
  expect(again).toMatchObject({ code: 'ok', repeat: true, ...{ event, credential, subject, family } });
});

it('a device that comes up tells who it is, and its login', async () => {
  const { accessToken } = await makeUser();
  const request = { ...device.vendorId('whom-bulb'), password: PASSWORD };
  const made = await lineOf(() => bed.call('onboardDevice', request, bed.as.public));
  expect(made).toMatchObject({ event: 'login', credential: 'registration', kind: 'DEVICE', code: 'ok' });
  const owned = await lineOf(() =>
    bed.call('onboardDevice', { ...request, ownerAccessToken: accessToken }, bed.as.public),
  );
  const login = { event: 'login', credential: 'device_password', kind: 'DEVICE', code: 'ok', subject: made.subject };
  expect(owned).toMatchObject({ ...login, family: expect.stringMatching(/^fm_/), by: made.subject });
  const wrong = await lineOf(() => bed.call('onboardDevice', { ...request, password: 'wrong' }, bed.as.public));
  expect(wrong).toMatchObject({ event: 'login', code: 'invalid_credentials', subject: made.subject });
  expect(tape.text).not.toContain('whom-bulb');
});

it('a user’s own login is ended by the user, and a token that is asked about is told by its id', async () => {
  const { userId, loginName, accessToken, tokenId } = await makeUser();
  const other = await issue(bed, CREDENTIALS.user(loginName));
  const target = { $case: 'familyId' as const, value: other.familyId };
  const ended = await lineOf(() => bed.call('revoke', { target, userAccessToken: accessToken }, bed.as.public));
  expect(ended).toMatchObject({ event: 'revoke', family: other.familyId, by: userId, byToken: tokenId, code: 'ok' });
  const asked = await lineOf(() => bed.call('describeToken', { accessToken: other.accessToken }, bed.as.public));
  expect(asked).toMatchObject({ family: other.familyId, token: other.tokenId, code: 'invalid_credentials' });
  expect(tape.text).not.toContain(other.accessToken);
});

describe('a caller who is nobody', () => {
  it('took the name of a client that there is, or of none', async () => {
    const call = (as: Parameters<typeof issue>[2]) => lineOf(() => failureOf(issue(bed, CREDENTIALS.user(), as)));
    const known = await call(basic('admin', 'wrong'));
    const denied = { code: 'caller_unauthenticated', credential: 'client_secret' };
    expect(known).toMatchObject({ ...denied, client: 'admin', tenant: 'acme' });
    const unknown = await call(basic('cl_mistyped', 'wrong'));
    expect(unknown).toMatchObject({ ...denied, unknown: expect.stringMatching(/^[0-9a-f]{16}$/) });
    expect(unknown).not.toHaveProperty('client');
    const { accessToken, tokenId } = await makeUser();
    const token = await call(bearer(accessToken));
    expect(token).toMatchObject({ code: 'caller_unauthenticated', credential: 'access_token', token: tokenId });
  });

  it('tells nothing by a token that was made up', async () => {
    const { accessToken } = await makeUser();
    const { keyId } = parseToken(accessToken) ?? {};
    const token = madeUp('access', keyId === undefined ? {} : { keyId });
    const line = await lineOf(() => failureOf(issue(bed, CREDENTIALS.user(), bearer(token))));
    expect(line).toMatchObject({ code: 'caller_unauthenticated', credential: 'access_token' });
    expect(line).not.toHaveProperty('token');
    expect(line).not.toHaveProperty('family');
  });
});
