/** Every endpoint by every kind of token. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { make, makeClient, makeDevice, makeTenant, makeUser } from '../../support.ts';
import { ADMIN, APP, type HttpBed, openHttpBed, PASSWORD, PLAIN_PATH, postToken } from '../support.ts';
import { freshName, register, rest, type Sent, type Tokens, tokenOf, tokensOf, told } from './rest.ts';

let bed: HttpBed;
let tokens: Tokens;

beforeAll(async () => {
  bed = await openHttpBed();
  tokens = await tokensOf(bed);
  await makeDevice(bed.services, APP, { subjectId: 'th.2', vendorId: 'Alice-1', password: PASSWORD });
  await rest(bed, 'PUT', 'things/th.2/ownership/user:user-1', { token: tokens.admin });
});
afterAll(() => bed.close());

const NO = '401 UNAUTHORIZED';

interface Row extends Sent {
  readonly call: string;
  /** By no token, an anonymous one, a thing's (th.1), another user's (bob), the user's own (alice), the admin's. */
  readonly expected: readonly [string, string, string, string, string, string];
}

const STATUS = { body: { disabled: false } };

const ROWS: readonly Row[] = [
  { call: 'GET users/me', expected: [NO, NO, NO, '200', '200', NO] },
  { call: 'GET users/user-1', expected: [NO, NO, NO, '200', '200', '200'] },
  { call: 'GET users/LOGIN_NAME:alice.a-1_X', expected: [NO, NO, NO, '200', '200', '200'] },
  { call: 'GET users/EMAIL:Alice@example.com', expected: [NO, NO, NO, '200', '200', '200'] },
  { call: 'GET users/PHONE:+819012345678', expected: [NO, NO, NO, '200', '200', '200'] },
  { call: 'GET users/PHONE:JP-9012345678', expected: [NO, NO, NO, '200', '200', '200'] },
  {
    call: 'GET users/nobody',
    expected: [NO, NO, NO, '404 USER_NOT_FOUND', '404 USER_NOT_FOUND', '404 USER_NOT_FOUND'],
  },
  { call: 'GET users/user-1/status', expected: [NO, NO, NO, NO, '200', '200'] },
  { call: 'POST users/me', body: { age: 1 }, expected: [NO, NO, NO, '200', '200', NO] },
  { call: 'POST users/user-1', body: { age: 1 }, expected: [NO, NO, NO, NO, '200', '200'] },
  { call: 'PATCH users/user-1', body: { age: 1 }, expected: [NO, NO, NO, NO, '200', '200'] },
  { call: 'PUT users/user-1/status', ...STATUS, expected: [NO, NO, NO, NO, NO, '204'] },
  { call: 'PUT users/user-1/status', body: '{', expected: [NO, NO, NO, NO, NO, '400 INVALID_JSON'] },
  { call: 'PUT things/th.2/password', body: '{', expected: [NO, NO, NO, NO, NO, '400 INVALID_JSON'] },
  { call: 'PUT users/me/status', ...STATUS, expected: [NO, NO, NO, NO, NO, NO] },
  {
    call: 'PUT users/user-1/password',
    body: { oldPassword: 'wrong', newPassword: 'xxx' },
    expected: [NO, NO, NO, NO, '400 PASSWORD_TOO_SHORT', '400 PASSWORD_TOO_SHORT'],
  },
  {
    call: 'PUT users/user-1/password',
    body: { oldPassword: 'wrong', newPassword: 'long enough' },
    expected: [NO, NO, NO, NO, '401 WRONG_PASSWORD', 'unasked'],
  },
  {
    call: 'PUT users/user-1/email-address',
    body: { emailAddress: 'alice@example.com' },
    expected: [NO, NO, NO, NO, '204', '204'],
  },
  {
    call: 'PUT users/user-1/email-address',
    body: { emailAddress: 'alice@example.com', verified: true },
    expected: [NO, NO, NO, NO, NO, '204'],
  },
  {
    call: 'PUT users/user-1/phone-number',
    body: { phoneNumber: '+819012345678', verified: true },
    expected: [NO, NO, NO, NO, NO, '204'],
  },
  {
    call: 'POST users/user-1/email-address/verify',
    body: { verificationCode: '1' },
    expected: [NO, NO, NO, NO, '400 INVALID_ACCOUNT_STATUS', '400 INVALID_ACCOUNT_STATUS'],
  },
  {
    call: 'POST users/user-1/phone-number/resend-verification',
    expected: [NO, NO, NO, NO, '400 INVALID_ACCOUNT_STATUS', '400 INVALID_ACCOUNT_STATUS'],
  },
  {
    call: 'POST users/EMAIL:alice@example.com/password/complete-reset',
    body: { pinCode: '1', newPassword: 'long enough' },
    expected: Array(6).fill('403 INVALID_VERIFICATION_CODE') as unknown as Row['expected'],
  },
  { call: 'DELETE users/user-1', expected: [NO, NO, NO, NO, 'unasked', 'unasked'] },
  { call: 'POST users', body: { loginName: 'bob', password: PASSWORD }, expected: all('409 USER_ALREADY_EXISTS') },
  {
    call: 'POST things',
    body: { _vendorThingID: 'Sensor-1', _password: 'x' },
    expected: all('409 THING_ALREADY_EXISTS'),
  },
  { call: 'GET things/th.1', expected: [NO, NO, '200', NO, NO, '200'] },
  { call: 'GET things/VENDOR_THING_ID:Sensor-1', expected: [NO, NO, '200', NO, NO, '200'] },
  { call: 'GET things/th.2', expected: [NO, NO, NO, NO, '200', '200'] },
  { call: 'GET things/th.2/status', expected: [NO, NO, NO, NO, '200', '200'] },
  { call: 'PATCH things/th.1', body: { a: 1 }, expected: [NO, NO, '204', NO, NO, '204'] },
  { call: 'PATCH things/th.2', body: { a: 1 }, expected: [NO, NO, NO, NO, '204', '204'] },
  { call: 'PUT things/th.1/status', ...STATUS, expected: [NO, NO, NO, NO, NO, '204'] },
  { call: 'PUT things/th.2/status', ...STATUS, expected: [NO, NO, NO, NO, '204', '204'] },
  {
    call: 'PUT things/th.2/password',
    body: { newPassword: PASSWORD },
    expected: [NO, NO, NO, NO, NO, '204'],
  },
  { call: 'GET things/th.2/vendor-thing-id', expected: [NO, NO, NO, NO, '200', '200'] },
  {
    call: 'PUT things/th.2/vendor-thing-id',
    body: { _vendorThingID: 'Sensor-1', _password: 'x' },
    expected: [NO, NO, NO, NO, '409 THING_ALREADY_EXISTS', '409 THING_ALREADY_EXISTS'],
  },
  {
    call: 'PUT things/th.1/end-nodes/th.none',
    expected: [NO, NO, '404 THING_NOT_FOUND', NO, NO, '404 THING_NOT_FOUND'],
  },
  { call: 'PUT things/th.1/end-nodes/th.2', expected: [NO, NO, NO, NO, NO, 'unasked'] },
  { call: 'PUT things/th.2/end-nodes/th.1', expected: [NO, NO, NO, NO, NO, 'unasked'] },
  {
    call: 'DELETE things/th.2/end-nodes/th.1',
    expected: [NO, NO, '404 THING_NOT_FOUND', NO, '404 THING_NOT_FOUND', '404 THING_NOT_FOUND'],
  },
  { call: 'POST things/th.1/end-nodes/th.2/token', expected: [NO, NO, '404 THING_NOT_FOUND', NO, NO, NO] },
  {
    call: 'GET /thing-if/apps/app1/things/th.2/end-nodes',
    expected: [NO, NO, NO, NO, '200', '200'],
  },
  { call: 'GET things/th.2/ownership/user:user-1', expected: [NO, NO, NO, NO, '204', '204'] },
  {
    call: 'PUT things/th.2/ownership/user:user-1',
    expected: [NO, NO, NO, NO, '409 THING_OWNERSHIP_ALREADY_EXISTS', '409 THING_OWNERSHIP_ALREADY_EXISTS'],
  },
  {
    call: 'DELETE things/th.1/ownership/user:user-1',
    expected: [NO, NO, '404 THING_OWNERSHIP_NOT_FOUND', NO, NO, '404 THING_OWNERSHIP_NOT_FOUND'],
  },
  { call: 'DELETE things/th.2', expected: [NO, NO, NO, NO, 'unasked', 'unasked'] },
  { call: 'GET configuration/parameters', expected: [NO, NO, NO, NO, NO, '200'] },
  { call: 'PATCH configuration/parameters', body: {}, expected: [NO, NO, NO, NO, NO, '204'] },
  {
    call: 'PUT configuration/parameters/maxLoginAttempts',
    body: '100',
    type: 'text/plain',
    expected: [NO, NO, NO, NO, NO, '204'],
  },
  {
    call: 'POST /thing-if/apps/app1/onboardings',
    body: { vendorThingID: 'Sensor-1', thingPassword: PASSWORD, owner: 'user:user-1' },
    type: 'OnboardingWithVendorThingIDByOwner',
    expected: [NO, NO, NO, NO, 'unasked', 'unasked'],
  },
  {
    call: 'POST /thing-if/apps/app1/onboardings',
    body: { vendorThingID: 'Sensor-1', thingPassword: 'wrong' },
    type: 'OnboardingWithVendorThingIDByThing',
    expected: ['401 WRONG_PASSWORD', '401 WRONG_PASSWORD', NO, NO, NO, '401 WRONG_PASSWORD'],
  },
];

