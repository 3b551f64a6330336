/** The authorization endpoint: from a client's link to its redirect URI (RFC 6749 section 4.1). */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { issue } from '../../../src/core/operations/issue.ts';
import { consentIdOf } from '../../../src/core/rules/consents.ts';
import { callerOf, make } from '../../support.ts';
import {
  AUTHORIZE,
  authorizeUrl,
  CHALLENGE,
  LOOPBACK,
  makeAppClient,
  NATIVE,
  OTHER,
  openPagesBed,
  type PagesBed,
  queryOf,
  signedInAt,
  signIn,
  TENANT,
  VERIFIER,
  WEB,
  WEB_QUERY,
} from './bed.ts';
import type { Browser } from './browser.ts';

let bed: PagesBed;

beforeAll(async () => {
  bed = await openPagesBed();
});
afterAll(() => bed.close());

/** Signs in, allows, and answers where that leads. */
async function allowed(url: string, browser: Browser = bed.newBrowser()): Promise<string> {
  const consent = await signedInAt(browser, url);
  expect(consent.text).toContain('Allow');
  const back = await browser.submit(consent, { decision: 'allow' });
  expect([back.status, back.text]).toEqual([303, '']);
  return back.location ?? '';
}

async function redeem(clientId: string, code: string, redirectUri?: string, codeVerifier: string = VERIFIER) {
  const credential = { kind: 'authorization_code', code, redirectUri, codeVerifier } as const;
  const caller = await callerOf(bed.services, clientId);
  return issue(bed.services, { caller }, { credential });
}

