/** Registering, reading and changing users. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RawConnection } from '../raw.ts';
import { APP, eventually, type HttpBed, openHttpBed, PASSWORD, postToken, type TextAnswer } from '../support.ts';
import { freshName, register, rest, type Tokens, tokenOf, tokensOf, told, userToken } from './rest.ts';

let bed: HttpBed;
let tokens: Tokens;

beforeAll(async () => {
  bed = await openHttpBed({ policy: { refreshEnabled: true } });
  tokens = await tokensOf(bed);
});
afterAll(() => bed.close());

const USER_ID = /^[a-z0-9]{12}-[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{8}$/;
const WITH_TOKEN = 'RegistrationAndAuthorizationRequest';

function post(body: object, type?: string, token?: string): Promise<TextAnswer> {
  return rest(bed, 'POST', 'users', { body, type, token });
}

async function me(token: string): Promise<Record<string, unknown>> {
  return (await rest(bed, 'GET', 'users/me', { token })).json;
}

describe('a registration', () => {
  it.each(['RegistrationRequest', undefined])('of type %s answers the user and no token', async (type) => {
    const loginName = freshName();
    const answer = await post({ loginName, password: PASSWORD, displayName: 'A b', age: 7, country: 'JP' }, type);
    expect(answer.status).toBe(201);
    expect(answer.json).toEqual({
      userID: expect.stringMatching(USER_ID),
      internalUserID: expect.any(Number),
      loginName,
      displayName: 'A b',
      age: 7,
      country: 'JP',
      _hasPassword: true,
      _disabled: false,
    });
    expect(answer.headers.get('content-type')).toBe('application/vnd.kii.RegistrationResponse+json;charset=UTF-8');
    expect(answer.headers.get('location')).toBe(`/api/apps/${APP}/users/${answer.json.userID}`);
    expect(answer.headers.get('x-http-status-code')).toBe('201');
    expect((await postToken(bed, { username: loginName, password: PASSWORD })).json.id).toBe(answer.json.userID);
  });

  it('with authorization answers a token and a refresh token too', async () => {
    const answer = await post({ loginName: freshName(), password: PASSWORD }, WITH_TOKEN);
    expect(answer.headers.get('content-type')).toContain('RegistrationAndAuthorizationResponse+json');
    const { _accessToken, _refreshToken, userID } = answer.json;
    expect((await me(String(_accessToken))).userID).toBe(userID);
    const refreshed = await postToken(bed, { grant_type: 'refresh_token', refresh_token: _refreshToken });
    expect([refreshed.status, refreshed.json.id]).toEqual([200, userID]);
  });

  it('answers no refresh token where the app has none', async () => {
    const plain = await openHttpBed();
    const body = { loginName: 'someone', password: PASSWORD };
    const { json } = await rest(plain, 'POST', 'users', { body, type: WITH_TOKEN });
    expect([typeof json._accessToken, '_refreshToken' in json]).toEqual(['string', false]);
    await plain.close();
  });

  it.each([
    ['loginName', 'BOB', 'User with loginName BOB already exists'],
    ['loginName', 'alice.a-1_X', 'User with loginName alice.a-1_X already exists'],
  ])('with the taken %s %s is refused', async (field, value, message) => {
    const answer = await post({ [field]: value, password: PASSWORD });
    expect([answer.status, answer.json]).toEqual([
      409,
      { errorCode: 'USER_ALREADY_EXISTS', message, field, value, suppressed: [] },
    ]);
    expect(answer.headers.get('content-type')).toContain('application/vnd.kii.UserAlreadyExistsException+json');
  });

  it('with an address that others have is taken while nobody has verified it anew', async () => {
    const { status, json } = await post({ emailAddress: 'ALICE@example.com', password: PASSWORD });
    expect([status, json.emailAddress, json.emailAddressVerified]).toEqual([201, 'ALICE@example.com', false]);
    const verified = { emailAddress: 'ALICE@example.com', emailAddressVerified: true, password: PASSWORD };
    const answer = await post(verified, undefined, tokens.admin);
    expect([told(answer), answer.json.field]).toEqual(['409 USER_ALREADY_EXISTS', 'emailAddress']);
  });

  it('names no user twice where addresses count as verified at once, in whatever case or form they are written', async () => {
    const lax = await openHttpBed({ policy: { emailVerificationRequired: false, phoneVerificationRequired: false } });
    const first = { emailAddress: 'José@example.com', phoneNumber: '+819011112222', password: PASSWORD };
    const { json } = await rest(lax, 'POST', 'users', { body: first });
    expect(json).toMatchObject({ emailAddressVerified: true, phoneNumberVerified: true });
    for (const [field, written, told] of [
      ['emailAddress', 'JOSÉ@EXAMPLE.com', 'JOSÉ@EXAMPLE.com'],
      ['emailAddress', 'jose\u0301@example.com', 'jose\u0301@example.com'],
      ['phoneNumber', '+81 (90) 1111 2222', '+819011112222'],
    ] as const) {
      const answer = await rest(lax, 'POST', 'users', { body: { [field]: written, password: PASSWORD } });
      expect([answer.status, answer.json.field, answer.json.value]).toEqual([409, field, told]);
      const body = { password: PASSWORD, username: written };
      expect((await postToken(lax, body)).json.id).toBe(json.userID);
    }
    await lax.close();
  });

  it('by many at once gives a name to one of them', async () => {
    const loginName = freshName();
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        post({ loginName: index % 2 === 0 ? loginName : loginName.toUpperCase(), password: PASSWORD }),
      ),
    );
    expect(answers.map(told).sort()).toEqual(['201', ...Array(7).fill('409 USER_ALREADY_EXISTS')]);
  });

  it('takes what it says of verified addresses from an admin alone', async () => {
    const body = () => ({
      loginName: freshName(),
      emailAddress: `${freshName()}@example.com`,
      emailAddressVerified: true,
      password: PASSWORD,
    });
    expect((await post(body())).json.emailAddressVerified).toBe(false);
    expect((await post(body(), undefined, tokens.alice)).json.emailAddressVerified).toBe(false);
    expect((await post(body(), undefined, tokens.admin)).json.emailAddressVerified).toBe(true);
  });

  it('is refused where people may not register themselves, but not to an admin', async () => {
    const closed = await openHttpBed({ policy: { selfRegistration: false } });
    const { admin, bob } = await tokensOf(closed);
    const body = { loginName: 'someone', password: PASSWORD };
    expect(told(await rest(closed, 'POST', 'users', { body }))).toBe('401 UNAUTHORIZED');
    expect(told(await rest(closed, 'POST', 'users', { body, token: bob }))).toBe('401 UNAUTHORIZED');
    expect(told(await rest(closed, 'POST', 'users', { body, token: admin }))).toBe('201');
    await closed.close();
  });
});

describe('a login name', () => {
  it.each(['abc', 'a'.repeat(64), 'A-z_0.9'])('may be %s', async (loginName) => {
    expect(told(await post({ loginName, password: PASSWORD }))).toBe('201');
  });

  it.each(['', 'ab', 'a'.repeat(65), 'a b c', 'a\nbc', 'äöü', 'a@b.c', 'abc\0', '\ud800abc', 1, true, {}, ['abc']])(
    'may not be %j',
    async (loginName) => {
      const answer = await post({ loginName, password: PASSWORD });
      expect(told(answer)).toBe('400 INVALID_INPUT_DATA');
      expect(Object.keys(answer.json.invalidFields as object)).toEqual(['loginName']);
      expect(answer.json.message).toContain('There are validation errors');
      expect(answer.headers.get('content-type')).toContain('application/vnd.kii.ValidationException+json');
    },
  );
});

describe('a password', () => {
  it.each(['1234', 'x'.repeat(50), ' ~!"%'])('may be %j', async (password) => {
    const loginName = freshName();
    expect(told(await post({ loginName, password }))).toBe('201');
    expect((await postToken(bed, { username: loginName, password })).status).toBe(200);
  });

  it.each([undefined, null, '', 'abc'])('%j is too short', async (password) => {
    for (const type of [undefined, WITH_TOKEN]) {
      const answer = await post({ loginName: freshName(), password }, type);
      expect([told(answer), answer.json.minimumLength]).toEqual(['400 PASSWORD_TOO_SHORT', 4]);
    }
  });

  it.each(['x'.repeat(51), 'pässword', 'pass\tword', 'pass\0word', 12345, true, {}])(
    'may not be %j',
    async (password) => {
      const answer = await post({ loginName: freshName(), password });
      expect(told(answer)).toBe('400 INVALID_INPUT_DATA');
      expect(Object.keys(answer.json.invalidFields as object)).toEqual(['password']);
    },
  );

  it('needs a name', async () => {
    for (const type of [undefined, WITH_TOKEN]) {
      expect(told(await post({ password: PASSWORD }, type))).toBe('400 INVALID_INPUT_DATA');
    }
  });
});

describe('an e-mail address', () => {
  it.each([
    ...['x', '@', 'a@', '@b', 'a b@example.com', 'a@b@c', 'a@exam\nple.com', `${'x'.repeat(65)}@example.com`],
    ...['раypal@example.com', 'a\u200b@example.com', 'ﬁ@example.com', 7, { a: 1 }],
  ])('may not be %j', async (emailAddress) => {
    const answer = await post({ emailAddress, password: PASSWORD });
    expect(told(answer)).toBe('400 INVALID_INPUT_DATA');
    expect(Object.keys(answer.json.invalidFields as object)).toEqual(['emailAddress']);
  });

  it('keeps its case, and names its user in any', async () => {
    const name = freshName();
    const body = { emailAddress: `${name}@Example.COM`, emailAddressVerified: true, password: PASSWORD };
    const { json } = await post(body, undefined, tokens.admin);
    expect(json.emailAddress).toBe(`${name}@Example.COM`);
    const found = await rest(bed, 'GET', `users/EMAIL:${name.toUpperCase()}@example.com`, { token: tokens.bob });
    expect(found.json).toEqual({ userID: json.userID });
  });
});

describe('a phone number', () => {
  it.each([
    ['+81 90-1111-2222', undefined, '+819011112222'],
    ['090-1111-3333', 'JP', '+819011113333'],
    ['(212) 555-0199', 'us', '+12125550199'],
    ['+819011114444', 'US', '+819011114444'],
    ['+819011115555', 'Atlantis', '+819011115555'],
    ['+8719011112222', undefined, '+8719011112222'],
    ['０９０ー１１１１ー６６６６', 'JP', '+819011116666'],
  ])('%s of %s is %s', async (phoneNumber, country, e164) => {
    const answer = await post({ phoneNumber, country, password: PASSWORD });
    expect([answer.status, answer.json.phoneNumber, answer.json.country]).toEqual([201, e164, country]);
  });

  it.each([
    ['x', undefined],
    ['090-1111-3333', undefined],
    ['090-1111-3333', 'Atlantis'],
    ['+81', undefined],
    ['+9999999999999999', undefined],
    ['+1 213 373 4253 ext. 5', undefined],
    ['+1 213 373 4253;ext=5', 'US'],
    [819012345678, undefined],
    ['', 'JP'],
  ])('may not be %j of %s', async (phoneNumber, country) => {
    const answer = await post({ phoneNumber, country, password: PASSWORD });
    expect(told(answer)).toBe('400 INVALID_INPUT_DATA');
    expect(Object.keys(answer.json.invalidFields as object)).toEqual(['phoneNumber']);
  });
});

describe('other fields', () => {
  it('are kept as they are, whatever their names, and never stand for what the server says', async () => {
    const custom = { __proto__x: 1, constructor: [null, { a: '50%' }], nested: { a: { b: false } }, ключ: '\u0000' };
    const text = JSON.stringify({ loginName: freshName(), password: PASSWORD, ...custom }).replace(
      '__proto__x',
      '__proto__',
    );
    const spoofed = text.replace('{', '{"userID":"x","_disabled":true,"_hasPassword":false,"_accessToken":"x",');
    const answer = await rest(bed, 'POST', 'users', { body: spoofed, type: WITH_TOKEN });
    expect(answer.status).toBe(201);
    const shown = await rest(bed, 'GET', 'users/me', { token: String(answer.json._accessToken) });
    expect(shown.text).toContain('"__proto__":1');
    expect(shown.text).not.toContain('%');
    expect(shown.json).toMatchObject({
      nested: { a: { b: false } },
      constructor: [null, { a: '50%' }],
      ключ: '\u0000',
    });
    expect(shown.json).toMatchObject({ userID: answer.json.userID, _disabled: false, _hasPassword: true });
    expect('_accessToken' in shown.json).toBe(false);
    expect(shown.text).not.toContain(PASSWORD);
  });

  it('may not be too long or too deep', async () => {
    const long = await post({ loginName: freshName(), password: PASSWORD, long: 'x'.repeat(65_530) });
    expect([told(long), Object.keys(long.json.invalidFields as object)]).toEqual([
      '400 INVALID_INPUT_DATA',
      ['customFields'],
    ]);
    const deep = `{"loginName":"${freshName()}","password":"${PASSWORD}","deep":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
    expect(told(await rest(bed, 'POST', 'users', { body: deep }))).toBe('400 INVALID_INPUT_DATA');
  });

  it.each([
    ['displayName', 7],
    ['displayName', 'x\ny'],
    ['displayName', 'x'.repeat(257)],
    ['country', 7],
    ['emailAddressVerified', 'true'],
  ])('of the server’s own kinds are held to them: %s %j', async (field, value) => {
    const answer = await post({
      loginName: freshName(),
      phoneNumber: '+819011116666',
      password: PASSWORD,
      [field]: value,
    });
    expect([told(answer), Object.keys(answer.json.invalidFields as object)]).toEqual([
      '400 INVALID_INPUT_DATA',
      [field],
    ]);
  });
});

describe('a pseudo user', () => {
  it('has its token and nothing else, and none to refresh it with', async () => {
    const answer = await post({ displayName: 'P', score: 1 }, WITH_TOKEN);
    expect(answer.status).toBe(201);
    expect(answer.json).toMatchObject({ _hasPassword: false, displayName: 'P', score: 1 });
    expect('_refreshToken' in answer.json).toBe(false);
    expect(await me(String(answer.json._accessToken))).toMatchObject({
      userID: answer.json.userID,
      _hasPassword: false,
    });
  });

  it('is not registered without a token, for it would have no way in', async () => {
    expect(told(await post({ displayName: 'P' }))).toBe('400 PASSWORD_TOO_SHORT');
    expect(told(await post({}, 'RegistrationRequest'))).toBe('400 PASSWORD_TOO_SHORT');
  });

  it('becomes a normal one with the same id and the same token', async () => {
    const { json } = await post({ score: 1 }, WITH_TOKEN);
    const token = String(json._accessToken);
    const loginName = freshName();
    const half = await rest(bed, 'POST', 'users/me', { token, body: { loginName }, type: 'UserUpdateRequest' });
    expect(told(half)).toBe('400 PASSWORD_TOO_SHORT');
    const other = await rest(bed, 'POST', 'users/me', { token, body: { password: PASSWORD } });
    expect(told(other)).toBe('400 INVALID_INPUT_DATA');
    const taken = await rest(bed, 'POST', 'users/me', { token, body: { loginName: 'Bob', password: PASSWORD } });
    expect([told(taken), taken.json.value]).toEqual(['409 USER_ALREADY_EXISTS', 'Bob']);
    const body = { loginName, emailAddress: `${loginName}@example.com`, password: PASSWORD };
    const done = await rest(bed, 'POST', 'users/me', { token, body, type: 'UserUpdateRequest' });
    expect([done.status, done.json]).toEqual([200, { modifiedAt: bed.clock.now }]);
    const after = await me(token);
    expect(after).toMatchObject({ userID: json.userID, loginName, _hasPassword: true });
    expect('score' in after).toBe(false);
    expect((await postToken(bed, { username: loginName, password: PASSWORD })).json.id).toBe(json.userID);
    const again = await rest(bed, 'POST', 'users/me', { token, body: { password: 'another one' } });
    expect(told(again)).toBe('400 INVALID_ACCOUNT_STATUS');
  });
});

describe('an update', () => {
  it.each([
    ['POST', false],
    ['PATCH', true],
  ])(
    'by %s changes what is named and removes what is null; custom fields that it does not name stay: %s',
    async (method, stay) => {
      const { token, id } = await register(bed, { a: 1, b: 2, displayName: 'Old', country: 'JP' });
      const body = { b: null, c: [3], displayName: 'New', phoneNumber: '090-2222-3333', userID: 'x', _disabled: true };
      expect((await rest(bed, method, 'users/me', { token, body, type: 'UserUpdateRequest' })).status).toBe(200);
      const after = await me(token);
      expect('a' in after).toBe(stay);
      expect(after).toMatchObject({ userID: id, c: [3], displayName: 'New', phoneNumber: '+819022223333' });
      expect(after).toMatchObject({ _disabled: false, phoneNumberVerified: false, country: 'JP' });
      expect('b' in after).toBe(false);
      const cleared = { displayName: null, phoneNumber: null, country: null };
      expect((await rest(bed, method, 'users/me', { token, body: cleared })).status).toBe(200);
      expect(Object.keys(await me(token))).not.toEqual(expect.arrayContaining(['phoneNumber']));
    },
  );

  it('may change the login name, and frees the old one', async () => {
    const [before, after] = [freshName(), freshName()];
    const { token, id } = await register(bed, { loginName: before });
    expect((await rest(bed, 'POST', 'users/me', { token, body: { loginName: after } })).status).toBe(200);
    expect((await postToken(bed, { username: after, password: PASSWORD })).json.id).toBe(id);
    expect((await postToken(bed, { username: before, password: PASSWORD })).status).toBe(400);
    expect((await register(bed, { loginName: before })).id).not.toBe(id);
  });

  it('may not take the last name away', async () => {
    const { token } = await register(bed);
    expect(told(await rest(bed, 'POST', 'users/me', { token, body: { loginName: null } }))).toBe(
      '400 INVALID_INPUT_DATA',
    );
  });

  it('by an admin may say that an address is verified; by the user that means nothing', async () => {
    const emailAddress = `${freshName()}@example.com`;
    const { token, id } = await register(bed, { emailAddress });
    const body = { emailAddressVerified: true };
    expect((await rest(bed, 'PATCH', 'users/me', { token, body })).status).toBe(200);
    expect((await me(token)).emailAddressVerified).toBe(false);
    expect((await rest(bed, 'PATCH', `users/${id}`, { token: tokens.admin, body })).status).toBe(200);
    expect((await me(token)).emailAddressVerified).toBe(true);
    const moved = { emailAddress: `new-${emailAddress}` };
    expect((await rest(bed, 'PATCH', 'users/me', { token, body: moved })).status).toBe(200);
    expect(await me(token)).toMatchObject({ emailAddress, _emailAddressPending: moved.emailAddress });
  });
});

describe('what is shown of a user', () => {
  it('is all of it to an admin and the user, and three fields to others', async () => {
    const full = {
      userID: 'user-1',
      loginName: 'Alice.A-1_x',
      emailAddress: 'alice@example.com',
      emailAddressVerified: true,
      phoneNumber: '+819012345678',
      phoneNumberVerified: true,
      _hasPassword: true,
      _disabled: false,
    };
    for (const token of [tokens.alice, tokens.admin]) {
      const answer = await rest(bed, 'GET', 'users/user-1', { token });
      expect(answer.json).toEqual(full);
      expect(answer.headers.get('content-type')).toContain('application/vnd.kii.UserDataRetrievalResponse+json');
    }
    const others = await rest(bed, 'GET', 'users/LOGIN_NAME:Alice.A-1_x', { token: tokens.bob });
    expect(others.json).toEqual({ userID: 'user-1', loginName: 'Alice.A-1_x' });
    const open = await openHttpBed({ policy: { exposeFullUsers: true } });
    const shown = await rest(open, 'GET', 'users/user-1', { token: await userToken(open, 'bob') });
    expect(shown.json).toEqual(full);
    await open.close();
  });

  it.each([
    ['EMAIL:bob@example.com', 'emailAddress', 'bob@example.com'],
    ['PHONE:+819087654321', 'phoneNumber', '+819087654321'],
    ['LOGIN_NAME:nobody', 'loginName', 'nobody'],
    ['no%20body', 'userID', 'no body'],
    ['EMAIL:x', 'emailAddress', 'x'],
    ['PHONE:JP-x', 'phoneNumber', 'JP-x'],
    ['login_name:bob', 'userID', 'login_name:bob'],
  ])('is nothing where nobody has %s as a verified name', async (path, field, value) => {
    const answer = await rest(bed, 'GET', `users/${path}`, { token: tokens.alice });
    expect([answer.status, answer.json]).toEqual([
      404,
      {
        errorCode: 'USER_NOT_FOUND',
        message: `User with ${field} ${value} was not found`,
        field,
        value,
        appID: APP,
        suppressed: [],
      },
    ]);
  });

  it.each(['LOGIN_NAME:', 'EMAIL:%00', '%00', 'x'.repeat(257)])('is an error where %s can be no name', async (path) => {
    expect(told(await rest(bed, 'GET', `users/${path}`, { token: tokens.alice }))).toBe('400 INVALID_INPUT_DATA');
  });

  it('is not the thing of that id, nor the client', async () => {
    for (const id of ['th.1', 'cl_admin', APP]) {
      expect(told(await rest(bed, 'GET', `users/${id}`, { token: tokens.admin }))).toBe('404 USER_NOT_FOUND');
    }
  });
});

describe('a status', () => {
  it('of disabled ends the tokens and the login at once, and enabling revives nothing', async () => {
    const loginName = freshName();
    const { token, id } = await register(bed, { loginName });
    const set = (disabled: boolean) =>
      rest(bed, 'PUT', `users/LOGIN_NAME:${loginName}/status`, {
        token: tokens.admin,
        body: { disabled },
        type: 'UserStatusUpdateRequest',
      });
    expect((await set(true)).status).toBe(204);
    expect(told(await rest(bed, 'GET', 'users/me', { token }))).toBe('403 WRONG_TOKEN');
    expect((await postToken(bed, { username: loginName, password: PASSWORD })).status).toBe(400);
    expect((await rest(bed, 'GET', `users/${id}`, { token: tokens.admin })).json._disabled).toBe(true);
    expect((await rest(bed, 'GET', `users/${id}/status`, { token: tokens.admin })).json).toEqual({ disabled: true });
    expect((await set(false)).status).toBe(204);
    expect(told(await rest(bed, 'GET', 'users/me', { token }))).toBe('403 WRONG_TOKEN');
    const login = { username: loginName, password: PASSWORD };
    expect((await me(await tokenOf(bed, login))).userID).toBe(id);
  });

  it.each([{}, { disabled: null }, { disabled: 'true' }, { disabled: 1 }])('may not be %j', async (body) => {
    const answer = await rest(bed, 'PUT', 'users/user-2/status', { token: tokens.admin, body });
    expect([told(answer), Object.keys(answer.json.invalidFields as object)]).toEqual([
      '400 INVALID_INPUT_DATA',
      ['disabled'],
    ]);
  });
});

describe('an answer without a body', () => {
  it('has no type and no length of one', async () => {
    const { token } = await register(bed);
    const connection = await RawConnection.open(bed.http.address);
    const ask = (line: string) =>
      connection.send(
        `${line} HTTP/1.1\r\nHost: x\r\nAuthorization: bearer ${token}\r\n` +
          'Content-Type: application/json\r\nContent-Length: 0\r\n\r\n',
      );
    ask(`POST /api/apps/${APP}/users/me/email-address/resend-verification`);
    // There is no address to send to; that there is no body to read is well.
    expect((await connection.answer())?.body).toContain('INVALID_ACCOUNT_STATUS');
    ask(`DELETE /api/apps/${APP}/users/me`);
    await eventually(() => connection.reads.join('').endsWith('\r\n\r\n')).toBe(true);
    const [startLine, ...headers] = connection.reads.join('').trimEnd().split('\r\n');
    expect(startLine).toBe('HTTP/1.1 204 No Content');
    expect(headers).toContain('X-HTTP-Status-Code: 204');
    expect(headers.filter((line) => /^(content|transfer)-/i.test(line))).toEqual([]);
    connection.socket.destroy();
  });
});