function all(told: string): Row['expected'] {
  return [told, told, told, told, told, told];
}

describe('by no token, an anonymous one, a thing’s, another user’s, the user’s own and an admin’s', () => {
  it.each(ROWS)('$call is answered $expected', async ({ call, expected, ...sent }) => {
    const [method = '', path = ''] = call.split(' ');
    const callers = [undefined, tokens.anonymous, tokens.thing, tokens.bob, tokens.alice, tokens.admin];
    const answers: string[] = [];
    for (const [index, token] of callers.entries()) {
      const isAsked = expected[index] !== 'unasked';
      answers.push(isAsked ? told(await rest(bed, method, path, { ...sent, token })) : 'unasked');
    }
    expect(answers).toEqual(expected);
  });

  it.each(ROWS)('$call is refused to the one who bears none that lives', async ({ call, expected: _all, ...sent }) => {
    const [method = '', path = ''] = call.split(' ');
    for (const token of ['made-up', `${tokens.alice.slice(0, -1)}${tokens.alice.endsWith('0') ? '1' : '0'}`]) {
      const answer = await rest(bed, method, path, { ...sent, token });
      expect([answer.status, answer.json]).toEqual([
        403,
        { errorCode: 'WRONG_TOKEN', message: 'The provided token is not valid', appID: APP, accessToken: token },
      ]);
      expect(answer.headers.get('content-type')).toBe('application/vnd.kii.WrongTokenException+json;charset=UTF-8');
      expect(answer.headers.get('www-authenticate')).toBeNull();
    }
  });
});

