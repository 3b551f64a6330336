/** Any parameters at all: no failure of the server, nothing sent anywhere but where clients registered, no markup but ours. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  AUTHORIZE,
  authorizeUrl,
  LOOPBACK,
  NATIVE,
  openPagesBed,
  type PagesBed,
  SCRIPT,
  signIn,
  TENANT,
  WEB,
  WEB_QUERY,
} from './bed.ts';
import { type Browser, formsOf, type Shown } from './browser.ts';

let bed: PagesBed;
let browser: Browser;

beforeAll(async () => {
  bed = await openPagesBed();
  browser = bed.newBrowser();
  await signIn(browser, authorizeUrl());
});
afterAll(() => bed.close());

const RUNS = { numRuns: 150 };

const words = fc.constantFrom(
  ...['web', 'spa', 'native', 'evil', 'tv', 'code', 'token', 'read', 'none', 'login', 'S256', 'allow', 'deny', 'ann'],
  ...[WEB, WEB_QUERY, NATIVE, LOOPBACK, 'https://evil.example/', SCRIPT, 'sign_in', 'consent', 'enter_code', 'decide'],
  ...['withdraw', 'generate', 'revoke', 'sign_out_there', 'sign_out_others', 'sign_out_everywhere', '20'],
  ...['sign_up', 'forgotten', 'reset', 'changed', 'request_reset', 'reset_password', 'confirm_address', 'send_code'],
  ...['verify_email', 'verify_phone', 'verified', 'ann@example.com', '+81901234567'],
  ...['x'.repeat(3_000), '\u202e', '%', '\r\nX: y', '\0', '"', "'", '`', '<', 'javascript:alert(1)'],
);
const value = fc.oneof({ weight: 3, arbitrary: words }, { weight: 1, arbitrary: fc.string({ unit: 'binary' }) });
const name = fc.constantFrom(
  ...['client_id', 'redirect_uri', 'response_type', 'scope', 'state', 'resource', 'code_challenge', 'prompt'],
  ...['code_challenge_method', 'login_hint', 'user_code', 'done', 'step', 'decision', 'form_token', 'username'],
  ...[
    'password',
    'pending',
    'code',
    'recovery_code',
    '__proto__',
    'constructor',
    '<b>',
    'withdraw',
    'generate',
    'revoke',
  ],
  ...['from', 'consent', 'device', 'before', 'login'],
  ...['way', 'email', 'display_name', 'request_id', 'purpose', 'of'],
  ...['new_password', 'value', 'name', 'address', 'remove', 'change', 'verify'],
);
const parameters = fc.array(fc.tuple(name, value), { maxLength: 10 });
const ACCOUNT = `/t/${TENANT}/account`;
const OWN_PAGES = [
  ...[`${ACCOUNT}/password`, `${ACCOUNT}/second-factor`, `${ACCOUNT}/delete`, `${ACCOUNT}/addresses`],
  ...['display_name', 'login_name', 'email', 'phone'].map((each) => `${ACCOUNT}/addresses?change=${each}`),
];
const path = fc.constantFrom(
  ...[AUTHORIZE, '/oauth2/authorize', `/t/${TENANT}/device`, '/device', `/t/${TENANT}/sign-out`, ACCOUNT],
  ...[`${ACCOUNT}/applications`, `${ACCOUNT}/devices`, `${ACCOUNT}/places`],
  ...['/sign-up', '/forgotten-password', '/verify'].flatMap((own) => [own, `/t/${TENANT}${own}`]),
  ...OWN_PAGES.slice(0, 4),
);

const REGISTERED = [WEB, WEB_QUERY, NATIVE, LOOPBACK];

function check({ status, location, text }: Shown): void {
  expect(status).toBeLessThan(500);
  if (location !== undefined) {
    const isOwn = /^\/(?!\/)/.test(location);
    const isTheirs = REGISTERED.some(
      (uri) => location === uri || (/^[?#&]/.test(location.slice(uri.length)) && location.startsWith(uri)),
    );
    expect(isOwn || isTheirs, location).toBe(true);
  }
  expect(text).not.toMatch(
    /<script(?! src="\/pages\/[0-9a-f]{16}\.js" defer><\/script>)|<img|<b>|javascript:(?!alert)/i,
  );
}

const encoded = (pairs: readonly (readonly [string, string])[]) =>
  pairs.map(([key, text]) => `${encodeURIComponent(key)}=${encodeURIComponent(text.toWellFormed())}`).join('&');

describe('whatever is sent', () => {
  it('in a query', { timeout: 120_000 }, () =>
    fc.assert(
      fc.asyncProperty(path, parameters, async (at, query) => {
        check(await browser.get(`${at}?${encoded(query)}`.slice(0, 12_000)));
      }),
      RUNS,
    ),
  );

  it('in a query that is nearly right', { timeout: 120_000 }, () =>
    fc.assert(
      fc.asyncProperty(fc.constantFrom('web', 'spa', 'native', 'query'), parameters, async (client, query) => {
        check(await browser.get(`${authorizeUrl({ client_id: client })}&${encoded(query)}`.slice(0, 12_000)));
      }),
      RUNS,
    ),
  );

  it('in a form', { timeout: 120_000 }, () =>
    fc.assert(
      fc.asyncProperty(path, parameters, parameters, async (at, query, form) => {
        check(
          await browser.post(
            `${at}?${encoded(query)}`.slice(0, 12_000),
            Object.fromEntries(form.map(([k, v]) => [k, v.toWellFormed()])),
          ),
        );
      }),
      RUNS,
    ),
  );

  it('in a form of ours', { timeout: 120_000 }, async () => {
    const page = await browser.get(authorizeUrl({ scope: 'write' }));
    const of = formsOf(page.text)[0];
    await fc.assert(
      fc.asyncProperty(parameters, async (form) => {
        const changed = Object.fromEntries(form.map(([k, v]) => [k, v.toWellFormed()]));
        check(await browser.post(of?.action ?? '', { ...of?.fields, ...changed }));
      }),
      RUNS,
    );
  });

  it('in a form of one’s own account', { timeout: 120_000 }, () =>
    fc.assert(
      fc.asyncProperty(fc.constantFrom(...OWN_PAGES), parameters, async (at, form) => {
        const of = formsOf((await browser.get(at)).text)[0];
        const changed = Object.fromEntries(form.map(([k, v]) => [k, v.toWellFormed()]));
        check(await browser.post(of?.action ?? '', { ...of?.fields, ...changed }));
      }),
      RUNS,
    ),
  );

  it('as bytes', { timeout: 120_000 }, () =>
    fc.assert(
      fc.asyncProperty(path, fc.string({ maxLength: 60, unit: 'grapheme-ascii' }), async (at, text) => {
        check(await browser.get(`${at}?${text.replace(/[^\x21-\x7e]/g, '+')}`));
      }),
      RUNS,
    ),
  );
});
