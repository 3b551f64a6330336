/** A forgotten password: the same answer for every name, a code that works in any browser, and the end of every login. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { completePasswordReset } from '../../../src/core/operations/codes.ts';
import { callerOf, makeUser } from '../../support.ts';
import {
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
import { type Browser, formsOf, type Shown, unescaped } from './browser.ts';
import { codeFor, wrongCode } from './codes.ts';

let bed: PagesBed;
const FORGOTTEN = `/t/${TENANT}/forgotten-password`;
const NEW_PASSWORD = 'another battery, another staple';
/** As many as one code bears. */
const ATTEMPTS = 5;
let count = 0;

beforeAll(async () => {
  bed = await openPagesBed();
});
afterAll(() => bed.close());

async function newUser(addresses: { emailVerified?: boolean; phone?: string; phoneVerified?: boolean } = {}) {
  const name = `lost-${++count}`;
  const verified = { email: `${name}@example.com`, emailVerified: true, ...addresses };
  await makeUser(bed.services, TENANT, { subjectId: name, loginName: name, password: PASSWORD, ...verified });
  return name;
}

const codeOf = (user: string) => codeFor(bed, user, 'reset_password');

async function ask(browser: Browser, username: string, at = FORGOTTEN): Promise<Shown> {
  const sent = await browser.submit(await browser.get(at), { username });
  expect([sent.status, sent.text]).toEqual([303, '']);
  return browser.get(sent.location ?? '');
}

const linkTo = (page: Shown, text: string) =>
  unescaped(new RegExp(`href="([^"]*)">${text.replace('?', '\\?')}<`).exec(page.text)?.[1] ?? 'no link');