describe('a token', () => {
  it('opens nothing of another app, nor when a header names another', async () => {
    await makeTenant(bed.store, 'app2');
    await makeUser(bed.services, 'app2', { subjectId: 'of-app2', loginName: 'bob', password: PASSWORD });
    const login = { username: 'bob', password: PASSWORD };
    const other = await tokenOf(bed, login, '/api/apps/app2/oauth2/token');
    expect(told(await rest(bed, 'GET', '/api/apps/app2/users/me', { token: other }))).toBe('200');
    expect(told(await rest(bed, 'GET', 'users/me', { token: other }))).toBe('403 WRONG_TOKEN');
    expect(told(await rest(bed, 'GET', '/api/apps/app2/users/me', { token: tokens.admin }))).toBe('403 WRONG_TOKEN');
    expect(told(await rest(bed, 'GET', 'users/of-app2', { token: tokens.admin }))).toBe('404 USER_NOT_FOUND');
    expect(told(await rest(bed, 'DELETE', 'users/of-app2', { token: tokens.admin }))).toBe('404 USER_NOT_FOUND');
    const headers = { 'x-kii-appid': 'app2', 'x-kii-appkey': 'any' };
    expect(told(await rest(bed, 'GET', 'users/me', { token: tokens.bob, headers }))).toBe('400 INVALID_INPUT_DATA');
    const same = { 'X-Kii-AppID': APP, 'X-Kii-AppKey': 'dummy' };
    expect(told(await rest(bed, 'GET', 'users/me', { token: tokens.bob, headers: same }))).toBe('200');
  });

  it.each(['Bearer', 'bearer', 'BEARER', 'BeArEr '])('may come as %s', async (scheme) => {
    const headers = { authorization: `${scheme} ${tokens.bob}` };
    expect(told(await rest(bed, 'GET', 'users/me', { headers }))).toBe('200');
  });

  it.each(['Bearer', 'Bearer ', 'Digest x', `Basic ${Buffer.from(`${APP}:x`).toString('base64')}`])(
    'is none in the header %j',
    async (authorization) => {
      const answer = await rest(bed, 'GET', 'users/me', { headers: { authorization } });
      expect([answer.status, answer.json.errorCode, answer.json.authenticatedAppID]).toEqual([
        401,
        'UNAUTHORIZED',
        APP,
      ]);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="symbolon"');
      expect(answer.headers.get('content-type')).toContain('application/vnd.kii.UnauthorizedAccessException+json');
    },
  );

  it('of a client that is no admin opens nothing', async () => {
    const secret = await makeClient(bed.store, APP, 'cl_plain', ['introspect']);
    const token = await tokenOf(bed, { client_id: 'cl_plain', client_secret: secret });
    for (const path of ['users/me', 'users/user-1', 'things/th.1', 'configuration/parameters']) {
      const answer = await rest(bed, 'GET', path, { token });
      expect([told(answer), answer.json.authenticatedPrincipalID]).toEqual([NO, 'cl_plain']);
    }
  });

  it('of a deleted user, and one that has expired, is as one that is made up', async () => {
    const deleted = await register(bed);
    expect(told(await rest(bed, 'DELETE', 'users/me', { token: deleted.token }))).toBe('204');
    expect(told(await rest(bed, 'GET', 'users/me', { token: deleted.token }))).toBe('403 WRONG_TOKEN');
    expect(told(await rest(bed, 'GET', `users/${deleted.id}`, { token: tokens.admin }))).toBe('404 USER_NOT_FOUND');
    const short = { username: 'bob', password: PASSWORD, expiresAt: bed.clock.now + 1_000 };
    const token = await tokenOf(bed, short);
    bed.clock.advance(1_001);
    expect(told(await rest(bed, 'GET', 'users/me', { token }))).toBe('403 WRONG_TOKEN');
  });
});

