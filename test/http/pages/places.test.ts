/** My account: where somebody is signed in, and signing out there. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Call } from '../../../src/core/operations/authenticate.ts';
import { issue } from '../../../src/core/operations/issue.ts';
import { listTokens } from '../../../src/core/operations/tokens.ts';
import { endUser } from '../../../src/core/operations/users.ts';
import { PATIENTLY } from '../../core/fixtures.ts';
import { callerOf, makeClient, makeUser } from '../../support.ts';
import {
  authorizeUrl,
  OTHER,
  openPagesBed,
  PASSWORD,
  type PagesBed,
  queryOf,
  signedInAt,
  signIn,
  TENANT,
  VERIFIER,
} from './bed.ts';
import { type Browser, formsOf, type Shown } from './browser.ts';

let bed: PagesBed;
let admin: Call;
let count = 0;
const PAGE = `/t/${TENANT}/account/places`;

beforeAll(async () => {
  bed = await openPagesBed();
  admin = { caller: await callerOf(bed.services, 'boss', await makeClient(bed.store, TENANT, 'boss', ['admin'])) };
});
afterAll(() => bed.close());

async function newUser(): Promise<{ user: string; browser: Browser }> {
  const user = `place-user-${++count}`;
  await makeUser(bed.services, TENANT, { subjectId: user, loginName: user, password: PASSWORD });
  return { user, browser: await signedIn(user) };
}

async function signedIn(user: string): Promise<Browser> {
  const browser = bed.newBrowser();
  await signIn(browser, PAGE, user);
  return browser;
}

/** By the password, as an app of the platform's own does. */
async function appToken(username: string): Promise<void> {
  const call = { caller: await callerOf(bed.services, TENANT) };
  await issue(bed.services, call, { credential: { kind: 'user', username, password: PASSWORD } });
}

const namesOf = ({ text }: Shown) => [...text.matchAll(/<div class="about"><h2>([^<]*)</g)].map(([, name]) => name);
const formsFor = ({ text }: Shown, step: string) => formsOf(text).filter(({ fields }) => fields.step === step);
const isSignedIn = async (browser: Browser) => (await browser.get(PAGE)).text.includes('This browser');

const send = (browser: Browser, page: Shown, step: string, which = 0) =>
  browser.post(PAGE, { ...formsFor(page, step)[which]?.fields });

describe('the places where a user is signed in', () => {
  it('are this browser, other browsers and apps, and what each is', async () => {
    const { browser, user } = await newUser();
    bed.clock.advance(60_000);
    await signedIn(user);
    bed.clock.advance(60_000);
    await appToken(user);
    bed.clock.advance(60_000);
    const consent = await browser.get(authorizeUrl({ client_id: 'spa' }));
    const { code = '' } = queryOf((await browser.submit(consent, { decision: 'allow' })).location);
    const credential = { kind: 'authorization_code', code, codeVerifier: VERIFIER } as const;
    await issue(bed.services, { caller: await callerOf(bed.services, 'spa') }, { credential });
    const page = await browser.get(PAGE);
    expect(namesOf(page)).toEqual(['This browser', 'The spa app', TENANT, 'A browser']);
    expect(page.text).toContain('An application that you allowed');
    expect(page.text).toContain('An application that is signed in as you');
    expect(page.text).toMatch(
      /Signed in since <time datetime="2030-01-01T00:00:00.000Z">Jan 1, 2030, 00:00 UTC<\/time>/,
    );
    expect(page.text).not.toContain('urn:symbolon');
  });

  it('say by which program, and when they were used last', async () => {
    const { user, browser } = await newUser();
    const other = bed.newBrowser();
    other.headers = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' };
    await signIn(other, PAGE, user);
    bed.clock.advance(2 * 60 * 60_000);
    const used = /A browser[\s\S]*Firefox, Linux[\s\S]*Used last on <time/;
    await other.get(PAGE);
    await expect.poll(async () => (await browser.get(PAGE)).text, PATIENTLY).toMatch(used);
  });

  it('are those that an admin sees in the list of tokens, browsers too', async () => {
    const { browser, user } = await newUser();
    const { items } = await listTokens(bed.services, admin, { kind: 'user', id: user }, { pageSize: 0, pageToken: '' });
    expect(items.map(({ family }) => family.audience)).toEqual(['urn:symbolon:pages']);
    const shown = formsFor(await browser.get(PAGE), 'sign_out_there').map(({ fields }) => fields.login);
    expect(shown).toEqual(items.map(({ family }) => family.familyId));
  });

  it('are twenty on a page, with this browser first', async () => {
    const { browser, user } = await newUser();
    for (let i = 0; i < 22; i += 1) {
      await appToken(user);
    }
    expect(namesOf(await browser.get(PAGE))).toEqual(['This browser', ...Array(19).fill(TENANT)]);
    expect(namesOf(await browser.get(`${PAGE}?from=20`))).toEqual(Array(3).fill(TENANT));
  });
});

