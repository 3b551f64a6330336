/** Signing in on the pages, as a browser does. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { confirmTotp, enrollTotp } from '../../../src/core/operations/second-factors.ts';
import { totpCode } from '../../../src/core/totp.ts';
import { callerOf, makeClient, makeUser } from '../../support.ts';
import {
  AUTHORIZE,
  authorizeUrl,
  OTHER,
  openPagesBed,
  PASSWORD,
  type PagesBed,
  SCRIPT,
  signedInAt,
  signIn,
  TENANT,
} from './bed.ts';
import { formsOf } from './browser.ts';

let bed: PagesBed;
const SESSION = `symbolon-${TENANT}`;

beforeAll(async () => {
  bed = await openPagesBed({ policy: { loginAttempts: 3 } });
});
afterAll(() => bed.close());

const mfaUser = async (subjectId: string) => {
  await makeUser(bed.services, TENANT, { subjectId, loginName: subjectId, password: PASSWORD });
  const caller = await callerOf(
    bed.services,
    `admin-${subjectId}`,
    await makeClient(bed.store, TENANT, `admin-${subjectId}`, ['admin']),
  );
  const ref = { by: 'user_id', userId: subjectId } as const;
  const { secret } = await enrollTotp(bed.services, { caller }, ref, undefined);
  const recoveryCodes = await confirmTotp(bed.services, { caller }, ref, totpCode(secret, bed.clock.now));
  bed.clock.advance(30_000);
  return { secret, recoveryCodes };
};

describe('the page to sign in', () => {
  it('asks by the client’s name, and for nothing else', async () => {
    const page = await bed.newBrowser().get(authorizeUrl());
    expect(page.status).toBe(200);
    expect(page.text).toContain('<h1>Sign in to The web app</h1>');
    expect(page.text).toContain('autocomplete="username"');
    expect(page.text).toContain('autocomplete="current-password"');
    expect(page.text).not.toMatch(/<script(?! src="\/pages\/[0-9a-f]{16}\.js" defer><\/script>)|onload|javascript:/i);
  });

  it('fills in the login hint', async () => {
    const page = await bed.newBrowser().get(authorizeUrl({ login_hint: 'ann@example.com' }));
    expect(formsOf(page.text)[0]?.fields.username).toBe('ann@example.com');
  });

  it('leads on by 303 with a cookie that no script reads and no other site sends', async () => {
    const browser = bed.newBrowser();
    const answer = await signIn(browser, authorizeUrl());
    expect([answer.status, answer.text]).toEqual([303, '']);
    expect(answer.location).toMatch(/^\/t\/acme\/oauth2\/authorize\?/);
    expect(answer.headers['set-cookie']).toEqual([
      expect.stringMatching(/^symbolon-acme=syu_\w{80}; Path=\/; HttpOnly; SameSite=Lax$/),
    ]);
  });

  it('keeps what the client asked, to the letter', async () => {
    const { location } = await signIn(bed.newBrowser(), authorizeUrl({ state: '%22<&>ü €' }));
    expect(new URL(location ?? '', 'http://x').searchParams.get('state')).toBe('%22<&>ü €');
  });

  it('gives another cookie at each sign-in, and the one before has ended', async () => {
    const browser = bed.newBrowser();
    await signIn(browser, authorizeUrl());
    const first = browser.cookies.get(SESSION) ?? '';
    await signIn(browser, authorizeUrl({ prompt: 'login' }));
    expect(browser.cookies.get(SESSION)).not.toBe(first);
    browser.cookies.set(SESSION, first);
    expect((await browser.get(authorizeUrl())).text).toContain('Sign in to');
  });

  it('says the same of a wrong password and of nobody, and keeps the name alone', async () => {
    const texts = await Promise.all(
      ['bob', 'nobody'].map(async (username) => {
        const page = await signIn(bed.newBrowser(), authorizeUrl(), username, 'wrong pass');
        expect(page.status).toBe(400);
        expect(page.text).not.toContain('wrong pass');
        expect(formsOf(page.text)[0]?.fields.username).toBe(username);
        return page.text.replaceAll(username, '').replace(/name="form_token" value="[^"]*"/, '');
      }),
    );
    expect(texts[0]).toContain('role="alert"');
    expect(texts[0]).toBe(texts[1]);
  });

  it('goes on from the page that told what was wrong', async () => {
    const browser = bed.newBrowser();
    const page = await signIn(browser, authorizeUrl(), 'ann', 'wrong');
    expect((await browser.submit(page, { username: 'ann', password: PASSWORD })).status).toBe(303);
  });

  it('locks as every other door does, and says for how long', async () => {
    await makeUser(bed.services, TENANT, { subjectId: 'carl', loginName: 'carl', password: PASSWORD });
    for (const _ of [1, 2, 3]) {
      expect((await signIn(bed.newBrowser(), authorizeUrl(), 'carl', 'wrong')).status).toBe(400);
    }
    const page = await signIn(bed.newBrowser(), authorizeUrl(), 'carl');
    expect(page.status).toBe(429);
    expect(page.text).toContain('too many failed attempts');
    const kii = await fetch(`http://${bed.http.address}/api/apps/${TENANT}/oauth2/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'carl', password: PASSWORD }),
    });
    expect(await kii.text()).toContain('locked');
  });

  it('asks for the second factor, and signs in by it alone', async () => {
    const { secret } = await mfaUser('dora');
    const browser = bed.newBrowser();
    const page = await signIn(browser, authorizeUrl(), 'dora');
    expect(page.status).toBe(200);
    expect(browser.cookies.has(SESSION)).toBe(false);
    const wrong = await browser.submit(page, { code: '000000' });
    expect(wrong.status).toBe(400);
    const done = await browser.submit(wrong, { code: totpCode(secret, bed.clock.now) });
    expect([done.status, browser.cookies.has(SESSION)]).toEqual([303, true]);
    expect((await browser.get(done.location ?? '')).text).toContain('Allow The web app?');
  });

  it('takes a recovery code in its own form', async () => {
    const { recoveryCodes } = await mfaUser('emil');
    const browser = bed.newBrowser();
    const page = await signIn(browser, authorizeUrl(), 'emil');
    expect((await browser.submit(page, { recovery_code: recoveryCodes[0] ?? '' }, 1)).status).toBe(303);
  });

  it('keeps the form for a recovery code open where that was wrong', async () => {
    await mfaUser('fay');
    const browser = bed.newBrowser();
    const wrong = await browser.submit(await signIn(browser, authorizeUrl(), 'fay'), { recovery_code: 'nothing' }, 1);
    expect([wrong.status, wrong.text]).toEqual([
      400,
      expect.stringMatching(/<details open>[\s\S]*id="recovery_code"[^>]* autofocus/),
    ]);
    expect(wrong.text.match(/autofocus/g)).toHaveLength(1);
  });

  it('begins anew where the second step comes too late, and keeps what it is for', async () => {
    const { secret } = await mfaUser('gus');
    const browser = bed.newBrowser();
    const page = await signIn(browser, authorizeUrl(), 'gus');
    bed.clock.advance(5 * 60_000 + 1);
    const late = await browser.submit(page, { code: totpCode(secret, bed.clock.now) });
    expect([late.status, late.text]).toEqual([400, expect.stringContaining('it took too long. Sign in again.')]);
    expect(late.text).toContain('<h1>Sign in to The web app</h1>');
    const again = await browser.submit(late, { username: 'gus', password: PASSWORD });
    expect((await browser.submit(again, { code: totpCode(secret, bed.clock.now) })).status).toBe(303);
  });

  it('shows nothing that was typed or asked as markup', async () => {
    const browser = bed.newBrowser();
    const url = authorizeUrl({ client_id: 'evil', login_hint: SCRIPT, state: SCRIPT, scope: '<b>' });
    const pages = [await browser.get(url), await signIn(browser, url, SCRIPT, SCRIPT), await signedInAt(browser, url)];
    for (const page of pages) {
      expect(page.text).not.toMatch(/<script(?! src="\/pages\/[0-9a-f]{16}\.js" defer><\/script>)|<img|<b>/i);
    }
    expect(pages[0]?.text).toContain('&lt;script&gt;');
    expect(pages[2]?.text).toContain('<code>&lt;b&gt;</code>');
  });
});

describe('the cookies', () => {
  it('of another tenant sign nobody in', async () => {
    const browser = bed.newBrowser();
    await signIn(browser, authorizeUrl());
    const token = browser.cookies.get(SESSION) ?? '';
    browser.cookies.set(`symbolon-${OTHER}`, token);
    expect((await browser.get(`/t/${OTHER}/device`)).text).toContain('<h1>Sign in</h1>');
    browser.cookies.delete(SESSION);
    expect((await browser.get(authorizeUrl())).text).toContain('Sign in to');
  });

  it('that are there twice count for nothing', async () => {
    const browser = bed.newBrowser();
    await signIn(browser, authorizeUrl());
    const token = browser.cookies.get(SESSION) ?? '';
    const page = await bed.newBrowser().get(authorizeUrl(), { cookie: `${SESSION}=${token}; ${SESSION}=x` });
    expect(page.text).toContain('Sign in to');
  });

  it('open nothing at other doors', async () => {
    const browser = bed.newBrowser();
    await signIn(browser, authorizeUrl());
    const token = browser.cookies.get(SESSION) ?? '';
    const answer = await fetch(`http://${bed.http.address}/api/apps/${TENANT}/users/me`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(answer.status).toBe(403);
  });

  it('are for this host and TLS alone where browsers come by https', async () => {
    const secure = await openPagesBed({ publicUrl: 'https://id.example.com' });
    try {
      const browser = secure.newBrowser();
      const page = await browser.get(authorizeUrl());
      expect(page.headers['set-cookie']?.[0]).toMatch(
        /^__Host-symbolon\.browser=[\w-]{22}; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
      );
      const answer = await browser.submit(page, { username: 'ann', password: PASSWORD });
      expect(answer.headers['set-cookie']?.[0]).toMatch(/^__Host-symbolon-acme=syu_\w+; .*; Secure$/);
    } finally {
      await secure.close();
    }
  });

  it('end with signing out, by a form of ours', async () => {
    const browser = bed.newBrowser();
    await signIn(browser, authorizeUrl());
    const token = browser.cookies.get(SESSION) ?? '';
    const page = await browser.get(`/t/${TENANT}/sign-out`);
    expect(page.text).toContain('Signed in as</span><br><strong>ann</strong>');
    expect((await browser.post(`/t/${TENANT}/sign-out`, {})).status).toBe(403);
    const out = await browser.submit(page, {});
    expect([out.status, out.location, browser.cookies.has(SESSION)]).toEqual([303, `/t/${TENANT}/sign-out`, false]);
    browser.cookies.set(SESSION, token);
    expect((await browser.get(`/t/${TENANT}/sign-out`)).text).toContain('You are signed out');
    expect((await browser.get(authorizeUrl())).text).toContain('Sign in to');
  });
});

describe('the log', () => {
  it('tells how each ended, and no password, cookie, code or token of a form', async () => {
    const browser = bed.newBrowser();
    const from = bed.tape.lines.length;
    await signIn(browser, authorizeUrl(), 'ann', 'wrong secret');
    await browser.post(authorizeUrl(), { step: 'sign_in' });
    await browser.get(authorizeUrl({ client_id: 'nobody' }));
    await browser.get(authorizeUrl({ scope: 'nothing' }));
    const consent = await signedInAt(browser, authorizeUrl({ prompt: 'login consent' }), 'bob');
    const back = await browser.submit(consent, { decision: 'allow' });
    const code = new URL(back.location ?? '').searchParams.get('code') ?? '';
    const codes = bed.tape.lines.slice(from).map((line) => line.code);
    expect(codes).toEqual([
      ...['ok', 'invalid_credentials', 'malformed_request', 'malformed_request', 'scope_not_allowed'],
      ...['ok', 'ok', 'ok', 'ok'],
    ]);
    const secrets = [...browser.cookies.values(), code, 'wrong secret', PASSWORD, 'form_token'];
    for (const secret of [...secrets, formsOf(consent.text)[0]?.fields.form_token ?? '']) {
      expect(bed.tape.text).not.toContain(secret);
    }
  });
});

describe('a form', () => {
  const filled = { step: 'sign_in', username: 'ann', password: PASSWORD };

  it('of no page of ours signs nobody in', async () => {
    const browser = bed.newBrowser();
    const page = await browser.get(authorizeUrl());
    const other = await bed.newBrowser().get(authorizeUrl());
    const token = (of: typeof page) => formsOf(of.text)[0]?.fields.form_token ?? '';
    for (const form_token of [
      '',
      'x',
      token(other),
      token(page).replace(/^./, (first) => (first === 'A' ? 'B' : 'A')),
    ]) {
      const answer = await browser.post(authorizeUrl(), { ...filled, form_token });
      expect([answer.status, browser.cookies.has(SESSION)]).toEqual([403, false]);
    }
    // Not even a right one where the browser has lost its cookie.
    const answer = await bed.newBrowser().post(authorizeUrl(), { ...filled, form_token: token(page) });
    expect(answer.status).toBe(403);
    expect((await browser.post(authorizeUrl(), { ...filled, form_token: token(page) })).status).toBe(303);
  });

  it('of another site is refused by what the browser says of it', async () => {
    const browser = bed.newBrowser();
    const page = await browser.get(authorizeUrl());
    const form = formsOf(page.text)[0];
    const send = (headers: Record<string, string>) =>
      browser.post(form?.action ?? '', { ...form?.fields, ...filled }, headers);
    for (const headers of [
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', origin: 'null' },
      { origin: `http://${bed.http.address}.evil.example` },
    ]) {
      expect((await send(headers)).status).toBe(403);
    }
    for (const headers of [
      { origin: `http://${bed.http.address}` },
      { origin: 'null', 'sec-fetch-site': 'same-origin' },
      { origin: 'null' },
    ]) {
      expect((await send(headers)).status).toBe(303);
    }
  });

  // A browser sends no SameSite=Lax cookie with it, and takes those of the answer.
  it.each([
    ['/sign-out', 'sign_out'],
    ['/account/password', 'change_password'],
    ['/verify', 'send_code'],
    ['/device', 'decide'],
  ])('of another site at %s changes no cookie', async (path, step) => {
    const from = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    const answer = await bed.newBrowser().post(`/t/${TENANT}${path}`, { step }, from);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it('that was left open overnight says so, and leads on', async () => {
    const browser = bed.newBrowser();
    const page = await browser.get(authorizeUrl());
    bed.clock.advance(60 * 60_000);
    const answer = await browser.submit(page, { username: 'ann', password: PASSWORD });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('open for too long');
    const link = /href="([^"]*)">Begin again/.exec(answer.text)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect((await signIn(browser, link)).status).toBe(303);
  });

  it('works in two tabs, whichever comes first', async () => {
    const browser = bed.newBrowser();
    const [one, two] = [
      await browser.get(authorizeUrl({ state: '1' })),
      await browser.get(authorizeUrl({ state: '2' })),
    ];
    const first = await browser.submit(one, { username: 'ann', password: PASSWORD });
    const consent = await browser.get(first.location ?? '');
    const second = await browser.submit(two, { username: 'ann', password: PASSWORD });
    expect(second.status).toBe(303);
    const back = await browser.submit(consent, { decision: 'deny' });
    expect(new URL(back.location ?? '').searchParams.get('state')).toBe('1');
  });

  it('is read as a form alone', async () => {
    const answer = await fetch(`http://${bed.http.address}${AUTHORIZE}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([415, 'text/html;charset=UTF-8']);
  });
});
