/** The grant authorization_code at the token endpoint (RFC 6749 section 4.1.3, RFC 7636 section 4.5, RFC 9700 sections 2.1.1 and 4.5). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authenticateTokenHolder } from '../../../src/core/operations/authenticate.ts';
import { authorize } from '../../../src/core/operations/authorize.ts';
import { type AuthorizationRequest, checkAuthorization } from '../../../src/core/operations/check-authorization.ts';
import { openMemoryTestBed } from '../../support.ts';
import { inBody, isActive, logIn, type OAuthBed, openOAuthBed, post, TOKEN } from './bed.ts';

/** RFC 7636 appendix B. */
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const PKCE = {
  codeChallenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  codeChallengeMethod: 'S256',
} as const;
const BACK = 'https://app.example/back?a=1';

let bed: OAuthBed;

beforeAll(async () => {
  bed = await openOAuthBed({ open: openMemoryTestBed });
  const grants = ['authorization_code', 'refresh_token'] as const;
  await bed.makeClient('web', { grants, redirectUris: [BACK] });
  await bed.makeClient('native', { isPublic: true, grants, redirectUris: ['http://127.0.0.1/back'] });
  await bed.makeClient('once', { grants: ['authorization_code'], redirectUris: [BACK] });
});

afterAll(() => bed.close());

/** What the client gets behind its redirect URI once ann has agreed. */
async function codeFor(clientId: string, request: Partial<AuthorizationRequest> = {}): Promise<string> {
  const { access_token } = await logIn(bed);
  const caller = await authenticateTokenHolder(bed.services, 'acme', access_token);
  const checked = await checkAuthorization(bed.services, 'acme', { clientId, responseType: 'code', ...request });
  if (caller === undefined) {
    throw new Error('ann is not signed in');
  }
  const response = await authorize(bed.services, { caller }, checked);
  return 'code' in response ? response.code : '';
}

const redeemed = (client: string, code: string, more: Record<string, string> = {}) =>
  post(bed, TOKEN, { grant_type: 'authorization_code', code, ...more, ...inBody(bed, client) });

describe('a code', () => {
  it('gives tokens with the scopes that the user agreed to', async () => {
    const code = await codeFor('web', { scopes: ['read'], ...PKCE });
    const { status, headers, json } = await redeemed('web', code, { code_verifier: VERIFIER });
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(json).toMatchObject({ token_type: 'Bearer', scope: 'read', expires_in: 14 * 24 * 3_600 });
    expect(json.refresh_token).toMatch(/^syr_/);
    expect(await isActive(bed, json.access_token)).toBe(true);
  });

  it('works for a client without a secret, by its verifier', async () => {
    const code = await codeFor('native', PKCE);
    const { status, json } = await redeemed('native', code, { code_verifier: VERIFIER });
    expect([status, json.scope]).toEqual([200, 'read write']);
  });

  it('gives no refresh token to a client that may not refresh', async () => {
    const { status, json } = await redeemed('once', await codeFor('once'));
    expect(status).toBe(200);
    expect(json).not.toHaveProperty('refresh_token');
  });

  it('works once, and ends what it gave when it comes back', async () => {
    const code = await codeFor('web');
    const first = await redeemed('web', code);
    const again = await redeemed('web', code);
    expect([again.status, again.json.error]).toEqual([400, 'invalid_grant']);
    expect(await isActive(bed, first.json.access_token)).toBe(false);
  });

  it('lives for 60 seconds', async () => {
    const [early, late] = [await codeFor('web'), await codeFor('web')];
    bed.clock.advance(59_000);
    expect((await redeemed('web', early)).status).toBe(200);
    bed.clock.advance(1_000);
    expect((await redeemed('web', late)).json.error).toBe('invalid_grant');
  });

  it('is the client’s that it was given to', async () => {
    const code = await codeFor('web');
    const { status, json } = await redeemed('once', code);
    expect([status, json.error]).toEqual([400, 'invalid_grant']);
  });

  it('needs the redirect URI where the request for it had one', async () => {
    for (const redirect_uri of [undefined, 'https://app.example/back', `${BACK}&b=2`]) {
      const code = await codeFor('web', { redirectUri: BACK });
      const { json } = await redeemed('web', code, redirect_uri === undefined ? {} : { redirect_uri });
      expect(json.error).toBe('invalid_grant');
    }
    const code = await codeFor('web', { redirectUri: BACK });
    expect((await redeemed('web', code, { redirect_uri: BACK })).status).toBe(200);
  });

  it('needs the verifier of its challenge', async () => {
    for (const code_verifier of [undefined, 'x'.repeat(43), PKCE.codeChallenge]) {
      const code = await codeFor('web', PKCE);
      const { json } = await redeemed('web', code, code_verifier === undefined ? {} : { code_verifier });
      expect(json.error).toBe('invalid_grant');
    }
  });

  it('takes no verifier where the request for it had no challenge', async () => {
    const code = await codeFor('web');
    expect((await redeemed('web', code, { code_verifier: VERIFIER })).json.error).toBe('invalid_grant');
  });

  it('is refused with a verifier that can be none', async () => {
    const { json } = await redeemed('web', await codeFor('web', PKCE), { code_verifier: 'short' });
    expect(json.error).toBe('invalid_request');
  });
});

it('is refused where it was made up, or is missing', async () => {
  expect((await redeemed('web', 'x')).json.error).toBe('invalid_grant');
  expect((await redeemed('web', '')).json.error).toBe('invalid_request');
});
