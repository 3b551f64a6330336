/** Ending a token in the three forms that clients know. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findSignedIn, signIn } from '../../../src/core/operations/browser-sessions.ts';
import { callerOf, make } from '../../support.ts';
import { type ArtikBed, openArtikBed, PASSWORD, WEB_REDIRECT } from './bed.ts';

let bed: ArtikBed;

beforeAll(async () => {
  bed = await openArtikBed();
});
afterAll(() => bed.close());

const DONE = { data: { message: 'Token successfully revoked' } };

async function isLive(bearer: string): Promise<boolean> {
  return (await bed.ask('GET', '/tokenInfo', { bearer })).status === 200;
}

it('ends the token that it bears, and its refresh token with it', async () => {
  for (const method of ['PUT', 'POST']) {
    const { access_token: bearer, refresh_token } = await bed.consented();
    const form = method === 'POST' ? { form: { token: bearer } } : {};
    expect((await bed.ask(method, '/revokeToken', { bearer, ...form })).json).toEqual(DONE);
    expect(await isLive(bearer)).toBe(false);
    const again = { grant_type: 'refresh_token', refresh_token };
    expect((await bed.ask('POST', '/token', { basic: 'web', form: again })).json.error).toBe('invalid_grant');
  }
});

it('ends no other token than the one of the header', async () => {
  const [mine, other] = [await bed.own(), await bed.own('user-bob')];
  const { status } = await bed.ask('POST', '/revokeToken', { bearer: mine, form: { token: other } });
  expect([status, await isLive(other)]).toEqual([400, true]);
});

it('ends a user’s token by an application token of the same app, and by no other', async () => {
  const { access_token: user } = await bed.consented();
  const app = await bed.ask('POST', '/token', { basic: 'web', form: { grant_type: 'client_credentials' } });
  const path = (proof: string, token: string) => `/revokeAccessToken?client_credentials=${proof}&token=${token}`;
  const foreign = await bed.own();
  expect((await bed.ask('PUT', path(app.json.access_token, foreign))).status).toBe(403);
  expect((await bed.ask('PUT', path(user, user))).status).toBe(401);
  expect(await isLive(user)).toBe(true);
  expect((await bed.ask('PUT', path(app.json.access_token, user))).json).toEqual(DONE);
  expect([await isLive(user), await isLive(foreign)]).toEqual([false, true]);
});

it('sends people back after a sign-out to what is registered, or to that with logout behind it', async () => {
  const link = (uri: string) => `/logout?${new URLSearchParams({ redirect_uri: uri, state: 'x=y' })}`;
  for (const uri of [WEB_REDIRECT, 'my-uri://logout']) {
    const { status, headers } = await bed.ask('GET', link(uri));
    expect([status, headers.get('location')]).toEqual([302, `${uri}?status=logout&state=x%3Dy`]);
  }
  const registered = { clientId: 'pathless', displayName: 'Pathless', redirectUris: ['https://pathless.example'] };
  const client = { ...registered, tenantId: 'acme', confidential: false, roles: [], scopes: [] };
  await make(bed.store, { kind: 'create_client', client });
  // The suffix makes another host of it.
  for (const uri of [
    'https://pathless.examplelogout',
    'https://evil.example/',
    `${WEB_REDIRECT}/logout2`,
    'javascript:alert(1)',
  ]) {
    const { status, text, headers } = await bed.ask('GET', link(uri));
    expect([status, text, headers.get('location')]).toEqual([400, 'Invalid parameter: redirect_uri', null]);
  }
});

it('sends nobody to where an app of another tenant is registered, and signs out who bears no live token', async () => {
  const query = { client_id: 'stranger', redirect_uri: WEB_REDIRECT };
  expect((await bed.ask('GET', `/logout?${new URLSearchParams(query)}`)).status).toBe(400);
  const known = new URLSearchParams({ ...query, client_id: 'web' });
  expect((await bed.ask('GET', `/logout?${known}`)).status).toBe(302);
  for (const bearer of ['rubbish', bed.secrets.get('web') ?? '']) {
    expect((await bed.ask('GET', '/logout', { bearer })).status).toBe(200);
  }
});

it('answers that a token is revoked which has ended already', async () => {
  const { access_token: user } = await bed.consented();
  const { json } = await bed.ask('POST', '/token', { basic: 'web', form: { grant_type: 'client_credentials' } });
  const path = `/revokeAccessToken?client_credentials=${json.access_token}&token=${user}`;
  expect((await bed.ask('PUT', path)).json).toEqual(DONE);
  expect((await bed.ask('PUT', path)).json).toEqual(DONE);
  expect((await bed.ask('PUT', `/revokeAccessToken?client_credentials=x&token=${user}`)).status).toBe(401);
});

it('signs out by a form with 200, and ends the token that it bears', async () => {
  const bearer = await bed.own();
  const form = { client_id: 'web', redirect_uri: WEB_REDIRECT, account_type: 'ARTIKCLOUD' };
  expect((await bed.ask('POST', '/signout', { bearer, form })).status).toBe(200);
  expect(await isLive(bearer)).toBe(false);
});

/** Ann, signed in at the pages of the tenant. */
async function signedIn() {
  const call = { caller: await callerOf(bed.services, 'acme') };
  const issued = await signIn(bed.services, call, { username: 'ann', password: PASSWORD });
  const token = 'accessToken' in issued ? issued.accessToken : '';
  const isSignedIn = async () => (await findSignedIn(bed.services, call, token)) !== undefined;
  return { token, isSignedIn };
}

const FORGOTTEN = 'symbolon-acme=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0';
const WAYS = [
  ['GET', '/logout', 200],
  ['GET', `/logout?${new URLSearchParams({ redirect_uri: WEB_REDIRECT })}`, 302],
  ['GET', `/signout?${new URLSearchParams({ redirect_uri: WEB_REDIRECT })}`, 302],
  ['POST', '/signout', 200],
] as const;

it.each(WAYS)('ends the login of the pages by the cookie that comes with %s %s', async (method, path, status) => {
  const [ann, elsewhere] = [await signedIn(), await signedIn()];
  const headers = { cookie: `theme=dark; symbolon-acme=${ann.token}` };
  const answer = await bed.ask(method, path, { headers });
  expect([answer.status, answer.headers.get('set-cookie')]).toEqual([status, FORGOTTEN]);
  expect([await ann.isSignedIn(), await elsewhere.isSignedIn()]).toEqual([false, true]);
});

it('leaves everybody signed in where the link leads elsewhere, or the cookie is no login of the pages', async () => {
  const ann = await signedIn();
  const cookie = `symbolon-acme=${ann.token}`;
  const elsewhere = `/logout?${new URLSearchParams({ redirect_uri: 'https://evil.example/' })}`;
  const refused = await bed.ask('GET', elsewhere, { headers: { cookie } });
  expect([refused.status, refused.headers.get('set-cookie'), await ann.isSignedIn()]).toEqual([400, null, true]);

  const bearer = await bed.own();
  const planted = await bed.ask('GET', '/logout', { headers: { cookie: `symbolon-acme=${bearer}` } });
  expect([planted.headers.get('set-cookie'), await isLive(bearer)]).toEqual([FORGOTTEN, true]);
  const other = await bed.ask('GET', '/logout', { headers: { cookie: `symbolon-other=${ann.token}` } });
  expect([other.headers.get('set-cookie'), await ann.isSignedIn()]).toEqual([null, true]);
});