describe('an app', () => {
  it('that is unknown or disabled is told so, whatever is asked', async () => {
    expect(told(await rest(bed, 'GET', '/api/apps/nothing/users/me', { token: tokens.bob }))).toBe('404 APP_NOT_FOUND');
    expect(told(await rest(bed, 'POST', '/thing-if/apps/nothing/onboardings'))).toBe('404 APP_NOT_FOUND');
    await makeTenant(bed.store, 'app3');
    const target = { kind: 'tenant', id: 'app3' } as const;
    await make(bed.store, { kind: 'cut_off', tenantId: 'app3', target, cause: 'disabled' });
    expect(told(await rest(bed, 'POST', '/api/apps/app3/users', { body: {} }))).toBe('403 APP_DISABLED');
  });
});

describe('a path', () => {
  it.each([
    ['GET', 'users', 'POST, OPTIONS'],
    ['PUT', 'users/me', 'GET, POST, PATCH, DELETE, HEAD, OPTIONS'],
    ['POST', 'users/me/password', 'PUT, OPTIONS'],
    ['POST', 'things/th.1', 'GET, PATCH, DELETE, HEAD, OPTIONS'],
    ['DELETE', 'configuration/parameters', 'GET, PATCH, HEAD, OPTIONS'],
    ['GET', '/thing-if/apps/app1/onboardings', 'POST, OPTIONS'],
  ])('has no %s at %s', async (method, path, allow) => {
    const answer = await rest(bed, method, path, { token: tokens.alice });
    expect([told(answer), answer.headers.get('allow')]).toEqual(['405 METHOD_NOT_ALLOWED', allow]);
  });

  it('that is none below /thing-if/ is answered with a message', async () => {
    const answer = await rest(bed, 'GET', '/thing-if/apps/app1/targets');
    expect([answer.status, Object.keys(answer.json)]).toEqual([404, ['errorCode', 'message']]);
  });

  it('takes PATCH as a POST that says so, as kii-rest-client4j sends it', async () => {
    const headers = { 'X-HTTP-Method-Override': 'PATCH' };
    const body = { tag: 'x' };
    const sent = { token: tokens.admin, body, headers, type: 'ThingUpdateRequest' };
    expect(told(await rest(bed, 'POST', 'things/th.1', sent))).toBe('204');
    expect((await rest(bed, 'GET', 'things/th.1', { token: tokens.admin })).json.tag).toBe('x');
  });

  it('has HEAD wherever it has GET', async () => {
    expect((await rest(bed, 'HEAD', 'users/me', { token: tokens.alice })).status).toBe(200);
  });
});

