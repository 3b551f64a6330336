/** What a token is and whether it is live, at both hosts, each with its own shape of failures. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ArtikBed, openArtikBed } from './bed.ts';

let bed: ArtikBed;

beforeAll(async () => {
  bed = await openArtikBed();
});
afterAll(() => bed.close());

const PATHS = ['/tokenInfo', '/v1.1/accounts/tokenInfo', '/V1.1/accounts/tokenInfo'];

it('tells a user token’s user, client and what is left, and nothing that is absent', async () => {
  const { access_token: bearer } = await bed.consented();
  for (const path of PATHS) {
    const { status, json } = await bed.ask('GET', path, { bearer });
    expect([status, json]).toEqual([
      200,
      { data: { user_id: 'user-ann', client_id: 'web', expires_in: 14 * 24 * 3_600 } },
    ]);
  }
});

it('takes the scheme in any case', async () => {
  const { access_token } = await bed.consented();
  for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
    const headers = { authorization: `${scheme} ${access_token}` };
    expect((await bed.ask('GET', '/tokenInfo', { headers })).status).toBe(200);
  }
});

it('tells an application token’s client alone', async () => {
  const { json } = await bed.ask('POST', '/token', { basic: 'web', form: { grant_type: 'client_credentials' } });
  expect((await bed.ask('GET', '/tokenInfo', { bearer: json.access_token })).json).toEqual({
    data: { client_id: 'web', expires_in: 3_600 },
  });
});

it('says that a token is dead in the words of each host', async () => {
  const accounts = await bed.ask('GET', '/tokenInfo', { bearer: 'dead' });
  expect([accounts.status, accounts.json.error]).toEqual([401, 'invalid_token']);
  const api = await bed.ask('GET', '/v1.1/accounts/tokenInfo');
  expect([api.status, api.json]).toEqual([
    401,
    { error: { code: 401, message: 'Please provide a valid authorization header' } },
  ]);
});

it('does not take a token of another tenant', async () => {
  const form = { grant_type: 'client_credentials' };
  expect((await bed.ask('POST', '/token', { basic: 'stranger', form })).status).toBe(401);
});

it('checks a token in a JSON body without a header, and under any content type', async () => {
  const token = await bed.own();
  for (const contentType of ['application/json', 'text/plain', 'application/x-www-form-urlencoded']) {
    for (const path of ['/checkToken', '/v1.1/accounts/checkToken']) {
      const options = { body: JSON.stringify({ token }), headers: { 'content-type': contentType } };
      const { status, json } = await bed.ask('POST', path, options);
      expect([status, json]).toEqual([200, { data: { message: 'Valid Token' } }]);
    }
  }
  expect((await bed.ask('POST', '/checkToken', { body: '{"token":"dead"}' })).status).toBe(401);
});
