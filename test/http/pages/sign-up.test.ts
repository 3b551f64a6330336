/** Signing up on the pages: one account for one form, and on to what it was for. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { updateTenant } from '../../../src/core/operations/tenants.ts';
import { getUser } from '../../../src/core/operations/users.ts';
import { callerOf, makeClient } from '../../support.ts';
import {
  authorizeUrl,
  OTHER,
  openPagesBed,
  PASSWORD,
  type PagesBed,
  queryOf,
  SCRIPT,
  signedInAt,
  signIn,
  TENANT,
} from './bed.ts';
import { type Browser, formsOf, type Shown, unescaped } from './browser.ts';

let bed: PagesBed;
const SESSION = `symbolon-${TENANT}`;
const SIGN_UP = `/t/${TENANT}/sign-up`;
let count = 0;

beforeAll(async () => {
  bed = await openPagesBed({ policy: { selfRegistration: true } });
});
afterAll(() => bed.close());

const newName = () => `new-${++count}`;
const linkTo = (page: Shown, text: string) =>
  unescaped(new RegExp(`href="([^"]*)">${text}<`).exec(page.text)?.[1] ?? 'no link');

async function adminOf(tenantId: string) {
  const id = `admin-${++count}`;
  return { caller: await callerOf(bed.services, id, await makeClient(bed.store, tenantId, id, ['admin'])) };
}

async function userOf(loginName: string) {
  return (await getUser(bed.services, await adminOf(TENANT), { by: 'login_name', loginName })).subject;
}

const up = (browser: Browser, page: Shown, fields: Record<string, string>) =>
  browser.submit(page, { password: PASSWORD, ...fields });

describe('signing up', () => {
  it('goes on to what it is for, and keeps the client in sight', async () => {
    const browser = bed.newBrowser();
    const start = await browser.get(authorizeUrl());
    const page = await browser.get(linkTo(start, 'Create an account'));
    expect(page.text).toContain('<h1>Create an account to go on to The web app</h1>');
    const username = newName();
    const done = await up(browser, page, { username, email: `${username}@example.com`, display_name: 'Ny' });
    expect([done.status, done.text]).toEqual([303, '']);
    expect(done.headers['set-cookie']).toEqual([
      expect.stringMatching(/^symbolon-acme=syu_\w{80}; Path=\/; HttpOnly; SameSite=Lax$/),
    ]);
    const consent = await browser.get(done.location ?? '');
    expect(consent.text).toContain('Allow The web app?');
    const back = await browser.submit(consent, { decision: 'allow' });
    expect(queryOf(back.location)).toMatchObject({ state: 'a b+c/=&?', code: expect.any(String) });
    expect(await userOf(username)).toMatchObject({
      email: `${username}@example.com`,
      emailVerified: false,
      displayName: 'Ny',
    });
    expect((await signIn(bed.newBrowser(), authorizeUrl(), username)).status).toBe(303);
  });

  it('of itself leads to the address that waits, and without one to My account', async () => {
    const browser = bed.newBrowser();
    const [one, two] = [newName(), newName()];
    const verify = await up(browser, await browser.get(SIGN_UP), { username: one, email: `${one}@example.com` });
    expect(verify.location).toBe(`/t/${TENANT}/verify`);
    expect((await browser.get(`/t/${TENANT}/verify`)).text).toContain(`Is ${one}@example.com your e-mail address?`);
    const account = await up(browser, await browser.get(SIGN_UP), { username: two });
    expect(account.location).toBe(`/t/${TENANT}/account`);
  });

  it('makes one account of a form that is sent twice, one after the other or at once', async () => {
    const browser = bed.newBrowser();
    const page = await browser.get(SIGN_UP);
    const username = newName();
    const [one, two] = await Promise.all([up(browser, page, { username }), up(browser, page, { username })]);
    const three = await up(browser, page, { username });
    expect([one.status, two.status, three.status]).toEqual([303, 303, 303]);
    expect(one.headers['set-cookie']).toEqual(three.headers['set-cookie']);
    expect((await browser.get(three.location ?? '')).text).toContain(`<strong>${username}</strong>`);
  });

  it('says so where a form is sent again for another name, and makes none', async () => {
    const browser = bed.newBrowser();
    const page = await browser.get(SIGN_UP);
    const [first, other] = [newName(), newName()];
    await up(browser, page, { username: first });
    const again = await up(browser, page, { username: other });
    expect([again.status, again.text]).toEqual([400, expect.stringContaining('created with this form before')]);
    await expect(userOf(other)).rejects.toMatchObject({ code: 'not_found' });
    expect((await up(browser, again, { username: other })).status).toBe(303);
  });

  it.each([
    ['username', { username: 'x' }, 'Take 3 to 64 letters'],
    ['username', { username: 'ann' }, 'Somebody has this user name already'],
    ['username', { username: 'ANN' }, 'Somebody has this user name already'],
    ['email', { email: 'nobody' }, 'This is not an e-mail address'],
    ['display_name', { display_name: 'a\u202eb' }, 'Take at most 256 characters'],
    ['password', { password: 'abc' }, 'Take at least 4 characters'],
    ['password', { password: `a${'\u0301'.repeat(40)}bcd` }, 'Take at least 4 characters'],
  ])('tells at the field %s what is wrong with %j', async (field, fields, text) => {
    const browser = bed.newBrowser();
    const username = newName();
    const typed = { username, email: `${username}@example.com`, display_name: 'Somebody', ...fields };
    const page = await up(browser, await browser.get(SIGN_UP), typed);
    expect(page.status).toBe(400);
    const input = new RegExp(`<input id="${field}"[^>]*>`).exec(page.text)?.[0];
    expect(input).toMatch(new RegExp(`aria-describedby="${field}-problem.*aria-invalid="true".* autofocus`));
    expect(page.text).toMatch(new RegExp(`id="${field}-problem">${text}`));
    expect(page.text.match(/autofocus/g)).toHaveLength(1);
    const { password: _, ...kept } = typed as Record<string, string>;
    expect(formsOf(page.text)[0]?.fields).toMatchObject({ ...kept, password: '' });
    expect(browser.cookies.has(SESSION)).toBe(false);
    const mended = { username, email: '', display_name: '', password: PASSWORD };
    expect((await up(browser, page, mended)).status).toBe(303);
  });

  it('tells no more of an address than other doors do: one that nobody has proven is free', async () => {
    const browser = bed.newBrowser();
    for (const username of [newName(), newName()]) {
      const done = await up(browser, await browser.get(SIGN_UP), { username, email: 'same@example.com' });
      expect(done.status).toBe(303);
    }
  });

  it('ends the login that the browser had, and begins one that opens the pages alone', async () => {
    const browser = bed.newBrowser();
    await signIn(browser, authorizeUrl());
    const before = browser.cookies.get(SESSION) ?? '';
    await up(browser, await browser.get(SIGN_UP), { username: newName() });
    const token = browser.cookies.get(SESSION) ?? '';
    expect(token).not.toBe(before);
    browser.cookies.set(SESSION, before);
    expect((await browser.get(authorizeUrl())).text).toContain('Sign in to');
    const other = await fetch(`http://${bed.http.address}/api/apps/${TENANT}/users/me`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(other.status).toBe(403);
  });

  it('is of the tenant of the page, whatever form and cookies are brought along', async () => {
    const browser = bed.newBrowser();
    const page = await browser.get(SIGN_UP);
    const form = formsOf(page.text)[0];
    const fields = { ...form?.fields, username: newName(), password: PASSWORD };
    expect((await browser.post(`/t/${OTHER}/sign-up`, fields)).status).toBe(403);
    expect((await bed.newBrowser().post(SIGN_UP, fields)).status).toBe(403);
    expect((await browser.post(SIGN_UP, { ...fields, request_id: 'another-one' })).status).toBe(403);
    bed.clock.advance(61 * 60_000);
    const old = await browser.post(SIGN_UP, fields);
    expect([old.status, old.text]).toEqual([400, expect.stringContaining('open for too long')]);
    expect(linkTo(old, 'Begin again')).toBe(`${SIGN_UP}?way=sign_up`);
  });

  it('shows nothing that was typed as markup', async () => {
    const browser = bed.newBrowser();
    const fields = { username: SCRIPT, email: SCRIPT, display_name: SCRIPT, password: SCRIPT };
    const page = await up(browser, await browser.get(SIGN_UP), fields);
    expect(page.text).not.toMatch(/<script(?! src="\/pages\/[0-9a-f]{16}\.js" defer><\/script>)|<img/i);
    expect(page.text).toContain('&lt;script&gt;');
  });
});

describe('where the next page is asked for', () => {
  it.each([
    ...['//evil.example', '/\\evil.example', 'https://evil.example', '%2F%2Fevil.example', `/t/${OTHER}/account`],
    ...['javascript:alert(1)', '/%09/evil.example'],
  ])('%s is nowhere', async (next) => {
    const browser = bed.newBrowser();
    const query = new URLSearchParams({ next, way: 'sign_up', return_to: next, username: next });
    const page = await browser.get(`${SIGN_UP}?${query}`);
    const done = await up(browser, page, { username: newName(), next });
    expect(done.location).toBe(`/t/${TENANT}/account`);
    const client = await browser.get(`${authorizeUrl({ prompt: 'login' })}&${query}`);
    const on = await up(browser, client, { username: newName(), next });
    expect(on.location).toMatch(/^\/t\/acme\/oauth2\/authorize\?client_id=web&/);
    expect(on.location).not.toContain('evil');
  });
});

describe('where only admins make accounts', () => {
  it('nothing is offered, and nothing made', async () => {
    const browser = bed.newBrowser();
    const open = await browser.get(SIGN_UP);
    const admin = await adminOf(TENANT);
    await updateTenant(bed.services, admin, { tenantId: TENANT, policy: { selfRegistration: false } });
    try {
      expect((await browser.get(authorizeUrl())).text).not.toContain('Create an account');
      expect((await browser.get(`${authorizeUrl()}&way=sign_up`)).text).toContain('<h1>Sign in to The web app</h1>');
      expect((await browser.get(SIGN_UP)).location).toBe(`/t/${TENANT}/account`);
      expect((await up(browser, open, { username: newName() })).status).toBe(403);
    } finally {
      await updateTenant(bed.services, admin, { tenantId: TENANT, policy: { selfRegistration: true } });
    }
  });
});

describe('the log', () => {
  it('has no password and no cookie of who signs up', async () => {
    const browser = bed.newBrowser();
    const from = bed.tape.lines.length;
    await up(browser, await browser.get(SIGN_UP), { username: newName(), password: 'a secret of somebody' });
    expect(bed.tape.lines.slice(from).map((line) => line.code)).toEqual(['ok', 'ok']);
    for (const secret of ['a secret of somebody', browser.cookies.get(SESSION) ?? '']) {
      expect(bed.tape.text).not.toContain(secret);
    }
  });
});

it('who signed up is signed in as everybody is', async () => {
  const browser = bed.newBrowser();
  await up(browser, await browser.get(SIGN_UP), { username: newName() });
  expect((await browser.get(authorizeUrl())).text).toContain('Allow The web app?');
  expect((await signedInAt(browser, authorizeUrl({ prompt: 'login' }))).text).toContain('Allow The web app?');
});
