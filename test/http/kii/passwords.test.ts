/** Passwords and addresses of users: changed, reset, verified; and the lock. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { APP, type HttpBed, openHttpBed, PASSWORD, postToken } from '../support.ts';
import { freshName, register, rest, sentCodes, type Tokens, tokensOf, told, userToken } from './rest.ts';

let bed: HttpBed;
let tokens: Tokens;

beforeAll(async () => {
  bed = await openHttpBed({ policy: { loginAttempts: 3 } });
  tokens = await tokensOf(bed);
});
afterAll(() => bed.close());

const NEW = 'another password';

function change(token: string, body: object, path = 'users/me/password') {
  return rest(bed, 'PUT', path, { token, body, type: 'ChangePasswordRequest' });
}

function login(username: string, password: string) {
  return postToken(bed, { username, password });
}

describe('a change of password', () => {
  it('by the user ends every token of it at once, and the old password fails', async () => {
    const loginName = freshName();
    const { token } = await register(bed, { loginName });
    const second = await userToken(bed, loginName);
    expect((await change(token, { oldPassword: PASSWORD, newPassword: NEW })).status).toBe(204);
    for (const each of [token, second]) {
      expect(told(await rest(bed, 'GET', 'users/me', { token: each }))).toBe('403 WRONG_TOKEN');
    }
    expect((await login(loginName, PASSWORD)).status).toBe(400);
    expect((await login(loginName, NEW)).status).toBe(200);
  });

  it('by an admin needs no old password, and does the same', async () => {
    const loginName = freshName();
    const { token, id } = await register(bed, { loginName });
    expect((await change(tokens.admin, { newPassword: NEW }, `users/${id}/password`)).status).toBe(204);
    expect(told(await rest(bed, 'GET', 'users/me', { token }))).toBe('403 WRONG_TOKEN');
    expect((await login(loginName, NEW)).status).toBe(200);
  });

  it('with a wrong old password changes nothing', async () => {
    const { token, id } = await register(bed);
    const answer = await change(token, { oldPassword: 'wrong', newPassword: NEW });
    expect([answer.status, answer.json]).toEqual([
      401,
      {
        errorCode: 'WRONG_PASSWORD',
        message: 'The provided password is wrong',
        appID: APP,
        userID: id,
        suppressed: [],
      },
    ]);
    expect(answer.headers.get('content-type')).toContain('application/vnd.kii.WrongPasswordException+json');
    expect(told(await rest(bed, 'GET', 'users/me', { token }))).toBe('200');
  });

  it('of another user is refused, even with that one’s password', async () => {
    const body = { oldPassword: PASSWORD, newPassword: NEW };
    expect(told(await change(tokens.bob, body, 'users/user-1/password'))).toBe('401 UNAUTHORIZED');
    expect(told(await rest(bed, 'GET', 'users/me', { token: tokens.alice }))).toBe('200');
  });

  it.each([
    [{ newPassword: NEW }, '400 INVALID_INPUT_DATA'],
    [{ oldPassword: 7, newPassword: NEW }, '400 INVALID_INPUT_DATA'],
    [{ oldPassword: PASSWORD }, '400 PASSWORD_TOO_SHORT'],
    [{ oldPassword: PASSWORD, newPassword: 'abc' }, '400 PASSWORD_TOO_SHORT'],
    [{ oldPassword: PASSWORD, newPassword: 'x'.repeat(51) }, '400 INVALID_INPUT_DATA'],
    [{ oldPassword: PASSWORD, newPassword: { a: 1 } }, '400 INVALID_INPUT_DATA'],
  ])('by %j is refused', async (body, expected) => {
    expect(told(await change(tokens.bob, body))).toBe(expected);
  });

  it('counts wrong passwords as logins do, and is locked as they are', async () => {
    const loginName = freshName();
    const { token } = await register(bed, { loginName });
    for (let i = 0; i < 3; i++) {
      expect(told(await change(token, { oldPassword: 'wrong', newPassword: NEW }))).toBe('401 WRONG_PASSWORD');
    }
    const locked = await change(token, { oldPassword: PASSWORD, newPassword: NEW });
    expect([told(locked), locked.json.message]).toEqual(['401 AUTHENTICATION_FAILED', 'The login name is locked']);
    expect((await login(loginName, PASSWORD)).json.error_description).toBe('The login name is locked');
  });
});

async function requestReset(path: string, notificationMethod = 'EMAIL', more: object = {}) {
  const body = { notificationMethod, ...more };
  return rest(bed, 'POST', `users/${path}/password/request-reset`, { body, type: 'ResetPasswordRequest' });
}

async function completeReset(path: string, pinCode: unknown, newPassword: unknown = NEW) {
  const body = { pinCode, newPassword };
  return rest(bed, 'POST', `users/${path}/password/complete-reset`, { body, type: 'CompletePasswordResetRequest' });
}

/** With verified addresses of its own. */
async function verifiedUser() {
  const loginName = freshName();
  const [emailAddress, phoneNumber] = [
    `${loginName}@example.com`,
    `+8190${String(10_000_000 + Number(loginName.slice(5)))}`,
  ];
  const { id, token } = await register(bed, { loginName, emailAddress, phoneNumber });
  const verified = { emailAddressVerified: true, phoneNumberVerified: true };
  await rest(bed, 'PATCH', `users/${id}`, { token: tokens.admin, body: verified });
  await sentCodes(bed, id);
  return { id, token, loginName, emailAddress, phoneNumber };
}

