/** The token endpoint: each grant, and each way in which it is refused (RFC 6749 sections 3.2, 4.3, 4.4, 5 and 6; RFC 8707). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { make, openMemoryTestBed } from '../../support.ts';
import { basic, FORM, inBody, isActive, logIn, type OAuthBed, openOAuthBed, PASSWORD, post, TOKEN } from './bed.ts';

let bed: OAuthBed;

beforeAll(async () => {
  bed = await openOAuthBed({ open: openMemoryTestBed });
});

afterAll(() => bed.close());

const GRANT = { grant_type: 'client_credentials' };
const asApp = (form: Record<string, string>) => post(bed, TOKEN, form, basic(bed, 'app'));
const asked = async (form: Record<string, string> | string, headers: Record<string, string> = {}) => {
  const { status, json } = await post(bed, TOKEN, form, { ...basic(bed, 'app'), ...headers });
  return [status, json.error];
};

describe('a request', () => {
  it('must be a form', async () => {
    for (const [type, body] of [
      ['application/json', '{"grant_type":"client_credentials"}'],
      ['text/plain', 'grant_type=client_credentials'],
      ['application/x-www-form-urlencodedx', 'grant_type=client_credentials'],
    ]) {
      const { status, json } = await post(bed, TOKEN, body as string, {
        ...basic(bed, 'app'),
        'content-type': type as string,
      });
      expect([status, json.error]).toEqual([400, 'invalid_request']);
      expect(json.error_description).toContain(FORM);
    }
  });

  it('may say its charset', async () => {
    expect(await asked(GRANT, { 'content-type': `${FORM}; charset=UTF-8` })).toEqual([200, undefined]);
  });

  it('must have each parameter once', async () => {
    expect(await asked('grant_type=client_credentials&scope=read&scope=read')).toEqual([400, 'invalid_request']);
    expect(await asked('grant_type=client_credentials&grant_type=password')).toEqual([400, 'invalid_request']);
  });

  it('may have a parameter without a value, which is as none', async () => {
    expect(await asked('grant_type=client_credentials&scope=&scope=read&username')).toEqual([200, undefined]);
  });

  it('may have parameters that nobody knows', async () => {
    expect(await asked({ ...GRANT, audience: 'x', foo: '<b>' })).toEqual([200, undefined]);
  });

  it('must not have parameters in its URL', async () => {
    for (const query of ['client_secret=x', 'grant_type=client_credentials', 'x=1']) {
      const { status, json } = await post(bed, `${TOKEN}?${query}`, GRANT, basic(bed, 'app'));
      expect([status, json.error]).toEqual([400, 'invalid_request']);
    }
  });

  it('must be well-formed', async () => {
    expect(await asked('grant_type=%zz')).toEqual([400, 'invalid_request']);
    expect(await asked('grant_type=%ff')).toEqual([400, 'invalid_request']);
    expect(await asked('')).toEqual([400, 'invalid_request']);
    expect(await asked({ scope: 'read' })).toEqual([400, 'invalid_request']);
  });

  it('must not be large', async () => {
    expect(await asked({ ...GRANT, x: 'x'.repeat(100_000) })).toEqual([413, 'invalid_request']);
  });

  it('must ask for a grant that there is', async () => {
    for (const grant of ['mfa', 'implicit', 'urn:ietf:params:oauth:grant-type:jwt-bearer', 'toString', '__proto__']) {
      expect(await asked({ grant_type: grant })).toEqual([400, 'unsupported_grant_type']);
    }
  });

  it('must come from a client that is registered for the grant', async () => {
    for (const grant of ['client_credentials', 'password', 'refresh_token', 'urn:symbolon:grant-type:second-factor']) {
      const { status, json } = await post(bed, TOKEN, { grant_type: grant }, basic(bed, 'bare'));
      expect([status, json.error], grant).toEqual([400, 'unauthorized_client']);
    }
  });
});

describe('client_credentials', () => {
  it('answers a token as RFC 6749 section 5.1 has it, without a refresh token', async () => {
    const { status, headers, json } = await asApp(GRANT);
    expect(status).toBe(200);
    expect(json).toEqual({
      access_token: expect.stringMatching(/^syp_/),
      token_type: 'Bearer',
      expires_in: expect.any(Number),
      scope: 'read write',
    });
    expect(Number.isInteger(json.expires_in)).toBe(true);
    expect(headers.get('content-type')).toBe('application/json;charset=UTF-8');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('pragma')).toBe('no-cache');
    expect(await isActive(bed, json.access_token)).toBe(true);
  });

  it('grants the scopes that are asked for', async () => {
    expect((await asApp({ ...GRANT, scope: 'write' })).json.scope).toBe('write');
    expect((await asApp({ ...GRANT, scope: ' write  read write ' })).json.scope).toBe('write read');
  });

  it('refuses scopes that the client is not registered for, and what is not a scope', async () => {
    for (const scope of ['admin', 'read admin', 'read\twrite', 'ré', '"', 'x'.repeat(1_000)]) {
      expect(await asked({ ...GRANT, scope }), scope).toEqual([400, 'invalid_scope']);
    }
  });

  it('is not for a client without a secret', async () => {
    const { status, json } = await post(bed, TOKEN, { ...GRANT, client_id: 'page' });
    expect([status, json.error]).toEqual([400, 'unauthorized_client']);
  });

  it('refuses a resource that there is not, and more than one', async () => {
    expect(await asked({ ...GRANT, resource: 'https://nothing.example' })).toEqual([400, 'invalid_target']);
    const two = 'grant_type=client_credentials&resource=https%3A%2F%2Fa.example&resource=https%3A%2F%2Fb.example';
    expect(await asked(two)).toEqual([400, 'invalid_target']);
  });
});

describe('password', () => {
  it('answers a token of the user to a first-party client', async () => {
    const tokens = await logIn(bed);
    expect(tokens.access_token).toMatch(/^syu_/);
    expect(tokens.refresh_token).toMatch(/^syr_/);
  });

  it('is refused to other clients', async () => {
    const form = { grant_type: 'password', username: 'ann', password: PASSWORD, ...inBody(bed, 'third') };
    const { status, json } = await post(bed, TOKEN, form);
    expect([status, json.error]).toEqual([400, 'unauthorized_client']);
  });

  it('tells a wrong password and an unknown user apart from nothing', async () => {
    const form = { grant_type: 'password', username: 'ann', password: 'wrong' };
    const [wrong, unknown] = [await asApp(form), await asApp({ ...form, username: 'nobody' })];
    expect([wrong.status, wrong.json.error]).toEqual([400, 'invalid_grant']);
    expect(unknown.json).toEqual(wrong.json);
  });

  it('counts guesses, and locks', async () => {
    const form = { grant_type: 'password', username: 'guessed', password: 'wrong' };
    const answers = [];
    for (let i = 0; i < 12; i++) {
      answers.push((await asApp(form)).json.error_description);
    }
    expect(answers.at(-1)).toBe('The login name is locked');
  });

  it.each(['username', 'password'])('needs %s', async (name) => {
    const { [name]: _, ...form } = { grant_type: 'password', username: 'ann', password: PASSWORD } as Record<
      string,
      string
    >;
    expect(await asked(form)).toEqual([400, 'invalid_request']);
  });

  it('gives no refresh token to a client that may not use it', async () => {
    await bed.makeClient('once', { firstParty: true, grants: ['password'] });
    expect(await logIn(bed, 'once')).not.toHaveProperty('refresh_token');
  });
});

describe('refresh_token', () => {
  const refreshed = (refresh_token: string, more: Record<string, string> = {}, client = 'app') =>
    post(bed, TOKEN, { grant_type: 'refresh_token', refresh_token, ...more, ...inBody(bed, client) });

  it('answers a new pair, and the old token ends', async () => {
    const { access_token, refresh_token } = await logIn(bed);
    const { status, json } = await refreshed(refresh_token);
    expect(status).toBe(200);
    expect(json.scope).toBe('read write');
    expect(json.refresh_token).not.toBe(refresh_token);
    expect([await isActive(bed, json.access_token), await isActive(bed, access_token)]).toEqual([true, false]);
  });

  it('works for a client without a secret', async () => {
    const { refresh_token } = await logIn(bed, 'page');
    expect((await refreshed(refresh_token, {}, 'page')).status).toBe(200);
  });

  it('ends the login when an old one comes back', async () => {
    const first = await logIn(bed);
    const second = (await refreshed(first.refresh_token)).json;
    const third = (await refreshed(second.refresh_token)).json;
    const replayed = await refreshed(first.refresh_token);
    expect([replayed.status, replayed.json.error]).toEqual([400, 'invalid_grant']);
    expect(await isActive(bed, third.access_token)).toBe(false);
  });

  it('is refused to another client', async () => {
    const { refresh_token } = await logIn(bed);
    const { status, json } = await refreshed(refresh_token, {}, 'third');
    expect([status, json.error]).toEqual([400, 'invalid_grant']);
    expect((await refreshed(refresh_token)).status).toBe(200);
  });

  it('is refused with what is not a refresh token', async () => {
    const { access_token } = await logIn(bed);
    for (const token of ['x', access_token, 'syr_'.padEnd(84, 'A')]) {
      const { status, json } = await refreshed(token);
      expect([status, json.error]).toEqual([400, 'invalid_grant']);
    }
    expect(await asked({ grant_type: 'refresh_token' })).toEqual([400, 'invalid_request']);
  });

  it('takes the scope of the login and no other', async () => {
    const { refresh_token } = await logIn(bed);
    for (const scope of ['read', 'read write admin', 'admin']) {
      const { status, json } = await refreshed(refresh_token, { scope });
      expect([status, json.error], scope).toEqual([400, 'invalid_scope']);
    }
    const { status, json } = await refreshed(refresh_token, { scope: 'write read' });
    expect([status, json.scope]).toEqual([200, 'read write']);
  });

  it('takes no resource that the login is not for', async () => {
    const { refresh_token } = await logIn(bed);
    const { status, json } = await refreshed(refresh_token, { resource: 'https://api.example' });
    expect([status, json.error]).toEqual([400, 'invalid_target']);
  });

  it('tells nothing of the scope of another client’s login', async () => {
    const { refresh_token } = await logIn(bed);
    const { json } = await refreshed(refresh_token, { scope: 'admin' }, 'third');
    expect(json.error).toBe('invalid_grant');
  });
});

describe('the default tenant', () => {
  it('is served at the root too', async () => {
    expect((await post(bed, '/oauth2/token', GRANT, basic(bed, 'app'))).status).toBe(200);
    expect((await post(bed, '/oauth2/token', GRANT, basic(bed, 'stranger'))).status).toBe(401);
  });

  it('is 404 where there is none', async () => {
    await using none = await openOAuthBed({ open: openMemoryTestBed, defaultTenant: '' });
    const { status, json } = await post(none, '/oauth2/token', GRANT, basic(none, 'app'));
    expect([status, json.error]).toEqual([404, 'invalid_request']);
  });
});

it('a grant that the client has lost is refused at once', async () => {
  await bed.makeClient('fickle', { grants: ['client_credentials'] });
  expect((await post(bed, TOKEN, GRANT, basic(bed, 'fickle'))).status).toBe(200);
  await make(bed.store, { kind: 'update_client', tenantId: 'acme', clientId: 'fickle', grants: [] });
  const { json } = await post(bed, TOKEN, GRANT, basic(bed, 'fickle'));
  expect(json.error).toBe('unauthorized_client');
});

it('a client that was disabled, or whose secret is gone, is refused at once', async () => {
  await bed.makeClient('gone', { grants: ['client_credentials', 'refresh_token'] });
  expect((await post(bed, TOKEN, GRANT, basic(bed, 'gone'))).status).toBe(200);
  const target = { kind: 'client', id: 'gone' } as const;
  await make(bed.store, { kind: 'cut_off', tenantId: 'acme', target, cause: 'disabled' });
  for (const form of [GRANT, { grant_type: 'refresh_token', refresh_token: 'x' }]) {
    const { status, json } = await post(bed, TOKEN, form, basic(bed, 'gone'));
    expect([status, json.error]).toEqual([401, 'invalid_client']);
  }
});
