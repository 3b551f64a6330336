/** How a client of an app proves itself (RFC 6749 section 2.3.1): by Basic, form-encoded or not, or in the body. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseToken } from '../../../src/core/token-form.ts';
import { make, makeClient } from '../../support.ts';
import { ADMIN, APP, APP_PATH, type HttpBed, openHttpBed, PASSWORD, PLAIN_PATH, postToken } from '../support.ts';
import { freshName, rest, told } from './rest.ts';

let bed: HttpBed;
let secret: string;

const CLIENT = 'back-end.1';

beforeAll(async () => {
  bed = await openHttpBed({ policy: { refreshEnabled: true } });
  secret = await makeClient(bed.store, APP, CLIENT);
  await make(bed.store, {
    kind: 'create_client',
    client: { clientId: 'spa', tenantId: APP, displayName: '', confidential: false, roles: [], scopes: [] },
  });
});
afterAll(() => bed.close());

const LOGIN = { grant_type: 'password', username: 'bob', password: PASSWORD };
const OWN = { grant_type: 'client_credentials' };

/** As oauth4webapi and openid-client write it: every other character than letters and digits is escaped. */
function encoded(text: string): string {
  return text.replace(/[^A-Za-z0-9]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
}

function basic(id: string, password: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${id}:${password}`).toString('base64')}` };
}

async function clientOf(token: unknown): Promise<string | undefined> {
  const familyId = parseToken(String(token))?.familyId ?? '';
  return (await bed.services.store.readFamily(APP, familyId)).reading?.family.clientId;
}

function form(body: Record<string, string>, headers: Record<string, string> = {}, path = APP_PATH) {
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  return postToken(bed, new URLSearchParams(body).toString(), { path, headers: { ...type, ...headers } });
}

describe('the app, form-encoded in Basic', () => {
  it.each([
    ['its path', APP_PATH],
    ['Basic alone', PLAIN_PATH],
  ])('is named by %s', async (_what, path) => {
    const answer = await form(LOGIN, basic('%61pp1', 'any%2Bthing'), path);
    expect([answer.status, answer.json.id]).toEqual([200, 'user-2']);
  });

  it.each(['%', 'app1%', 'app1%zz', '%ED%A0%80', 'app1%00', 'app1%0A'])('is refused as %s', async (id) => {
    const answer = await form(LOGIN, basic(id, 'x'));
    expect([answer.status, answer.json.error]).toEqual([400, 'invalid_grant']);
    expect(answer.json.error_description).toContain('The Authorization header is not valid');
    expect(told(await rest(bed, 'POST', 'users', { headers: basic(id, 'x'), body: {} }))).toBe(
      '400 INVALID_INPUT_DATA',
    );
  });
});

describe('a confidential client', () => {
  const ways: [string, () => Record<string, string>, () => Record<string, string>][] = [
    ['Basic', () => basic(CLIENT, secret), () => ({})],
    ['Basic, form-encoded', () => basic(encoded(CLIENT), encoded(secret)), () => ({})],
    ['Basic and its id', () => basic(CLIENT, secret), () => ({ client_id: CLIENT })],
    ['the body', () => ({}), () => ({ client_id: CLIENT, client_secret: secret })],
    ['the body beside the app', () => basic(APP, 'x'), () => ({ client_id: CLIENT, client_secret: secret })],
  ];

  it.each(ways)('logs a user in, refreshes and has a token of its own, by %s', async (_what, headers, body) => {
    const login = await form({ ...LOGIN, ...body() }, headers());
    expect([login.status, await clientOf(login.json.access_token)]).toEqual([200, CLIENT]);
    const refresh = { grant_type: 'refresh_token', refresh_token: String(login.json.refresh_token) };
    expect((await form({ ...refresh, ...body() }, headers())).status).toBe(200);
    const own = await form({ ...OWN, ...body() }, headers());
    expect([own.status, own.json.id]).toEqual([200, CLIENT]);
  });

  it.each([LOGIN, OWN])('with a wrong secret is refused: %j', async (asked) => {
    const wrong = { client_id: CLIENT, client_secret: 'wrong' };
    for (const answer of [await form(asked, basic(CLIENT, 'wrong')), await form({ ...asked, ...wrong })]) {
      expect([answer.status, answer.json.error]).toEqual([400, 'invalid_grant']);
      expect(answer.headers.get('www-authenticate')).toBeNull();
    }
  });

  it('names itself one way: Basic and a body that differ are refused', async () => {
    const answer = await form({ ...LOGIN, client_id: ADMIN, client_secret: bed.adminSecret }, basic(CLIENT, secret));
    expect([answer.status, answer.json.error_description]).toEqual([
      400,
      'client_id and the Authorization header name different clients',
    ]);
  });

  it('is held to its own logins: another client can’t refresh them', async () => {
    const { json } = await form(LOGIN, basic(CLIENT, secret));
    const refresh = { grant_type: 'refresh_token', refresh_token: String(json.refresh_token) };
    expect((await form(refresh, basic(ADMIN, bed.adminSecret))).status).toBe(400);
    expect((await form(refresh)).status).toBe(400);
  });

  it('registers users by Basic, and as an admin verified ones', async () => {
    const register = (headers: Record<string, string>) => {
      const emailAddress = `${freshName()}@example.com`;
      return rest(bed, 'POST', 'users', {
        headers,
        body: { emailAddress, emailAddressVerified: true, password: PASSWORD },
      });
    };
    expect((await register(basic(CLIENT, secret))).status).toBe(201);
    expect((await register(basic(encoded(ADMIN), encoded(bed.adminSecret)))).status).toBe(201);
    expect(told(await register(basic(ADMIN, 'wrong')))).toBe('401 WRONG_PASSWORD');
  });
});

it('a public client of the app only names itself', async () => {
  const answer = await form(LOGIN, basic('spa', ''));
  expect([answer.status, await clientOf(answer.json.access_token)]).toEqual([200, 'spa']);
});
