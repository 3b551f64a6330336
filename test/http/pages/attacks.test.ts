/** The attacks of RFC 9700 section 4 that meet the authorization endpoint. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  AUTHORIZE,
  authorizeUrl,
  makeAppClient,
  NATIVE,
  OTHER,
  openPagesBed,
  PASSWORD,
  type PagesBed,
  queryOf,
  SCRIPT,
  signedInAt,
  signIn,
  TENANT,
  WEB,
} from './bed.ts';
import { formsOf } from './browser.ts';

let bed: PagesBed;

beforeAll(async () => {
  bed = await openPagesBed();
});
afterAll(() => bed.close());

describe('4.1 redirect URI tricks', () => {
  const REGISTERED = 'https://app.example/back';

  it.each([
    `${REGISTERED}/`,
    `${REGISTERED}/../evil`,
    `${REGISTERED}/..;/evil`,
    `${REGISTERED}?x=1`,
    `${REGISTERED}#fragment`,
    `${REGISTERED}%2f..`,
    'https://app.example/BACK',
    'https://APP.example/back',
    'HTTPS://app.example/back',
    'http://app.example/back',
    'https://app.example:443/back',
    'https://app.example:8443/back',
    'https://app.example./back',
    'https://app.example.evil.example/back',
    'https://evil.example/app.example/back',
    'https://user@app.example/back',
    'https://app.example@evil.example/back',
    'https://evil.example\\@app.example/back',
    'https://app.example\\.evil.example/back',
    'https://evil.example?https://app.example/back',
    'https://evil.example#https://app.example/back',
    '//app.example/back',
    '/back',
    'https:app.example/back',
    ` ${REGISTERED}`,
    `${REGISTERED}\t`,
    'https://app.example/back\r\nSet-Cookie: a=b',
    'https://xn--app-example/back',
    'https://app。example/back',
    'javascript:alert(1)//https://app.example/back',
    'data:text/html,https://app.example/back',
    'com.example.app://back',
    'com.example.app:/back/',
    'com.example.evil:/back',
    'http://127.0.0.1@evil.example/back',
    'http://127.0.0.1.evil.example/back',
    'http://127.0.0.1:80:80/back',
    'http://127.0.0.1:99999/back',
    'http://localhost/back',
    'https://127.0.0.1/back',
    'http://127.0.0.1:1234/other',
  ])('sends nothing to %j', async (redirect_uri) => {
    for (const client_id of ['web', 'native']) {
      const browser = bed.newBrowser();
      const answer = await browser.get(authorizeUrl({ client_id, redirect_uri }));
      expect([answer.status, answer.location]).toEqual([400, undefined]);
      expect(answer.headers['set-cookie']).toBeUndefined();
      // Nor by a form that was begun with another.
      const page = await browser.get(
        authorizeUrl({ client_id, ...(client_id === 'web' ? {} : { redirect_uri: NATIVE }) }),
      );
      const posted = await browser.post(authorizeUrl({ client_id, redirect_uri }), {
        ...formsOf(page.text)[0]?.fields,
        username: 'ann',
        password: PASSWORD,
      });
      expect([posted.status, posted.location]).toEqual([400, undefined]);
    }
  });
});

describe('4.4 mix-up', () => {
  it('names the issuer in every answer, errors too', async () => {
    for (const parameters of [{ prompt: 'none' }, { scope: 'nothing' }]) {
      const answer = await bed.newBrowser().get(authorizeUrl(parameters));
      expect(queryOf(answer.location).iss).toBe(`${bed.publicUrl}/t/${TENANT}`);
    }
  });

  it('knows no client of another tenant', async () => {
    const answer = await bed.newBrowser().get(authorizeUrl({}, `/t/${OTHER}/oauth2/authorize`));
    expect([answer.status, answer.location]).toEqual([400, undefined]);
  });
});

describe('4.5 code injection', () => {
  it('gives a code to the request that was on the page: no other state, challenge, scope or client', async () => {
    const browser = bed.newBrowser();
    await makeAppClient(bed, 'second', { grants: ['authorization_code'], redirectUris: [WEB] });
    const consent = await signedInAt(browser, authorizeUrl());
    const fields = { ...formsOf(consent.text)[0]?.fields, decision: 'allow' };
    for (const other of [
      { state: 'other' },
      { code_challenge: 'x'.repeat(43) },
      { scope: 'read write' },
      { client_id: 'second' },
    ]) {
      const answer = await browser.post(authorizeUrl(other), fields);
      expect([answer.status, answer.location]).toEqual([403, undefined]);
    }
    expect((await browser.post(authorizeUrl(), fields)).status).toBe(303);
  });
});

describe('4.7 request forgery', () => {
  it('takes no consent of a form that another user’s, or another browser’s, page had', async () => {
    const [ann, bob] = [bed.newBrowser(), bed.newBrowser()];
    const url = authorizeUrl({ scope: 'write' });
    const consent = await signedInAt(ann, url);
    await signedInAt(bob, url, 'bob');
    expect((await bob.submit(consent, { decision: 'allow' })).status).toBe(403);
    // The same browser, where somebody else signed in since.
    await signIn(ann, authorizeUrl({ scope: 'write', prompt: 'login' }), 'bob');
    expect((await ann.submit(consent, { decision: 'allow' })).status).toBe(403);
  });

  it('grants nothing by a link', async () => {
    const browser = bed.newBrowser();
    const consent = await signedInAt(browser, authorizeUrl({ scope: 'write' }));
    const fields = { ...formsOf(consent.text)[0]?.fields, decision: 'allow' };
    const answer = await browser.get(`${authorizeUrl({ scope: 'write' })}&${new URLSearchParams(fields)}`);
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('Allow The web app?');
  });
});

describe('4.12 and 4.16 what browsers are told', () => {
  it('redirects by 303, and by nothing that repeats a form', async () => {
    const browser = bed.newBrowser();
    const answers = [
      await signIn(browser, authorizeUrl()),
      await browser.get(authorizeUrl({ prompt: 'none' })),
      await browser.get(authorizeUrl({ scope: 'nothing' })),
    ];
    expect(answers.map(({ status }) => status)).toEqual([303, 303, 303]);
  });

  it('lets no page be framed, kept, sniffed, scripted, or told to the next site', async () => {
    const browser = bed.newBrowser();
    const pages = [
      await browser.get(authorizeUrl()),
      await browser.get(`/t/${TENANT}/device`),
      await browser.get(`/t/${TENANT}/sign-out`),
      await browser.get(authorizeUrl({ client_id: 'nobody' })),
      await browser.get('/t/nobody/device'),
      await browser.post(`/t/${TENANT}/device`, { step: 'x' }),
      await signIn(browser, authorizeUrl(), 'ann', 'wrong'),
      await signedInAt(browser, authorizeUrl({ prompt: 'consent' })),
    ];
    for (const { headers, text } of pages) {
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'x-frame-options': 'DENY',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'content-type': 'text/html;charset=UTF-8',
      });
      expect(headers['content-security-policy']).toMatch(
        /^default-src 'none'; style-src 'self'; script-src 'self'; form-action 'self'( https:\/\/app\.example)?; frame-ancestors 'none'; base-uri 'none'$/,
      );
      expect(text).toMatch(/^<!doctype html>/);
      expect(text).not.toMatch(/<script(?! src="\/pages\/[0-9a-f]{16}\.js" defer><\/script>)| on\w+=|style=/i);
    }
  });

  // Section 2.6. Scripts of other origins call the token endpoint, and so would be used to being let in.
  it.each([AUTHORIZE, '/oauth2/authorize', '/authorize', '/signin'])(
    'lets no script of another origin read %s',
    async (path) => {
      const headers = { origin: 'https://evil.example', 'access-control-request-method': 'GET' };
      for (const method of ['GET', 'OPTIONS']) {
        const answer = await fetch(`http://${bed.http.address}${authorizeUrl({}, path)}`, {
          method,
          headers,
          redirect: 'manual',
        });
        expect(answer.status).toBeLessThan(400);
        expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
      }
      const other = await fetch(`http://${bed.http.address}/t/${TENANT}/oauth2/token`, { method: 'OPTIONS', headers });
      expect(other.headers.get('access-control-allow-origin')).toBe('*');
    },
  );

  it('serves the stylesheet that pages name, to be kept', async () => {
    const browser = bed.newBrowser();
    const path = /<link rel="stylesheet" href="([^"]+)"/.exec((await browser.get(authorizeUrl())).text)?.[1] ?? '';
    const { status, headers } = await browser.get(path);
    expect([status, headers['content-type']]).toEqual([200, 'text/css;charset=UTF-8']);
    expect(headers['cache-control']).toContain('immutable');
  });
});

describe('markup in what comes from elsewhere', () => {
  it('is text on every page', async () => {
    const inAll = Object.fromEntries(
      [
        'client_id',
        'redirect_uri',
        'response_type',
        'scope',
        'state',
        'resource',
        'code_challenge',
        'prompt',
        'login_hint',
      ].map((name) => [name, SCRIPT]),
    );
    const browser = bed.newBrowser();
    const pages = [
      await browser.get(`${AUTHORIZE}?${new URLSearchParams(inAll)}`),
      await browser.get(authorizeUrl({ ...inAll, client_id: 'evil', redirect_uri: WEB, response_type: 'code' })),
      await browser.get(`/t/${TENANT}/device?${new URLSearchParams({ user_code: SCRIPT, done: SCRIPT })}`),
      await browser.get(`/t/${encodeURIComponent(SCRIPT)}/device`),
      await browser.post(AUTHORIZE, { ...inAll, step: SCRIPT }),
      await browser.post(`/t/${TENANT}/device`, { step: SCRIPT }),
    ];
    for (const { text } of pages) {
      expect(text).not.toMatch(/<script(?! src="\/pages\/[0-9a-f]{16}\.js" defer><\/script>)|<img/i);
    }
  });
});