describe('a reset of a password', () => {
  it.each([
    ['EMAIL', ({ emailAddress }) => `EMAIL:${emailAddress.toUpperCase()}`],
    ['SMS', ({ phoneNumber }) => `PHONE:${phoneNumber}`],
    ['EMAIL', ({ loginName }) => `LOGIN_NAME:${loginName}`],
    ['SMS', ({ id }) => id],
  ] satisfies [string, (user: Awaited<ReturnType<typeof verifiedUser>>) => string][])(
    'by %s goes by a code, once, and ends every token',
    async (method, pathOf) => {
      const user = await verifiedUser();
      const path = pathOf(user);
      expect((await requestReset(path, method, method === 'SMS' ? { smsResetMethod: 'PIN' } : {})).status).toBe(204);
      const { reset_password: code } = await sentCodes(bed, user.id);
      expect(code).toMatch(/^[0-9]{8}$/);
      const wrong = await completeReset(path, '00000000');
      expect([told(wrong), wrong.json.appID]).toEqual(['403 INVALID_VERIFICATION_CODE', APP]);
      expect(told(await completeReset(path, code, 'abc'))).toBe('400 PASSWORD_TOO_SHORT');
      expect(told(await rest(bed, 'GET', 'users/me', { token: user.token }))).toBe('200');
      expect((await completeReset(path, code)).status).toBe(204);
      expect(told(await rest(bed, 'GET', 'users/me', { token: user.token }))).toBe('403 WRONG_TOKEN');
      expect((await login(user.loginName, NEW)).status).toBe(200);
      expect((await login(user.loginName, PASSWORD)).status).toBe(400);
      expect(told(await completeReset(path, code))).toBe('403 INVALID_VERIFICATION_CODE');
    },
  );

  it('expires, and dies after five wrong codes', async () => {
    const late = await verifiedUser();
    await requestReset(late.id);
    const { reset_password: lateCode } = await sentCodes(bed, late.id);
    bed.clock.advance(15 * 60_000);
    const expired = await completeReset(late.id, lateCode);
    expect(told(expired)).toBe('410 PIN_CODE_EXPIRED');
    expect(expired.headers.get('content-type')).toContain('application/vnd.kii.PINCodeExpiredException+json');
    const guessed = await verifiedUser();
    await requestReset(guessed.id);
    const { reset_password: code } = await sentCodes(bed, guessed.id);
    for (let i = 0; i < 5; i++) {
      expect(told(await completeReset(guessed.id, 'wrong'))).toBe('403 INVALID_VERIFICATION_CODE');
    }
    expect(told(await completeReset(guessed.id, code))).toBe('403 INVALID_VERIFICATION_CODE');
  });

  it('opens a lock', async () => {
    const { id, loginName } = await verifiedUser();
    for (let i = 0; i < 3; i++) {
      await login(loginName, 'wrong');
    }
    await requestReset(id);
    const { reset_password: code } = await sentCodes(bed, id);
    expect((await completeReset(id, code)).status).toBe(204);
    expect((await login(loginName, NEW)).status).toBe(200);
  });

  it('is refused for whom it can reach by no verified address, and for nobody', async () => {
    const emailAddress = 'unverified@example.com';
    const { id } = await register(bed, { emailAddress });
    const answer = await requestReset(id);
    expect([told(answer), answer.json.userID, answer.json.accountType]).toEqual([
      '400 INVALID_ACCOUNT_STATUS',
      id,
      'EMAIL',
    ]);
    expect((await requestReset(id, 'SMS')).json.accountType).toBe('PHONE');
    for (const path of [`EMAIL:${emailAddress}`, 'LOGIN_NAME:nobody', 'th.1', 'PHONE:+819000000000']) {
      expect(told(await requestReset(path))).toBe('404 USER_NOT_FOUND');
      expect(told(await completeReset(path, '12345678'))).toBe('404 USER_NOT_FOUND');
    }
    const off = await verifiedUser();
    await rest(bed, 'PUT', `users/${off.id}/status`, { token: tokens.admin, body: { disabled: true } });
    expect(told(await requestReset(off.id))).toBe('400 INVALID_ACCOUNT_STATUS');
  });

  it.each([
    [{}, 'notificationMethod'],
    [{ notificationMethod: 'PIGEON' }, 'notificationMethod'],
    [{ notificationMethod: 1 }, 'notificationMethod'],
    [{ notificationMethod: 'SMS', smsResetMethod: 'URL' }, 'smsResetMethod'],
  ])('by %j is refused', async (body, field) => {
    const answer = await rest(bed, 'POST', 'users/user-1/password/request-reset', { body });
    expect([told(answer), Object.keys(answer.json.invalidFields as object)]).toEqual([
      '400 INVALID_INPUT_DATA',
      [field],
    ]);
  });

  it('without a body goes by e-mail, as the JS SDK asks for it', async () => {
    const { id } = await verifiedUser();
    expect((await rest(bed, 'POST', `users/${id}/password/request-reset`)).status).toBe(204);
    const { reset_password: code } = await sentCodes(bed, id);
    expect((await completeReset(id, code)).status).toBe(204);
  });

  it('sends no more than five codes an hour', async () => {
    const { id } = await verifiedUser();
    for (let i = 0; i < 5; i++) {
      expect((await requestReset(id)).status).toBe(204);
    }
    const answer = await requestReset(id);
    expect([told(answer), Number(answer.headers.get('retry-after')) > 0]).toEqual(['429 TOO_MANY_REQUESTS', true]);
  });
});