describe('a forgotten password', () => {
  it('is replaced by a code, and every login ends', async () => {
    const user = await newUser();
    const elsewhere = bed.newBrowser();
    await signedInAt(elsewhere, authorizeUrl(), user);
    const browser = bed.newBrowser();
    const page = await ask(browser, user);
    expect(page.text).toContain('ends every sign-in');
    const done = await browser.submit(page, { code: await codeOf(user), password: NEW_PASSWORD });
    expect([done.status, done.location]).toEqual([303, `/t/${TENANT}/account?way=changed`]);
    const again = await browser.get(done.location ?? '');
    expect(again.text).toContain('Your password was changed');
    expect((await elsewhere.get(authorizeUrl())).text).toContain('Sign in to');
    expect((await signIn(bed.newBrowser(), authorizeUrl(), user)).status).toBe(400);
    expect((await browser.submit(again, { username: user, password: NEW_PASSWORD })).location).toBe(
      `/t/${TENANT}/account`,
    );
  });

  it('keeps what somebody signs in for', async () => {
    const user = await newUser();
    const browser = bed.newBrowser();
    const link = linkTo(await browser.get(authorizeUrl()), 'Forgotten your password?');
    const page = await ask(browser, `${user}@example.com`, link);
    expect(page.text).toContain('class="of-client"');
    const done = await browser.submit(page, { code: await codeOf(user), password: NEW_PASSWORD });
    const again = await browser.get(done.location ?? '');
    expect(again.text).toContain('<h1>Sign in to The web app</h1>');
    const on = await browser.submit(again, { username: user, password: NEW_PASSWORD });
    expect((await browser.get(on.location ?? '')).text).toContain('Allow The web app?');
  });

  it('takes a code in another browser than it was asked for in, with its spaces', async () => {
    const user = await newUser();
    await ask(bed.newBrowser(), user);
    const browser = bed.newBrowser();
    const page = await browser.get(linkTo(await browser.get(FORGOTTEN), 'I have a code already'));
    const code = (await codeOf(user)).replace(/^(....)/, ' $1 ');
    const done = await browser.submit(page, { username: user, code, password: NEW_PASSWORD });
    expect(done.status).toBe(303);
    const twice = await browser.submit(page, { username: user, code, password: `${NEW_PASSWORD} 2` });
    expect([twice.status, twice.text]).toEqual([400, expect.stringContaining('id="code-problem">The code is wrong')]);
    expect((await signIn(browser, authorizeUrl(), user, NEW_PASSWORD)).status).toBe(303);
  });

  it('goes by SMS where that is the address that is verified', async () => {
    const user = await newUser({ emailVerified: false, phone: `+81901234${1_000 + count}`, phoneVerified: true });
    const browser = bed.newBrowser();
    const page = await ask(browser, user);
    expect((await browser.submit(page, { code: await codeOf(user), password: NEW_PASSWORD })).status).toBe(303);
  });

  it('says the same of every name, no sooner', async () => {
    const known = await newUser();
    const unproven = await newUser({ emailVerified: false });
    const names = [known, unproven, 'nobody-at-all', 'nobody@example.com', '+819000000000', '?', `EMAIL:${SCRIPT}`];
    const pages = await Promise.all(
      names.map(async (name) => {
        const browser = bed.newBrowser();
        const from = performance.now();
        const page = await ask(browser, name);
        expect(performance.now() - from).toBeGreaterThan(195);
        const wrong = await browser.submit(page, { code: '00000000', password: NEW_PASSWORD });
        return [page, wrong].map(({ status, text }) => [
          status,
          text.replaceAll(/ (?:value|href|action)="[^"]*"/g, ''),
        ]);
      }),
    );
    for (const page of pages) {
      expect(page).toEqual(pages[0]);
    }
    expect(pages[0]?.map(([status]) => status)).toEqual([200, 400]);
  });

  it('sends no more codes than other doors do, and says nothing of it', async () => {
    const user = await newUser();
    const codes = new Set<string>();
    for (let sent = 0; sent < 7; sent += 1) {
      await ask(bed.newBrowser(), user);
      codes.add(await codeOf(user));
    }
    expect(codes.size).toBe(5);
  });

  it('tells at the field what is wrong, and keeps what was typed but the password', async () => {
    const user = await newUser();
    const browser = bed.newBrowser();
    const asked = await ask(browser, user);
    const code = await codeOf(user);
    const wrong = await browser.submit(asked, { code: wrongCode(code), password: NEW_PASSWORD });
    expect([wrong.status, wrong.text]).toEqual([400, expect.stringContaining('id="code-problem">The code is wrong')]);
    expect(wrong.text).not.toContain(NEW_PASSWORD);
    const short = await browser.submit(wrong, { code, password: 'abc' });
    expect([short.status, short.text]).toEqual([400, expect.stringContaining('id="password-problem">Take at least 4')]);
    expect(formsOf(short.text)[0]?.fields).toMatchObject({ username: user, code, password: '' });
    bed.clock.advance(16 * 60_000);
    const late = await browser.submit(short, { code, password: NEW_PASSWORD });
    expect([late.status, late.text]).toEqual([400, expect.stringContaining('id="code-problem">The code has expired')]);
    const nobody = await browser.submit(await browser.get(`${FORGOTTEN}?way=reset`), { code, password: NEW_PASSWORD });
    expect([nobody.status, nobody.text]).toEqual([
      400,
      expect.stringContaining('id="username-problem">Enter the name'),
    ]);
    const empty = await browser.submit(await browser.get(FORGOTTEN), { username: ' ' });
    expect([empty.status, empty.text]).toEqual([400, expect.stringContaining('id="username-problem">Enter the name')]);
  });

  it('is guessed no faster than at other doors: the guesses count together', async () => {
    const user = await newUser();
    const browser = bed.newBrowser();
    const page = await ask(browser, user);
    const code = await codeOf(user);
    const call = { caller: await callerOf(bed.services, TENANT) };
    const ref = { by: 'login_name', loginName: user } as const;
    for (let guess = 0; guess < ATTEMPTS; guess += 1) {
      const isHere = guess % 2 === 0;
      const answer = isHere
        ? (await browser.submit(page, { code: wrongCode(code), password: NEW_PASSWORD })).status
        : await completePasswordReset(bed.services, call, ref, wrongCode(code), NEW_PASSWORD).catch(({ code }) => code);
      expect(answer).toBe(isHere ? 400 : 'invalid_code');
    }
    const right = await browser.submit(page, { code, password: NEW_PASSWORD });
    // That it is over now is told to nobody who guesses.
    expect([right.status, right.text]).toEqual([400, expect.stringContaining('id="code-problem">The code is wrong')]);
    const elsewhere = completePasswordReset(bed.services, call, ref, code, NEW_PASSWORD);
    await expect(elsewhere).rejects.toMatchObject({ code: 'invalid_code' });
  });

  it('is of the name, the browser and the tenant of its form', async () => {
    const user = await newUser();
    const browser = bed.newBrowser();
    const page = await ask(browser, user);
    const [form] = formsOf(page.text);
    const fields = { ...form?.fields, code: await codeOf(user), password: NEW_PASSWORD };
    const other = `${FORGOTTEN}?way=reset&username=ann`;
    expect((await browser.post(other, fields)).status).toBe(403);
    expect((await bed.newBrowser().post(form?.action ?? '', fields)).status).toBe(403);
    expect((await browser.post(form?.action.replace(TENANT, OTHER) ?? '', fields)).status).toBe(403);
    expect((await browser.post(FORGOTTEN, { ...fields, step: 'consent' })).status).toBe(400);
    bed.clock.advance(61 * 60_000);
    expect((await browser.post(form?.action ?? '', fields)).text).toContain('open for too long');
  });

  it('has no code, no password in an address or in the log', async () => {
    const user = await newUser();
    const browser = bed.newBrowser();
    const page = await ask(browser, user);
    const code = await codeOf(user);
    const done = await browser.submit(page, { code, password: NEW_PASSWORD });
    expect(done.location).not.toContain(code);
    expect(bed.tape.text).not.toContain(code);
    expect(bed.tape.text).not.toContain(NEW_PASSWORD);
  });
});