describe('signing out', () => {
  it('at one place leaves the others, and can be sent twice', async () => {
    const { browser, user } = await newUser();
    const second = await signedIn(user);
    bed.clock.advance(1);
    const third = await signedIn(user);
    const page = await browser.get(PAGE);
    // The newest after this one.
    const done = await send(browser, page, 'sign_out_there', 1);
    expect([done.status, done.location]).toEqual([303, `${PAGE}?done=signedOut`]);
    expect([await isSignedIn(browser), await isSignedIn(second), await isSignedIn(third)]).toEqual([true, true, false]);
    expect((await send(browser, page, 'sign_out_there', 1)).location).toBe(`${PAGE}?done=signedOut`);
    expect((await browser.get(done.location ?? '')).text).toContain('You are signed out there.');
  });

  it('here forgets the cookie and leads to the page that says so', async () => {
    const { browser, user } = await newUser();
    const other = await signedIn(user);
    const before = new Map(browser.cookies);
    const done = await send(browser, await browser.get(PAGE), 'sign_out_there', 0);
    expect([done.status, done.location]).toEqual([303, `/t/${TENANT}/sign-out`]);
    expect((await browser.get(done.location ?? '')).text).toContain('You are signed out');
    expect(browser.cookies.has(`symbolon-${TENANT}`)).toBe(false);
    const stolen = bed.newBrowser();
    for (const [name, value] of before) {
      stolen.cookies.set(name, value);
    }
    expect([await isSignedIn(stolen), await isSignedIn(other)]).toEqual([false, true]);
  });

  it('everywhere else leaves this browser alone', async () => {
    const { browser, user } = await newUser();
    const others = [await signedIn(user), await signedIn(user)];
    await appToken(user);
    const done = await send(browser, await browser.get(PAGE), 'sign_out_others');
    expect(done.location).toBe(`${PAGE}?done=signedOutElsewhere`);
    const page = await browser.get(done.location ?? '');
    expect(namesOf(page)).toEqual(['This browser']);
    expect(page.text).toContain('You are signed out everywhere else.');
    expect(formsFor(page, 'sign_out_others')).toEqual([]);
    expect(await Promise.all(others.map(isSignedIn))).toEqual([false, false]);
  });

  it('everywhere ends this one, too', async () => {
    const { browser, user } = await newUser();
    const other = await signedIn(user);
    await appToken(user);
    const done = await send(browser, await browser.get(PAGE), 'sign_out_everywhere');
    expect(done.location).toBe(`/t/${TENANT}/sign-out`);
    expect(browser.cookies.has(`symbolon-${TENANT}`)).toBe(false);
    expect([await isSignedIn(browser), await isSignedIn(other)]).toEqual([false, false]);
    const { items } = await listTokens(bed.services, admin, { kind: 'user', id: user }, { pageSize: 0, pageToken: '' });
    expect(items).toEqual([]);
  });
});

describe('nobody signs out', () => {
  it('another user, whatever is sent', async () => {
    const [ann, bob] = [await newUser(), await newUser()];
    const login = formsFor(await ann.browser.get(PAGE), 'sign_out_there')[0]?.fields.login ?? '';
    const form = formsFor(await bob.browser.get(PAGE), 'sign_out_there')[0]?.fields;
    expect((await bob.browser.post(PAGE, { ...form, login })).status).toBe(403);
    expect((await ann.browser.post(PAGE, { ...form })).status).toBe(403);
    expect([await isSignedIn(ann.browser), await isSignedIn(bob.browser)]).toEqual([true, true]);
  });

  it('by a form from elsewhere, of too long ago, at another tenant, or when disabled', async () => {
    const { browser, user } = await newUser();
    const [fields] = formsFor(await browser.get(PAGE), 'sign_out_everywhere').map((form) => form.fields);
    expect((await browser.post(PAGE, { ...fields }, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await browser.post(PAGE, { ...fields, form_token: '' })).status).toBe(403);
    expect((await browser.post(PAGE, { ...fields, step: 'sign_out_others' })).status).toBe(403);
    const elsewhere = bed.newBrowser();
    await signedInAt(elsewhere, `/t/${OTHER}/account`);
    expect((await elsewhere.post(PAGE, { ...fields })).text).toContain('not signed in any more');
    bed.clock.advance(61 * 60_000);
    expect((await browser.post(PAGE, { ...fields })).status).toBe(400);
    const open = await browser.get(PAGE);
    await endUser(bed.services, admin, { by: 'user_id', userId: user }, 'disabled');
    expect((await send(browser, open, 'sign_out_everywhere')).text).toContain('not signed in any more');
  });
});