describe.each([
  ['email-address', 'emailAddress', 'verify_email', (n: string) => `${n}@example.com`, 'EMAIL', 'PIN_CODE_EXPIRED'],
  [
    'phone-number',
    'phoneNumber',
    'verify_phone',
    (n: string) => `+8180${String(10_000_000 + Number(n.slice(5)))}`,
    'PHONE',
    'PHONE_NUMBER_VERIFICATION_CODE_EXPIRED',
  ],
] as const)('an address at %s', (path, field, purpose, addressOf, type, expired) => {
  const verify = (token: string, verificationCode: unknown) =>
    rest(bed, 'POST', `users/me/${path}/verify`, {
      token,
      body: { verificationCode },
      type: 'AddressVerificationRequest',
    });
  const resend = (token: string) => rest(bed, 'POST', `users/me/${path}/resend-verification`, { token });

  it('is verified by the code that the registration sent, and logs in then', async () => {
    const address = addressOf(freshName());
    const { token, id } = await register(bed, { [field]: address });
    expect((await login(address, PASSWORD)).status).toBe(400);
    const { [purpose]: code } = await sentCodes(bed, id);
    expect(told(await verify(token, '00000000'))).toBe('403 INVALID_VERIFICATION_CODE');
    const done = await verify(token, code);
    expect([done.status, done.json]).toEqual([200, { verificationStatus: 'VERIFIED' }]);
    expect(done.headers.get('content-type')).toContain('application/vnd.kii.AddressVerificationResponse+json');
    expect((await login(address, PASSWORD)).json.id).toBe(id);
    expect((await login(`${type}:${address}`, PASSWORD)).json.id).toBe(id);
    const again = await verify(token, code);
    expect([told(again), again.json]).toEqual([
      '400 INVALID_ACCOUNT_STATUS',
      expect.objectContaining({ userID: id, appID: APP, accountType: type }),
    ]);
    expect(told(await resend(token))).toBe('400 INVALID_ACCOUNT_STATUS');
  });

  it('may be asked for a new code, which replaces the old one, and expires', async () => {
    const { token, id } = await register(bed, { [field]: addressOf(freshName()) });
    const { [purpose]: first } = await sentCodes(bed, id);
    bed.clock.advance(1);
    expect((await resend(token)).status).toBe(204);
    const { [purpose]: second } = await sentCodes(bed, id);
    expect(second).not.toBe(first);
    expect(told(await verify(token, first))).toBe('403 INVALID_VERIFICATION_CODE');
    bed.clock.advance(3_600_000);
    expect(told(await verify(token, second))).toBe(`410 ${expired}`);
  });

  it('belongs to the one who verifies it first', async () => {
    const address = addressOf(freshName());
    const [one, other] = [await register(bed, { [field]: address }), await register(bed, { [field]: address })];
    const codeOfOne = await sentCodes(bed, one.id);
    // What was taken can be taken again once its lease has ended.
    bed.clock.advance(2_000);
    const codeOfOther = await sentCodes(bed, other.id);
    expect((await verify(one.token, codeOfOne[purpose])).status).toBe(200);
    expect(told(await verify(other.token, codeOfOther[purpose]))).toBe('409 USER_ALREADY_EXISTS');
    expect((await login(address, PASSWORD)).json.id).toBe(one.id);
  });

  it('may be set by the user, unverified, and by an admin, verified', async () => {
    const { token, id } = await register(bed);
    const [first, second] = [addressOf(freshName()), addressOf(freshName())];
    expect(
      (await rest(bed, 'PUT', `users/me/${path}`, { token, body: { [field]: first, verified: false } })).status,
    ).toBe(204);
    const { [purpose]: code } = await sentCodes(bed, id);
    expect(code).toMatch(/^[0-9]{8}$/);
    const mine = async () => (await rest(bed, 'GET', 'users/me', { token })).json;
    expect(await mine()).toMatchObject({ [field]: first, [`${field}Verified`]: false });
    const body = { [field]: second, verified: true };
    expect((await rest(bed, 'PUT', `users/${id}/${path}`, { token: tokens.admin, body })).status).toBe(204);
    expect(await mine()).toMatchObject({ [field]: second, [`${field}Verified`]: true });
    expect((await login(second, PASSWORD)).json.id).toBe(id);
    expect(told(await verify(token, code))).toBe('400 INVALID_ACCOUNT_STATUS');
  });

  it.each([{}, { [field]: '' }, { [field]: 'x' }, { [field]: 7 }, { [field]: null }])(
    'may not be set to %j',
    async (body) => {
      const answer = await rest(bed, 'PUT', `users/me/${path}`, { token: tokens.bob, body });
      expect([told(answer), Object.keys(answer.json.invalidFields as object)]).toEqual([
        '400 INVALID_INPUT_DATA',
        [field],
      ]);
    },
  );

  it.each([{}, { verificationCode: '' }, { verificationCode: 12345678 }, { verificationCode: null }])(
    'is not verified by %j',
    async (body) => {
      const answer = await rest(bed, 'POST', `users/me/${path}/verify`, { token: tokens.bob, body });
      expect([told(answer), Object.keys(answer.json.invalidFields as object)]).toEqual([
        '400 INVALID_INPUT_DATA',
        ['verificationCode'],
      ]);
    },
  );

  it('that is absent can be neither verified nor sent to', async () => {
    const { token } = await register(bed);
    expect(told(await verify(token, '12345678'))).toBe('400 INVALID_ACCOUNT_STATUS');
    expect(told(await resend(token))).toBe('400 INVALID_ACCOUNT_STATUS');
  });
});
