/** The token endpoint, asked as the official clients ask (docs of ARTIK Cloud of 2016 to 2018, and its SDKs). */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { familyIn } from '../../../src/core/token-form.ts';
import { madeUp } from '../../core/made-up.ts';
import { type ArtikBed, openArtikBed, REDIRECT, WEB_REDIRECT } from './bed.ts';

let bed: ArtikBed;

beforeAll(async () => {
  bed = await openArtikBed();
});
afterAll(() => bed.close());

const DAY_S = 24 * 3_600;
const ALL_SCOPES = 'read,write,profile.read';

/** Of an app without a secret. */
async function mobileTokens() {
  const code_verifier = 'v'.repeat(86);
  const challenge = createHash('sha256').update(code_verifier).digest('base64url');
  const code = await bed.code('mobile', 'user-ann', [], challenge);
  const form = { grant_type: 'authorization_code', code, code_verifier, client_id: 'mobile', redirect_uri: REDIRECT };
  return (await bed.ask('POST', '/token', { form })).json;
}

it('gives user tokens for a code, with the headers that are documented', async () => {
  const form = { grant_type: 'authorization_code', code: await bed.code(), redirect_uri: WEB_REDIRECT, state: 's' };
  const { status, json, headers } = await bed.ask('POST', '/token', { basic: 'web', form });
  expect(status).toBe(200);
  expect(json).toEqual({
    access_token: expect.stringMatching(/^syu_/),
    token_type: 'bearer',
    expires_in: 14 * DAY_S,
    refresh_token: expect.stringMatching(/^syr_/),
    scope: ALL_SCOPES,
  });
  expect(headers.get('content-type')).toBe('application/json;charset=UTF-8');
  expect([headers.get('cache-control'), headers.get('pragma')]).toEqual(['no-store', 'no-cache']);
});

it('takes all parameters from the query string with an empty body, as Swift’s SDK sends them', async () => {
  const query = new URLSearchParams({
    grant_type: 'authorization_code',
    code: await bed.code(),
    redirect_uri: WEB_REDIRECT,
    state: 'x',
  });
  const { status, json } = await bed.ask('POST', `/token?${query}`, { basic: 'web' });
  expect([status, json.token_type]).toEqual([200, 'bearer']);
});

it('takes the client’s credentials from the body, and no redirect_uri where none was asked with', async () => {
  const client_secret = bed.secrets.get('web') ?? '';
  const form = {
    grant_type: 'authorization_code',
    code: await bed.code(),
    redirect_uri: WEB_REDIRECT,
    client_id: 'web',
  };
  expect((await bed.ask('POST', '/token', { form: { ...form, client_secret } })).status).toBe(200);
});

it('gives tokens to a client without a secret by the verifier of its challenge', async () => {
  const code_verifier = 'v'.repeat(86);
  const challenge = createHash('sha256').update(code_verifier).digest('base64url');
  const code = await bed.code('mobile', 'user-ann', [], challenge);
  const query = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    code_verifier,
    client_id: 'mobile',
    redirect_uri: REDIRECT,
  });
  const { json } = await bed.ask('POST', `/token?${query}`);
  expect(json).toMatchObject({ token_type: 'bearer', refresh_token: expect.any(String) });
});

it('refuses a code that was used, in the words of RFC 6749', async () => {
  const form = { grant_type: 'authorization_code', code: await bed.code(), redirect_uri: WEB_REDIRECT };
  const first = await bed.ask('POST', '/token', { basic: 'web', form });
  const second = await bed.ask('POST', '/token', { basic: 'web', form });
  expect([second.status, second.json.error]).toEqual([400, 'invalid_grant']);
  expect((await bed.ask('GET', '/tokenInfo', { bearer: first.json.access_token })).status).toBe(401);
});

it('gives application tokens without a refresh token, for an hour', async () => {
  const { status, json } = await bed.ask('POST', '/token?grant_type=client_credentials', { basic: 'web' });
  expect(status).toBe(200);
  expect(json).toEqual({
    access_token: expect.stringMatching(/^syp_/),
    token_type: 'bearer',
    expires_in: 3_600,
    scope: ALL_SCOPES,
  });
});

