/** Introspection over HTTP (RFC 7662). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { basic, INTROSPECT, inBody, isActive, logIn, type OAuthBed, openOAuthBed, post, REVOKE, TOKEN } from './bed.ts';

let bed: OAuthBed;

beforeAll(async () => {
  bed = await openOAuthBed();
});

afterAll(() => bed.close());

const asGate = (form: Record<string, string>) => post(bed, INTROSPECT, form, basic(bed, 'gate'));

async function tokenOf(clientId: string): Promise<string> {
  const { json } = await post(bed, TOKEN, { grant_type: 'client_credentials' }, basic(bed, clientId));
  return json.access_token;
}

describe('a live token', () => {
  it('is told as RFC 7662 section 2.2 has it', async () => {
    const { access_token: token } = await logIn(bed);
    const { status, headers, json } = await asGate({ token });
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    const now = Math.floor(bed.clock.now / 1_000);
    expect(json).toEqual({
      active: true,
      scope: 'read write',
      client_id: 'app',
      token_type: 'Bearer',
      exp: expect.any(Number),
      iat: now,
      sub: 'user-1',
      iss: `${bed.url}/t/acme`,
      jti: expect.stringMatching(/^ta_/),
      kind: 'USER',
    });
    expect(json.exp).toBeGreaterThan(now);
  });

  it('is told the same however often and by whichever way of proof', async () => {
    const { access_token: token } = await logIn(bed);
    const first = (await asGate({ token })).json;
    expect((await asGate({ token, token_type_hint: 'access_token' })).json).toEqual(first);
    expect((await asGate({ token, token_type_hint: 'refresh_token' })).json).toEqual(first);
    expect((await post(bed, INTROSPECT, { token, ...inBody(bed, 'gate') })).json).toEqual(first);
    expect((await post(bed, INTROSPECT, { token }, basic(bed, 'boss'))).json).toEqual(first);
    const authorization = `Bearer ${await tokenOf('gate')}`;
    expect((await post(bed, INTROSPECT, { token }, { authorization })).json).toEqual(first);
  });

  it('has the issuer of the path that was asked', async () => {
    const { access_token: token } = await logIn(bed);
    const { json } = await post(bed, '/oauth2/introspect', { token }, basic(bed, 'gate'));
    expect(json.iss).toBe(bed.url);
  });
});

describe('any other token', () => {
  it('is inactive, and nothing else is told', async () => {
    const login = await logIn(bed);
    const ended = await logIn(bed);
    await post(bed, REVOKE, { token: ended.access_token, ...inBody(bed, 'app') });
    const made = { made: 'syu_'.padEnd(84, 'A'), text: '<script>', long: 'x'.repeat(2_000), nul: 'a\0b' };
    for (const token of [login.refresh_token, ended.access_token, ...Object.values(made), await tokenOf('stranger')]) {
      const { status, json } = await asGate({ token });
      expect([status, json]).toEqual([200, { active: false }]);
    }
  });

  it('is inactive at another tenant', async () => {
    const { access_token: token } = await logIn(bed);
    const { json } = await post(bed, '/t/other/oauth2/introspect', { token }, basic(bed, 'stranger'));
    expect(json).toEqual({ active: false });
  });

  it('is inactive from the moment on in which it expires', async () => {
    await using own = await openOAuthBed();
    const { access_token: token, expires_in } = await logIn(own);
    own.clock.advance(expires_in * 1_000);
    expect(await isActive(own, token)).toBe(false);
  });
});

describe('who may not ask', () => {
  it('is a client without the role: 403', async () => {
    const { status, json } = await post(bed, INTROSPECT, { token: 'x' }, basic(bed, 'app'));
    expect([status, json.error]).toEqual([403, 'unauthorized_client']);
  });

  it('is a client that only names itself: 401', async () => {
    const { status, json } = await post(bed, INTROSPECT, { token: 'x', client_id: 'page' });
    expect([status, json.error]).toEqual([401, 'invalid_client']);
  });

  it('is a client of another tenant: 401', async () => {
    const { status, json } = await post(bed, INTROSPECT, { token: 'x' }, basic(bed, 'stranger'));
    expect([status, json.error]).toEqual([401, 'invalid_client']);
  });

  it.each(['x', 'a user’s', 'a client’s without the role'])(
    'is the bearer of a token that is not good for it: %s',
    async (which) => {
      const { access_token } = await logIn(bed);
      const token = which === 'x' ? 'x' : which === 'a user’s' ? access_token : await tokenOf('app');
      const { status, headers, json } = await post(
        bed,
        INTROSPECT,
        { token: 'x' },
        { authorization: `Bearer ${token}` },
      );
      expect([status, json.error]).toEqual([401, 'invalid_token']);
      expect(headers.get('www-authenticate')).toBe('Bearer realm="symbolon", error="invalid_token"');
    },
  );
});

it('needs a token', async () => {
  for (const form of [{}, { token: '' }, { token_type_hint: 'access_token' }] as Record<string, string>[]) {
    const { status, json } = await asGate(form);
    expect([status, json.error]).toEqual([400, 'invalid_request']);
  }
});
