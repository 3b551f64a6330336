import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MessageChannel } from '../../../gen/ts/symbolon/v1/user_service.ts';
import { CREDENTIALS, failureOf, introspect, issue, PASSWORD } from '../client.ts';
import { type DirectoryBed, device, openDirectoryBed, user } from './bed.ts';

let bed: DirectoryBed;
let made = 0;

beforeAll(async () => {
  bed = await openDirectoryBed();
});

afterAll(() => bed.close());

const NEW = 'a new password';

/** A user with a verified e-mail address. */
async function makeUser() {
  made += 1;
  const loginName = `user-${made}`;
  const email = `${loginName}@example.com`;
  const { user: each } = await bed.call('registerUser', { loginName, email, emailVerified: true, password: PASSWORD });
  return { userId: each?.userId ?? '', loginName, email };
}

describe('a user’s password', () => {
  it('is changed with the old one, by anybody who knows that, and every token ends', async () => {
    const { userId, loginName } = await makeUser();
    const refs = [user.id(userId), user.loginName(loginName)];
    let password = PASSWORD;
    for (const ref of [...refs, undefined]) {
      const { accessToken } = await issue(bed, CREDENTIALS.user(loginName, password));
      const next = `${password}!`;
      const request = { user: ref ?? user.token(accessToken), oldPassword: password, newPassword: next };
      const { revision } = await bed.call('changeUserPassword', request, bed.as.public);
      expect(await introspect(bed, accessToken, revision)).toMatchObject({ active: false });
      expect(await failureOf(issue(bed, CREDENTIALS.user(loginName, password)))).toMatchObject({
        reason: 'INVALID_CREDENTIALS',
      });
      password = next;
    }
    expect(await issue(bed, CREDENTIALS.user(loginName, password))).toMatchObject({ subjectId: userId });
  });

  it('is changed by an admin without it, and by nobody else', async () => {
    const { userId, loginName } = await makeUser();
    const { accessToken } = await issue(bed, CREDENTIALS.user(loginName));
    for (const ref of [user.id(userId), user.token(accessToken)]) {
      const request = { user: ref, newPassword: NEW };
      expect(await failureOf(bed.call('changeUserPassword', request, bed.as.client))).toMatchObject({
        status: 'PERMISSION_DENIED',
      });
    }
    await bed.call('changeUserPassword', { user: user.id(userId), newPassword: NEW });
    expect(await issue(bed, CREDENTIALS.user(loginName, NEW))).toMatchObject({ subjectId: userId });
  });

  it('is not told apart from an unknown user by a wrong one', async () => {
    const { userId } = await makeUser();
    const wrong = { oldPassword: 'wrong', newPassword: NEW };
    const failures = [user.id(userId), user.loginName('nobody'), user.phone('rubbish')].map((ref) =>
      failureOf(bed.call('changeUserPassword', { user: ref, ...wrong }, bed.as.public)),
    );
    const [first, ...others] = (await Promise.all(failures)).map(({ status, reason, message }) => [
      status,
      reason,
      message,
    ]);
    expect(first?.[1]).toBe('INVALID_CREDENTIALS');
    expect(others).toEqual([first, first]);
    const unknown = bed.call('changeUserPassword', { user: user.id('nobody'), newPassword: NEW });
    expect(await failureOf(unknown)).toMatchObject({ status: 'NOT_FOUND', message: 'There is no such user' });
  });

  it('is not another user’s to change by a token', async () => {
    const one = await makeUser();
    const other = await makeUser();
    const { accessToken } = await issue(bed, CREDENTIALS.user(one.loginName));
    const request = { user: user.token(accessToken), oldPassword: PASSWORD, newPassword: NEW };
    await bed.call('changeUserPassword', request, bed.as.public);
    expect(await issue(bed, CREDENTIALS.user(other.loginName))).toMatchObject({ subjectId: other.userId });
  });

  it('has four characters at least', async () => {
    const { userId } = await makeUser();
    const short = bed.call('changeUserPassword', { user: user.id(userId), newPassword: 'abc' });
    expect(await failureOf(short)).toMatchObject({ status: 'INVALID_ARGUMENT' });
    const empty = bed.call('changeUserPassword', { user: user.id(userId) });
    expect(await failureOf(empty)).toMatchObject({ status: 'INVALID_ARGUMENT' });
  });
});