it('takes scopes with commas and with blanks', async () => {
  for (const scope of ['read,write', 'read write']) {
    const form = { grant_type: 'client_credentials', scope };
    expect((await bed.ask('POST', '/token', { basic: 'web', form })).json.scope).toBe('read,write');
  }
});

it('always answers a new refresh token on refresh, in each style of asking', async () => {
  const web = await bed.consented();
  const byBasic = { grant_type: 'refresh_token', refresh_token: web.refresh_token };
  const first = await bed.ask('POST', '/token', { basic: 'web', form: byBasic });
  expect(first.json.refresh_token).not.toBe(web.refresh_token);

  const inBody = { grant_type: 'refresh_token', refresh_token: first.json.refresh_token, client_id: 'web' };
  const client_secret = bed.secrets.get('web') ?? '';
  const second = await bed.ask('POST', '/token', { form: { ...inBody, client_secret } });
  expect(second.json.refresh_token).toEqual(expect.any(String));

  const query = `grant_type=refresh_token&refresh_token=${second.json.refresh_token}`;
  const third = await bed.ask('POST', `/v1.1/accounts/token?${query}`, { basic: 'web' });
  expect(third.json).toMatchObject({ token_type: 'bearer', refresh_token: expect.any(String) });
});

it('refreshes for an app without a secret by its old access token, dead or alive', async () => {
  const { access_token, refresh_token } = await mobileTokens();
  bed.clock.advance(15 * DAY_S * 1_000);
  const form = { grant_type: 'refresh_token', refresh_token };
  const made = { bearer: 'dead', form };
  expect((await bed.ask('POST', '/token', made)).json.error).toBe('invalid_client');
  for (const path of ['/token', '/v1.1/accounts/token']) {
    const answer = await bed.ask('POST', path, { bearer: access_token, form });
    expect(answer.json).toMatchObject({ token_type: 'bearer', refresh_token: expect.any(String) });
  }
});

it('takes an old access token of ours alone, and for nothing but a refresh', async () => {
  const { access_token, refresh_token } = await mobileTokens();
  const form = { grant_type: 'refresh_token', refresh_token };
  const forged = madeUp('access', { familyId: familyIn(access_token) ?? '' });
  for (const bearer of [refresh_token, forged]) {
    const { status, json } = await bed.ask('POST', '/token', { bearer, form });
    expect([status, json.error]).toEqual([401, 'invalid_client']);
  }
  for (const grant_type of ['authorization_code', 'client_credentials', 'device_code']) {
    const { status, json } = await bed.ask('POST', '/token', { bearer: access_token, form: { grant_type, code: 'x' } });
    expect([status, json.error]).toEqual([401, 'invalid_client']);
  }
  expect((await bed.ask('POST', '/token', { bearer: access_token, form })).status).toBe(200);
});

it('refuses two clients in one request, and what can be no client', async () => {
  const form = { grant_type: 'client_credentials' };
  const secret = bed.secrets.get('web') ?? '';
  for (const other of [{ client_id: 'rival' }, { client_secret: 'wrong' }]) {
    const { status, json } = await bed.ask('POST', '/token', { basic: 'web', form: { ...form, ...other } });
    expect([status, json.error]).toEqual([400, 'invalid_request']);
  }
  const same = { ...form, client_id: 'web', client_secret: secret };
  expect((await bed.ask('POST', '/token', { basic: 'web', form: same })).status).toBe(200);
  for (const client_id of ['a\0b', 'x'.repeat(257)]) {
    const { status, json } = await bed.ask('POST', '/token', { form: { ...form, client_id } });
    expect([status, json.error_description]).toEqual([401, 'client_id and client_secret are not those of a client']);
  }
});