const BODIES: [string, string, string[]][] = [
  ['POST', 'users', ['RegistrationRequest', 'RegistrationAndAuthorizationRequest']],
  ['POST', 'users/me', ['UserUpdateRequest']],
  ['PATCH', 'users/user-1', ['UserUpdateRequest']],
  ['PUT', 'users/user-1/password', ['ChangePasswordRequest']],
  ['PUT', 'users/user-1/email-address', ['EmailAddressModificationRequest']],
  ['PUT', 'users/user-1/phone-number', ['PhoneNumberModificationRequest']],
  ['POST', 'users/user-1/email-address/verify', ['AddressVerificationRequest']],
  ['POST', 'users/user-1/password/request-reset', ['ResetPasswordRequest']],
  ['POST', 'users/user-1/password/complete-reset', ['CompletePasswordResetRequest']],
  ['POST', 'things', ['ThingRegistrationRequest', 'ThingRegistrationAndAuthorizationRequest']],
  ['PATCH', 'things/th.2', ['ThingUpdateRequest']],
  ['POST', 'things/th.2/ownership', ['ThingOwnershipRequest']],
  ['PUT', 'things/th.2/status', ['ThingStatusUpdateRequest']],
];

describe('a body', () => {
  it.each(BODIES)(
    'of %s %s is taken as what is documented and as JSON, and as nothing else',
    async (method, path, types) => {
      const token = tokens.alice;
      for (const type of [
        ...types,
        ...types.map((each) => `application/vnd.KII.${each.toUpperCase()}+JSON ; charset=utf-8`),
      ]) {
        expect(told(await rest(bed, method, path, { token, body: '[]', type }))).toBe('400 INVALID_JSON');
      }
      for (const type of ['application/json', 'APPLICATION/JSON;charset=UTF-8']) {
        expect(told(await rest(bed, method, path, { token, body: 'null', type }))).toBe('400 INVALID_JSON');
      }
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'OauthTokenRequest', 'Nothing']) {
        const answer = await rest(bed, method, path, { token, body: '{}', type });
        expect([told(answer), answer.headers.get('content-type')]).toEqual([
          '415 UNSUPPORTED_MEDIA_TYPE',
          'application/vnd.kii.UnsupportedMediaTypeException+json;charset=UTF-8',
        ]);
      }
    },
  );

  it.each(['', '{', '{"a":', '"x"', '7', 'null', '[{}]', '{"a":1}x', '\uFEFF', 'loginName=x'])(
    'that is no JSON object is told so: %j',
    async (body) => {
      const answer = await rest(bed, 'POST', 'users', { body });
      expect(told(answer)).toBe('400 INVALID_JSON');
      expect(Object.keys(answer.json)).toEqual(['errorCode', 'message']);
    },
  );

  it('that is too long is told so in a message', async () => {
    const answer = await rest(bed, 'POST', 'users', { body: { loginName: freshName(), x: 'x'.repeat(262_144) } });
    expect([told(answer), answer.json.message]).toEqual([
      '413 REQUEST_TOO_LARGE',
      'The body is longer than 256 KiB. Send a shorter one',
    ]);
  });
});

describe('the log', () => {
  it('names the endpoint and the app, and holds no token, name, address, password or code', async () => {
    const fresh = await openHttpBed();
    const admin = await tokenOf(fresh, { client_id: ADMIN, client_secret: fresh.adminSecret });
    const body = {
      loginName: 'planted-name',
      emailAddress: 'planted@example.com',
      password: 'planted-pass',
      a: 'planted',
    };
    const type = 'RegistrationAndAuthorizationRequest';
    const { json } = await rest(fresh, 'POST', 'users', { body, type });
    const secrets = ['planted', String(json._accessToken), admin, fresh.adminSecret];
    await rest(fresh, 'GET', 'users/EMAIL:planted@example.com', { token: admin });
    await rest(fresh, 'GET', 'users/me?planted=1', { token: 'planted-token' });
    await rest(fresh, 'PUT', 'users/me/password', {
      token: String(json._accessToken),
      body: { oldPassword: 'planted-old', newPassword: 'planted-new' },
    });
    await rest(fresh, 'POST', 'users/EMAIL:planted@example.com/password/complete-reset', {
      body: { pinCode: 'planted-pin', newPassword: 'planted-new' },
    });
    await postToken(
      fresh,
      { grant_type: 'mfa', totp_code: 'planted' },
      {
        path: PLAIN_PATH,
        headers: { 'x-kii-appid': APP, authorization: 'Bearer planted' },
      },
    );
    await fresh.http.drain(1_000);
    const methods = fresh.tape.lines.map(({ method }) => method);
    expect(methods).toContain('kii.users.post');
    expect(methods).toContain('kii.user.get');
    expect(methods).toContain('kii.user.password.put');
    expect(fresh.tape.lines.every(({ tenant }) => tenant === APP)).toBe(true);
    for (const secret of secrets) {
      expect(fresh.tape.text).not.toContain(secret);
    }
    await fresh.close();
  });
});