describe('a forgotten password', () => {
  const request = (ref: ReturnType<(typeof user)['email']> | ReturnType<(typeof user)['loginName']>) =>
    bed.call('requestPasswordReset', { user: ref, channel: MessageChannel.EMAIL }, bed.as.public);

  it('is reset by a code, once, and every token ends', async () => {
    const { userId, loginName, email } = await makeUser();
    const { accessToken } = await issue(bed, CREDENTIALS.user(loginName));
    expect(await request(user.email(email))).toEqual({});
    const code = await bed.codeOf(userId, 'reset_password');
    const complete = { user: user.loginName(loginName), code, newPassword: NEW };
    const { revision } = await bed.call('completePasswordReset', complete, bed.as.public);
    expect(await introspect(bed, accessToken, revision)).toMatchObject({ active: false });
    expect(await issue(bed, CREDENTIALS.user(loginName, NEW))).toMatchObject({ subjectId: userId });
    expect(await failureOf(bed.call('completePasswordReset', complete, bed.as.public))).toMatchObject({
      status: 'FAILED_PRECONDITION',
      reason: 'INVALID_CODE',
    });
  });

  it('is answered the same for those whom nobody knows, who have no address, or who asked too often', async () => {
    const { loginName, email } = await makeUser();
    expect(await request(user.email('nobody@example.com'))).toEqual({});
    const sms = { user: user.loginName(loginName), channel: MessageChannel.SMS };
    expect(await bed.call('requestPasswordReset', sms, bed.as.public)).toEqual({});
    const before = (await bed.call('listUserMessages', { pageSize: 1_000 })).messages.length;
    for (let i = 0; i < 7; i++) {
      expect(await request(user.email(email))).toEqual({});
    }
    expect((await bed.call('listUserMessages', { pageSize: 1_000 })).messages.length).toBe(before + 5);
  });

  it('is answered no sooner for those whom nobody knows', async () => {
    const start = performance.now();
    await request(user.email('nobody@example.com'));
    expect(performance.now() - start).toBeGreaterThan(190);
  });

  it('bears five wrong codes, and no late one', async () => {
    const { userId, loginName, email } = await makeUser();
    const complete = (code: string) =>
      failureOf(
        bed.call('completePasswordReset', { user: user.loginName(loginName), code, newPassword: NEW }, bed.as.public),
      );
    await request(user.email(email));
    const code = await bed.codeOf(userId, 'reset_password');
    for (let i = 0; i < 5; i++) {
      expect(await complete('00000000')).toMatchObject({ reason: 'INVALID_CODE' });
    }
    expect(await complete(code)).toMatchObject({ reason: 'INVALID_CODE' });
    // Messages of one millisecond are in no order.
    bed.clock.advance(1);
    await request(user.email(email));
    bed.clock.advance(15 * 60_000);
    expect(await complete(await bed.codeOf(userId, 'reset_password'))).toMatchObject({
      status: 'FAILED_PRECONDITION',
      reason: 'CODE_EXPIRED',
    });
    const unknown = { user: user.loginName('nobody'), code: '12345678', newPassword: NEW };
    expect(await failureOf(bed.call('completePasswordReset', unknown, bed.as.public))).toMatchObject({
      reason: 'INVALID_CODE',
    });
  });

  it('is not reset by a token, nor over what is no channel', async () => {
    const { accessToken } = await issue(bed, CREDENTIALS.user());
    const byToken = { user: user.token(accessToken), channel: MessageChannel.EMAIL };
    expect(await failureOf(bed.call('requestPasswordReset', byToken, bed.as.public))).toMatchObject({
      status: 'INVALID_ARGUMENT',
    });
    for (const channel of [MessageChannel.UNSPECIFIED, 9] as MessageChannel[]) {
      const call = bed.call('requestPasswordReset', { user: user.loginName('ann'), channel }, bed.as.public);
      expect(await failureOf(call)).toMatchObject({ status: 'INVALID_ARGUMENT' });
    }
  });
});

describe('a device’s password', () => {
  it('is changed with the old one or by an admin, and every token ends', async () => {
    const { accessToken } = await issue(bed, CREDENTIALS.device());
    const request = { device: device.vendorId('lamp'), oldPassword: PASSWORD, newPassword: 'n' };
    const { revision } = await bed.call('changeDevicePassword', request, bed.as.public);
    expect(await introspect(bed, accessToken, revision)).toMatchObject({ active: false });
    for (const each of [request, { ...request, device: device.vendorId('none') }]) {
      expect(await failureOf(bed.call('changeDevicePassword', each, bed.as.public))).toMatchObject({
        reason: 'INVALID_CREDENTIALS',
      });
    }
    const without = { device: device.id('th.lamp'), newPassword: PASSWORD };
    expect(await failureOf(bed.call('changeDevicePassword', without, bed.as.public))).toMatchObject({
      status: 'PERMISSION_DENIED',
    });
    await bed.call('changeDevicePassword', without);
    expect(await issue(bed, CREDENTIALS.device())).toMatchObject({ subjectId: 'th.lamp' });
  });
});