it('refuses parameters that contradict each other, and bodies that are none', async () => {
  const query = '?grant_type=client_credentials';
  const ask = (form: Record<string, string>) => bed.ask('POST', `/token${query}`, { basic: 'web', form });
  expect((await ask({ grant_type: 'client_credentials' })).status).toBe(200);
  expect((await ask({ grant_type: 'refresh_token' })).json).toEqual({
    error: 'invalid_request',
    error_description: 'A parameter is in the query and in the body with different values',
  });
  for (const [body, message] of [
    ['grant_type=%zz', 'percent escape'],
    ['{"grant_type"', 'not valid JSON'],
    ['a=1&a=2', 'comes twice'],
  ] as const) {
    const { status, json } = await bed.ask('POST', '/token', { basic: 'web', body });
    expect([status, json.error]).toEqual([400, 'invalid_request']);
    expect(json.error_description).toContain(message);
  }
  const half = await bed.ask('POST', '/checkToken', { body: '{"token":"\\ud800"}' });
  expect([half.status, half.json.error_description]).toEqual([400, 'token is missing']);
  const latin = await fetch(`${bed.url}/checkToken`, { method: 'POST', body: Buffer.from([0x74, 0x3d, 0xe9]) });
  expect([latin.status, await latin.json()]).toMatchObject([400, { error_description: 'The body is not valid UTF-8' }]);
});

it('answers as was recorded in 2016 to an app with a secret that asks the API host by its bearer', async () => {
  const { access_token, refresh_token } = await bed.consented();
  const form = { grant_type: 'refresh_token', refresh_token };
  const { status, json } = await bed.ask('POST', '/v1.1/accounts/token', { bearer: access_token, form });
  expect(status).toBe(400);
  expect(json).toEqual({ error: { code: 'invalid_request', message: 'This API works only with implicit apps.' } });
});

it('answers the same to an app that proves itself by the body at the API host', async () => {
  const { refresh_token } = await bed.consented();
  const client_secret = bed.secrets.get('web') ?? '';
  const form = { grant_type: 'refresh_token', refresh_token, client_id: 'web', client_secret };
  expect((await bed.ask('POST', '/v1.1/accounts/token', { form })).json.error.code).toBe('invalid_request');
});

it('refuses a secret in the URL, though it is right', async () => {
  const query = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: 'web',
    client_secret: bed.secrets.get('web') ?? '',
  });
  const { status, json } = await bed.ask('POST', `/token?${query}`);
  expect([status, json.error]).toEqual([400, 'invalid_request']);
});

const REFUSED: Readonly<Record<string, [Record<string, string>, string | undefined, number, string]>> = {
  'no grant': [{}, 'web', 400, 'invalid_request'],
  'a grant that nobody has': [{ grant_type: 'password' }, 'web', 400, 'unsupported_grant_type'],
  'a grant that the client has not': [{ grant_type: 'client_credentials' }, 'bare', 400, 'unauthorized_client'],
  'a client of another tenant': [{ grant_type: 'client_credentials' }, 'stranger', 401, 'invalid_client'],
  nobody: [{ grant_type: 'client_credentials' }, undefined, 401, 'invalid_client'],
  'a refresh token that was made up': [
    { grant_type: 'refresh_token', refresh_token: 'x' },
    'web',
    400,
    'invalid_grant',
  ],
  'a code that was made up': [{ grant_type: 'authorization_code', code: 'x' }, 'web', 400, 'invalid_grant'],
};
for (const [what, [form, basic, status, error]] of Object.entries(REFUSED)) {
  it(`refuses ${what}`, async () => {
    const answer = await bed.ask('POST', '/token', { form, ...(basic === undefined ? {} : { basic }) });
    expect([answer.status, answer.json.error]).toEqual([status, error]);
  });
}

it('is not there where no tenant is served so', async () => {
  await using none = await openArtikBed({ served: false });
  const paths = ['/token', '/v1.1/users/self', '/authorize', '/tokenInfo', '/V1.1/accounts/token'];
  for (const path of paths) {
    expect((await none.ask('POST', path, { basic: 'web', form: { grant_type: 'client_credentials' } })).status).toBe(
      404,
    );
  }
});
