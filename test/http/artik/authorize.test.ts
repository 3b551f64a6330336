/** Where apps send people: what is wrong is said in ARTIK's words, and the rest goes to the pages. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ArtikBed, openArtikBed, REDIRECT, WEB_REDIRECT } from './bed.ts';

let bed: ArtikBed;

beforeAll(async () => {
  bed = await openArtikBed();
});
afterAll(() => bed.close());

async function go(path: string, query: Readonly<Record<string, string>>) {
  const { status, headers, text } = await bed.ask('GET', `${path}?${new URLSearchParams(query)}`);
  return { status, location: headers.get('location'), text };
}

const WEB = { client_id: 'web', response_type: 'code', state: 's' };

it('sends people to the pages of the tenant, with scopes as they are written there', async () => {
  const query = { ...WEB, redirect_uri: WEB_REDIRECT, scope: 'read,write', account_type: 'GOOGLE', client: 'mobile' };
  const { status, location } = await go('/authorize', query);
  const url = new URL(location ?? '', bed.url);
  expect([status, url.pathname]).toEqual([302, '/t/acme/oauth2/authorize']);
  expect(Object.fromEntries(url.searchParams)).toEqual({
    ...WEB,
    redirect_uri: WEB_REDIRECT,
    scope: 'read write',
    dialect: 'artik',
  });
});

it('forces a login at /signin, and leaves out a redirect URI that was left out', async () => {
  const { location } = await go('/signin', WEB);
  expect(Object.fromEntries(new URL(location ?? '', bed.url).searchParams)).toEqual({
    ...WEB,
    prompt: 'login',
    dialect: 'artik',
  });
});

it('forces a login where the app asks for one in its own words', async () => {
  for (const prompt of ['login', 'select_account']) {
    const { location } = await go('/authorize', { ...WEB, prompt });
    expect(new URL(location ?? '', bed.url).searchParams.get('prompt')).toBe('login');
  }
  const { location } = await go('/authorize', { ...WEB, prompt: 'none' });
  expect(new URL(location ?? '', bed.url).searchParams.get('prompt')).toBeNull();
});

it('redirects nobody to what is not registered', async () => {
  for (const redirect_uri of ['https://evil.example/', `${WEB_REDIRECT}/more`, `${WEB_REDIRECT}?x=1`]) {
    expect(await go('/authorize', { ...WEB, redirect_uri })).toEqual({
      status: 400,
      location: null,
      text: 'Invalid parameter: redirect_uri',
    });
  }
  expect((await go('/authorize', { ...WEB, client_id: 'stranger' })).status).toBe(400);
  expect((await go('/authorize', { response_type: 'code' })).text).toBe('Invalid parameter: client_id');
});

it('tells an app what is wrong in the query for a code, and in the fragment for a token', async () => {
  const code = await go('/authorize', {
    client_id: 'mobile',
    response_type: 'code',
    redirect_uri: REDIRECT,
    state: 's',
  });
  expect([code.status, code.location?.startsWith(`${REDIRECT}?error=invalid_request&`)]).toEqual([302, true]);
  expect(code.location?.endsWith('&state=s')).toBe(true);
  const token = await go('/authorize', { ...WEB, response_type: 'token' });
  expect(token.location?.startsWith(`${WEB_REDIRECT}#error=unauthorized_client&`)).toBe(true);
});

it('says that parameters are not valid without a redirect', async () => {
  const { status } = await bed.ask('GET', '/authorize?client_id=web&client_id=mobile');
  expect(status).toBe(400);
});
