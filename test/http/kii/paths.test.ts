/** Paths of Kii that are not served, methods that are not, and what can be read beside users and things. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { APP, type HttpBed, openHttpBed, send } from '../support.ts';
import { API, register, rest, type Tokens, tokensOf, told } from './rest.ts';

let bed: HttpBed;
let tokens: Tokens;

beforeAll(async () => {
  bed = await openHttpBed();
  tokens = await tokensOf(bed);
});

afterAll(() => bed.close());

const NOT_SERVED = { errorCode: 'NOT_FOUND', message: 'This path is not served here. Check it' };

describe('what Kii has and this has not', () => {
  it.each([
    ...[
      'users/query',
      'things/query',
      'groups',
      'groups/g1/members/u1',
      'buckets/b1/objects',
      'users/me/buckets/b1/query',
    ],
    ...['topics/t1', 'installations', 'things/th.1/buckets/b1/objects/o1', 'server-code/versions/current/my/endpoint'],
    ...['users/me/push/subscriptions', 'integration/facebook', 'users/me/facebook/link', 'events', 'hooks/versions'],
    ...[
      'things/th.1/ownership/request/user:user-1',
      'oauth2/clients',
      'configuration',
      'no/such/thing',
      'users/me/'.repeat(9),
    ],
  ])('is told in Kii’s shape, with errorCode and message: %s', async (path) => {
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      const answer = await rest(bed, method, path, { token: tokens.admin, body: method === 'GET' ? undefined : {} });
      expect([answer.status, answer.json]).toEqual([404, NOT_SERVED]);
      expect(answer.headers.get('content-type')).toContain('application/vnd.kii.NotFoundException+json');
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    }
  });

  it.each([
    '/api/',
    '/api/nothing',
    '/api/apps',
    `/api/apps/${APP}`,
    '/api/oauth2/token/x',
    `/thing-if/apps/${APP}/targets/thing:th.1/commands`,
  ])('and so at %s', async (path) => {
    for (const init of [{}, { method: 'POST', body: '{}' }]) {
      const { status, json } = await send(`${bed.url}${path}`, init);
      expect([status, json]).toEqual([404, NOT_SERVED]);
    }
  });

  it('is neither a user nor a thing called “query”, no matter who asks', async () => {
    for (const token of [tokens.admin, tokens.alice, tokens.thing, undefined]) {
      const body = { userQuery: { clause: { type: 'all' } } };
      expect((await rest(bed, 'POST', 'users/query', { token, body })).json).toEqual(NOT_SERVED);
    }
    expect((await send(`${bed.url}${API}/users/query/`)).json).toEqual(NOT_SERVED);
  });
});

describe('a method that a path has not', () => {
  it.each([
    ['users', 'GET', 'POST, OPTIONS'],
    ['users/me', 'PUT', 'GET, POST, PATCH, DELETE, HEAD, OPTIONS'],
    ['users/me/email-address', 'POST', 'GET, PUT, HEAD, OPTIONS'],
    ['things/th.1', 'POST', 'GET, PATCH, DELETE, HEAD, OPTIONS'],
    ['things/th.1/ownership', 'DELETE', 'GET, POST, HEAD, OPTIONS'],
    ['configuration/parameters/maxLoginAttempts', 'DELETE', 'GET, PUT, HEAD, OPTIONS'],
  ])('of %s: %s', async (path, method, allow) => {
    const answer = await rest(bed, method, path, { token: tokens.admin, body: method === 'GET' ? undefined : {} });
    expect([told(answer), typeof answer.json.message]).toEqual(['405 METHOD_NOT_ALLOWED', 'string']);
    expect(answer.headers.get('allow')).toBe(allow);
  });

  it('of the token endpoint is told in its own three keys', async () => {
    const { status, json } = await send(`${bed.url}/api/apps/${APP}/oauth2/token`);
    expect([status, Object.keys(json)]).toEqual([405, ['errorCode', 'error_description', 'error']]);
  });
});

describe('an address of a user', () => {
  it('is read by the user and an admin', async () => {
    for (const token of [tokens.alice, tokens.admin]) {
      const mail = await rest(bed, 'GET', 'users/user-1/email-address', { token });
      expect([mail.status, mail.json]).toEqual([200, { emailAddress: 'alice@example.com', verified: true }]);
      expect(mail.headers.get('content-type')).toContain('application/vnd.kii.EmailAddressRetrievalResponse+json');
      const phone = await rest(bed, 'GET', 'users/EMAIL:alice@example.com/phone-number', { token });
      expect([phone.status, phone.json]).toEqual([200, { phoneNumber: '+819012345678', verified: true }]);
    }
    const own = await rest(bed, 'GET', 'users/me/email-address', { token: tokens.bob });
    expect(own.json).toEqual({ emailAddress: 'bob@example.com', verified: false });
  });

  it('is read by others only where the app exposes full users', async () => {
    for (const token of [tokens.bob, tokens.thing, tokens.anonymous]) {
      expect(told(await rest(bed, 'GET', 'users/user-1/email-address', { token }))).toBe('401 UNAUTHORIZED');
    }
    const open = await openHttpBed({ policy: { exposeFullUsers: true } });
    const { bob } = await tokensOf(open);
    expect((await rest(open, 'GET', 'users/user-1/phone-number', { token: bob })).status).toBe(200);
    await open.close();
  });

  it('that is not there is told', async () => {
    const { id, token } = await register(bed);
    for (const path of ['email-address', 'phone-number']) {
      const answer = await rest(bed, 'GET', `users/me/${path}`, { token });
      expect([told(answer), answer.json.userID, answer.json.appID]).toEqual(['404 USER_ADDRESS_NOT_FOUND', id, APP]);
      expect(answer.headers.get('content-type')).toContain('application/vnd.kii.UserWithoutAddressException+json');
    }
    expect(told(await rest(bed, 'GET', 'users/nobody/email-address', { token: tokens.admin }))).toBe(
      '404 USER_NOT_FOUND',
    );
  });
});

it('the owners of a thing are read by the thing, an owner and an admin', async () => {
  await rest(bed, 'PUT', 'things/th.1/ownership/user:user-1', { token: tokens.admin });
  for (const token of [tokens.thing, tokens.alice, tokens.admin]) {
    const answer = await rest(bed, 'GET', 'things/VENDOR_THING_ID:Sensor-1/ownership', { token });
    expect([answer.status, answer.json]).toEqual([200, { users: ['user-1'], groups: [] }]);
  }
  expect(told(await rest(bed, 'GET', 'things/th.1/ownership', { token: tokens.bob }))).toBe('401 UNAUTHORIZED');
  expect(told(await rest(bed, 'GET', 'things/th.x/ownership', { token: tokens.admin }))).toBe('404 THING_NOT_FOUND');
});

it('a parameter is read as the text that sets it, by an admin', async () => {
  const at = (name: string) => `${bed.url}${API}/configuration/parameters/${name}`;
  const authorization = `Bearer ${tokens.admin}`;
  for (const [name, text] of [
    ['refreshTokenEnabled', 'false'],
    ['maxLoginAttempts', '100'],
    ['loginLockPeriodSeconds', '900'],
  ] as const) {
    const answer = await fetch(at(name), { headers: { authorization } });
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
      200,
      'text/plain;charset=UTF-8',
      text,
    ]);
  }
  const unknown = await rest(bed, 'GET', 'configuration/parameters/isMasterApp', { token: tokens.admin });
  expect(told(unknown)).toBe('404 NOT_FOUND');
  expect(told(await rest(bed, 'GET', 'configuration/parameters/maxLoginAttempts', { token: tokens.alice }))).toBe(
    '401 UNAUTHORIZED',
  );
});