describe('the code flow', () => {
  it('goes through signing in and consent, and back with code, state and iss', async () => {
    const { code, ...back } = queryOf(await allowed(authorizeUrl({ client_id: 'spa', redirect_uri: WEB })));
    expect(back).toEqual({ state: 'a b+c/=&?', iss: `${bed.publicUrl}/t/${TENANT}` });
    expect(createHash('sha256').update(VERIFIER).digest('base64url')).toBe(CHALLENGE);
    expect(await redeem('spa', code ?? '', WEB)).toMatchObject({ subjectId: `ann-${TENANT}`, scopes: ['read'] });
    await expect(redeem('spa', code ?? '', WEB)).rejects.toThrow();
  });

  it('says who asks for what, and where the answer goes', async () => {
    const { text } = await signedInAt(bed.newBrowser(), authorizeUrl({ scope: 'read write profile.read' }), 'bob');
    expect(text).toContain('The web app wants to:');
    for (const words of ['Read all your data', 'Change all your data', 'Read your profile', 'sent to app.example.']) {
      expect(text).toContain(words);
    }
    expect(text).toContain('Signed in as</span><br><strong>bob</strong>');
  });

  it('shows the logo and the colour of the tenant from the next page on', async () => {
    const logoUri = 'https://cdn.example/acme.png';
    const before = await bed.newBrowser().get(authorizeUrl());
    await make(bed.store, { kind: 'update_tenant', tenantId: TENANT, logoUri, accentColor: '#0a7cff' });
    const after = await bed.newBrowser().get(authorizeUrl());
    await make(bed.store, { kind: 'update_tenant', tenantId: TENANT, logoUri: '', accentColor: '' });
    expect([before, after].map(({ text }) => text.includes(logoUri))).toEqual([false, true]);
  });

  it('asks again, and gives nothing, where the consent is taken back while the link is followed', async () => {
    const browser = bed.newBrowser();
    await makeAppClient(bed, 'left', { grants: ['authorization_code'], redirectUris: [WEB] });
    const url = authorizeUrl({ client_id: 'left' });
    await allowed(url, browser);
    const execute = bed.store.execute.bind(bed.store);
    const consentId = consentIdOf(TENANT, `ann-${TENANT}`, 'left');
    const spy = vi.spyOn(bed.store, 'execute').mockImplementation(async (command) => {
      if (command.kind === 'authorize') {
        await execute({ kind: 'withdraw_consent', tenantId: TENANT, consentId, authority: 'server' });
      }
      return execute(command);
    });
    const page = await browser.get(url).finally(() => spy.mockRestore());
    expect([page.status, page.location]).toEqual([200, undefined]);
    expect(page.text).toContain('Allow The left app?');
    const silent = await browser.get(authorizeUrl({ client_id: 'left', prompt: 'none' }));
    expect(queryOf(silent.location)).toMatchObject({ error: 'consent_required' });
  });

  it('asks once, and again when more is asked for', async () => {
    const browser = bed.newBrowser();
    await makeAppClient(bed, 'once', { grants: ['authorization_code'], redirectUris: [WEB] });
    await allowed(authorizeUrl({ client_id: 'once' }), browser);
    const again = await browser.get(authorizeUrl({ client_id: 'once' }));
    expect([again.status, again.location?.split('?')[0]]).toEqual([303, WEB]);
    const more = await browser.get(authorizeUrl({ client_id: 'once', scope: 'read write' }));
    expect(more.text).toContain('Change all your data');
    expect((await browser.get(authorizeUrl({ client_id: 'once', prompt: 'consent' }))).text).toContain('Allow');
  });

  it.each([NATIVE, LOOPBACK, 'http://127.0.0.1:49152/back'])(
    'asks a public client’s user each time where any program could take %s (RFC 8252 section 8.6)',
    async (redirect_uri) => {
      const browser = bed.newBrowser();
      const url = authorizeUrl({ client_id: 'native', redirect_uri });
      expect(await allowed(url, browser)).toMatch(new RegExp(`^${redirect_uri.replace(/[.]/g, '\\.')}\\?code=`));
      expect((await browser.get(url)).text).toContain('Allow The native app?');
    },
  );

  it('comes back to a custom scheme, and the page’s policy lets it', async () => {
    const page = await bed.newBrowser().get(authorizeUrl({ client_id: 'native', redirect_uri: NATIVE }));
    expect(page.headers['content-security-policy']).toContain("form-action 'self' com.example.app:;");
  });

  it('keeps the query of a redirect URI', async () => {
    expect(await allowed(authorizeUrl({ client_id: 'query' }))).toMatch(/^https:\/\/app\.example\/back\?a=1&code=/);
  });

  it('denies', async () => {
    const browser = bed.newBrowser();
    const consent = await signedInAt(browser, authorizeUrl({ scope: 'write' }), 'bob');
    const back = await browser.submit(consent, { decision: 'deny' });
    expect(back.status).toBe(303);
    expect(queryOf(back.location)).toMatchObject({ error: 'access_denied', state: 'a b+c/=&?' });
    const other = await browser.submit(consent, { decision: 'whatever' });
    expect(queryOf(other.location).error).toBe('access_denied');
  });

  it('does not break by the back button', async () => {
    const browser = bed.newBrowser();
    const consent = await signedInAt(browser, authorizeUrl({ client_id: 'native', redirect_uri: NATIVE }));
    const [one, two] = [
      await browser.submit(consent, { decision: 'allow' }),
      await browser.submit(consent, { decision: 'allow' }),
    ];
    expect([one.status, two.status]).toEqual([303, 303]);
    expect(new URL(one.location ?? '').searchParams.get('code')).not.toBe(
      new URL(two.location ?? '').searchParams.get('code'),
    );
  });

  it('gives tokens in the fragment where the client is allowed that', async () => {
    const location = await allowed(authorizeUrl({ client_id: 'spa', response_type: 'token', scope: 'write' }));
    const { origin, search, hash } = new URL(location);
    expect([origin, search]).toEqual(['https://app.example', '']);
    const back = Object.fromEntries(new URLSearchParams(hash.slice(1)));
    expect(back).toMatchObject({ token_type: 'bearer', scope: 'write', state: 'a b+c/=&?' });
    expect(Number(back.expires_in)).toBeGreaterThan(0);
    expect(back.access_token).toMatch(/^syu_/);
    expect(back.refresh_token).toBeUndefined();
    const refused = await bed.newBrowser().get(authorizeUrl({ response_type: 'token' }));
    expect(refused.location).toMatch(/^https:\/\/app\.example\/back#error=unauthorized_client&/);
  });

  it('gives a refresh token in the fragment to who came by ARTIK’s /authorize, and is registered for it', async () => {
    const byArtik = async (clientId: string) => {
      const asked = new URLSearchParams({ client_id: clientId, response_type: 'token', redirect_uri: WEB });
      const { status, location = '' } = await bed.newBrowser().get(`/authorize?${asked}`);
      expect(status).toBe(302);
      return Object.fromEntries(new URLSearchParams(new URL(await allowed(location)).hash.slice(1)));
    };
    const given = await byArtik('spa');
    expect(given).toMatchObject({ token_type: 'bearer', expires_in: expect.stringMatching(/^12095\d\d$|^1209600$/) });
    const url = `http://${bed.http.address}/v1.1/accounts/token`;
    const headers = { authorization: `bearer ${given.access_token}` };
    const form = { grant_type: 'refresh_token', refresh_token: given.refresh_token ?? '' };
    const refreshed = await fetch(url, { method: 'POST', headers, body: new URLSearchParams(form) });
    expect(await refreshed.json()).toMatchObject({
      token_type: 'bearer',
      refresh_token: expect.stringMatching(/^syr_/),
    });
    expect((await byArtik('short')).refresh_token).toBeUndefined();
  });

  it('gives none to who says so at a tenant that ARTIK’s clients do not come to', async () => {
    const strict = await openPagesBed({ artikTenant: OTHER });
    try {
      const asked = authorizeUrl({ client_id: 'spa', response_type: 'token', dialect: 'artik' });
      const browser = strict.newBrowser();
      const back = await browser.submit(await signedInAt(browser, asked), { decision: 'allow' });
      expect(back.location).toMatch(/#.*access_token=/);
      expect(back.location).not.toContain('refresh_token');
    } finally {
      await strict.close();
    }
  });

  it('is served at the root for the default tenant, as an issuer of its own', async () => {
    const browser = bed.newBrowser();
    const location = await allowed(authorizeUrl({ scope: 'profile.read' }, '/oauth2/authorize'), browser);
    expect(queryOf(location).iss).toBe(bed.publicUrl);
  });

  it('takes a client’s form as a link', async () => {
    const answer = await bed
      .newBrowser()
      .post(AUTHORIZE, Object.fromEntries(new URL(authorizeUrl(), 'http://x').searchParams));
    expect([answer.status, answer.location?.startsWith(`${AUTHORIZE}?client_id=web&`)]).toEqual([303, true]);
  });

  it('gives a page where the client went away meanwhile', async () => {
    await makeAppClient(bed, 'brief', { grants: ['authorization_code'], redirectUris: [WEB] });
    const browser = bed.newBrowser();
    const consent = await signedInAt(browser, authorizeUrl({ client_id: 'brief' }));
    await make(bed.store, {
      kind: 'cut_off',
      tenantId: TENANT,
      target: { kind: 'client', id: 'brief' },
      cause: 'deleted',
    });
    const answer = await browser.submit(consent, { decision: 'allow' });
    expect([answer.status, answer.location]).toEqual([400, undefined]);
    expect(answer.text).toContain('<h1>This link can’t be used</h1>');
  });

  it('asks to sign in again where the user has gone meanwhile', async () => {
    const browser = bed.newBrowser();
    const consent = await signedInAt(browser, authorizeUrl({ scope: 'write' }), 'bob');
    browser.cookies.delete(`symbolon-${TENANT}`);
    const answer = await browser.submit(consent, { decision: 'allow' });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('not signed in any more');
  });
});

describe('prompt', () => {
  it('login asks to sign in again, and once', async () => {
    const browser = bed.newBrowser();
    await signIn(browser, authorizeUrl());
    const { location } = await signIn(browser, authorizeUrl({ prompt: 'login consent' }));
    expect(new URL(location ?? '', 'http://x').searchParams.get('prompt')).toBe('consent');
  });

  it('none shows nothing', async () => {
    const browser = bed.newBrowser();
    const silent = authorizeUrl({ prompt: 'none', client_id: 'two', redirect_uri: WEB });
    expect(queryOf((await browser.get(silent)).location).error).toBe('login_required');
    await signIn(browser, authorizeUrl());
    expect(queryOf((await browser.get(silent)).location)).toMatchObject({
      error: 'consent_required',
      state: 'a b+c/=&?',
    });
    await allowed(authorizeUrl({ client_id: 'two', redirect_uri: WEB }), bed.newBrowser());
    expect(queryOf((await browser.get(silent)).location).code).toBeDefined();
    const both = authorizeUrl({ prompt: 'none login', client_id: 'two', redirect_uri: WEB });
    expect(queryOf((await browser.get(both)).location).error).toBe('invalid_request');
  });
});

describe('a request that is wrong', () => {
  const at = (parameters: Record<string, string>, more = '') => bed.newBrowser().get(authorizeUrl(parameters) + more);

  it.each([
    ['no client', { client_id: '' }],
    ['an unknown client', { client_id: 'nobody' }],
    ['a redirect URI of nobody', { redirect_uri: 'https://evil.example/' }],
    ['no redirect URI where there are two', { client_id: 'two' }],
  ])('with %s is told the user alone', async (_, parameters) => {
    const answer = await at(parameters as Record<string, string>);
    expect([answer.status, answer.location]).toEqual([400, undefined]);
    expect(answer.text).toContain('made a mistake');
  });

  it.each([
    ['unsupported_response_type', { response_type: 'id_token' }],
    ['invalid_request', { response_type: '' }],
    ['invalid_scope', { scope: 'read admin' }],
    ['invalid_scope', { scope: '"' }],
    ['invalid_request', { code_challenge_method: 'plain' }],
    ['invalid_request', { code_challenge: 'short' }],
    ['invalid_request', { client_id: 'spa', code_challenge: '', code_challenge_method: '' }],
    ['invalid_target', { resource: 'https://nobody.example' }],
  ])('is told the client: %s for %o', async (error, parameters) => {
    const answer = await at(parameters as Record<string, string>);
    expect(answer.status).toBe(303);
    expect(queryOf(answer.location)).toMatchObject({
      error,
      error_description: expect.stringMatching(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/),
      state: 'a b+c/=&?',
      iss: `${bed.publicUrl}/t/${TENANT}`,
    });
  });

  it('has each parameter once (RFC 6749 section 3.1)', async () => {
    expect((await at({}, '&client_id=spa')).status).toBe(400);
    expect(
      (await at({}, `&redirect_uri=${encodeURIComponent(WEB)}&redirect_uri=${encodeURIComponent(WEB_QUERY)}`)).status,
    ).toBe(400);
    for (const more of ['&scope=write', '&response_type=token', '&prompt=none&prompt=login']) {
      expect(queryOf((await at({}, more)).location)).toMatchObject({ error: 'invalid_request', state: 'a b+c/=&?' });
    }
    const { state, error } = queryOf((await at({}, '&state=2')).location);
    expect([state, error]).toEqual([undefined, 'invalid_request']);
    expect((await at({}, '&unknown=1&unknown=2')).status).toBe(200);
  });

  it.each(['?client_id=%zz', '?client_id=web&state=%ff', '?client_id=a%00b'])(
    'that is damaged is a page: %s',
    async (query) => {
      const answer = await bed.newBrowser().get(AUTHORIZE + query);
      expect([answer.status, answer.text.includes('This link is damaged')]).toEqual([400, true]);
    },
  );

  it('of an unknown tenant is a page', async () => {
    for (const tenant of ['nobody', 'UPPER', '%2e%2e']) {
      const answer = await bed.newBrowser().get(authorizeUrl({}, `/t/${tenant}/oauth2/authorize`));
      expect([answer.status, answer.headers['content-type']]).toEqual([404, 'text/html;charset=UTF-8']);
    }
  });
});
