/** My account: the applications that somebody allowed something. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Call } from '../../../src/core/operations/authenticate.ts';
import { findSignedIn } from '../../../src/core/operations/browser-sessions.ts';
import { withdrawOwnConsent } from '../../../src/core/operations/consents.ts';
import { issue } from '../../../src/core/operations/issue.ts';
import { endUser } from '../../../src/core/operations/users.ts';
import { callerOf, make, makeClient, makeUser } from '../../support.ts';
import {
  authorizeUrl,
  makeAppClient,
  OTHER,
  openPagesBed,
  PASSWORD,
  type PagesBed,
  queryOf,
  SCRIPT,
  signIn,
  TENANT,
  VERIFIER,
  WEB,
} from './bed.ts';
import { type Browser, formsOf, type Shown, unescaped } from './browser.ts';

let bed: PagesBed;
let admin: Call;
let count = 0;
const API = 'https://api.example';
const PAGE = `/t/${TENANT}/account/applications`;

beforeAll(async () => {
  bed = await openPagesBed();
  admin = { caller: await callerOf(bed.services, 'boss', await makeClient(bed.store, TENANT, 'boss', ['admin'])) };
});
afterAll(() => bed.close());

async function newUser(): Promise<{ user: string; browser: Browser }> {
  const user = `app-user-${++count}`;
  await makeUser(bed.services, TENANT, { subjectId: user, loginName: user, password: PASSWORD });
  const browser = bed.newBrowser();
  await signIn(browser, PAGE, user);
  return { user, browser };
}

/** Allows it, and answers the code that the client gets. */
async function allow(browser: Browser, parameters: Record<string, string> = {}): Promise<string> {
  const consent = await browser.get(authorizeUrl(parameters));
  return queryOf((await browser.submit(consent, { decision: 'allow' })).location).code ?? '';
}

/** The addresses of the links that withdraw, in their order. */
const linksOf = ({ text }: Shown) =>
  [...text.matchAll(/href="([^"]*\?withdraw=[^"]*)"/g)].map(([, path = '']) => unescaped(path));
const namesOf = ({ text }: Shown) => [...text.matchAll(/<div class="about"><h2>([^<]*)</g)].map(([, name]) => name);

/** Of the form in the middle of the page: the last one signs out. */
function withdrawing(browser: Browser, page: Shown): Promise<Shown> {
  const which = formsOf(page.text).findIndex(({ fields }) => fields.step === 'withdraw');
  return browser.submit(page, {}, which);
}

describe('the applications of a user', () => {
  it('are none at first, in a sentence', async () => {
    const { browser } = await newUser();
    const page = await browser.get(PAGE);
    expect(page.status).toBe(200);
    expect(page.text).toContain('You have not allowed any application');
    expect(linksOf(page)).toEqual([]);
  });

  it('say what each may do, where, and since when', async () => {
    const { browser } = await newUser();
    await allow(browser, { scope: 'read profile.read' });
    const { text } = await browser.get(PAGE);
    expect(text).toContain('The web app');
    expect(text).toContain('See your data');
    expect(text).toContain('See your profile');
    expect(text).toMatch(/Allowed on <time datetime="2030-01-01T00:00:[0-9.]+Z">Jan 1, 2030, 00:00 UTC<\/time>/);
  });

  it('are told apart by resource server where that was said', async () => {
    const { browser } = await newUser();
    const server = { resourceServerId: API, displayName: '', scopes: ['write'], clientIds: [] };
    await make(bed.store, { kind: 'create_resource_server', tenantId: TENANT, ...server });
    await allow(browser, { scope: 'write', resource: API });
    await allow(browser, { scope: 'read' });
    const lines = [...(await browser.get(PAGE)).text.matchAll(/<li>((?:See|Change)[^<]*)|This is only for [^<]*/g)];
    expect(lines.map(([line, scope]) => scope ?? line)).toEqual([
      'See your data',
      'Change your data',
      `This is only for ${API}.`,
    ]);
  });

  it('are withdrawn after a question, and their tokens end at once', async () => {
    const { browser } = await newUser();
    const code = await allow(browser, { client_id: 'spa' });
    const spa = { caller: await callerOf(bed.services, 'spa') };
    const credential = { kind: 'authorization_code', code, codeVerifier: VERIFIER } as const;
    const issued = await issue(bed.services, spa, { credential });
    const token = 'accessToken' in issued ? issued.accessToken : '';
    const self = () =>
      fetch(`http://${bed.http.address}/v1.1/users/self`, { headers: { Authorization: `Bearer ${token}` } });
    const [link = ''] = linksOf(await browser.get(PAGE));
    const asked = await browser.get(link);
    expect(asked.text).toContain('Withdraw what The spa app may do?');
    expect(asked.text).toContain('is signed out of your account at once');
    const done = await withdrawing(browser, asked);
    expect([done.status, done.location]).toEqual([303, `${PAGE}?done=withdrawn`]);
    const after = await browser.get(done.location ?? '');
    expect(after.text).toContain('It was withdrawn');
    expect(after.text).not.toContain('The spa app');
    expect((await self()).status).toBe(401);
    expect((await browser.get(authorizeUrl({ client_id: 'spa' }))).text).toContain('Allow The spa app?');
  });

  it('may be withdrawn twice: by two tabs, or the back button', async () => {
    const { browser } = await newUser();
    await allow(browser);
    const [link = ''] = linksOf(await browser.get(PAGE));
    const asked = await browser.get(link);
    await withdrawing(browser, asked);
    expect((await withdrawing(browser, asked)).location).toBe(`${PAGE}?done=withdrawn`);
    const again = await browser.get(link);
    expect(again.status).toBe(404);
    expect(again.text).toContain('This is not there any more');
  });

  it('are twenty on a page, by their names', async () => {
    const { browser } = await newUser();
    const ids = Array.from({ length: 23 }, (_, i) => `many-${i}`);
    for (const id of ids) {
      await makeAppClient(
        bed,
        id,
        { grants: ['authorization_code'], redirectUris: [WEB] },
        { displayName: `App ${id}` },
      );
      await allow(browser, { client_id: id });
    }
    const first = await browser.get(PAGE);
    const next = unescaped(/rel="next" href="([^"]*)"/.exec(first.text)?.[1] ?? '');
    const second = await browser.get(next);
    const names = [...namesOf(first), ...namesOf(second)];
    expect(namesOf(first)).toHaveLength(20);
    expect(names).toEqual(ids.map((id) => `App ${id}`));
    expect(first.text).toContain('1 to 20 of 23');
    expect(second.text).toContain('21 to 23 of 23');
    expect(second.text).toContain(`rel="prev" href="${PAGE}"`);
    expect(second.text).not.toContain('rel="next"');
    for (const from of ['0', '-1', 'x', '1e9', '999999', "'"]) {
      expect((await browser.get(`${PAGE}?from=${encodeURIComponent(from)}`)).status).toBe(200);
    }
    expect((await browser.get(`${PAGE}?from=20&from=0`)).text).toContain('1 to 20 of 23');
  });

  it('show names as text, and pictures of allowed origins only', async () => {
    const { browser } = await newUser();
    const logoUri = 'https://img.example/logo.png';
    const registration = { grants: ['authorization_code'], redirectUris: [WEB], logoUri } as const;
    await makeAppClient(bed, 'hostile', registration, { displayName: SCRIPT });
    await allow(browser, { client_id: 'hostile' });
    const page = await browser.get(PAGE);
    expect(page.text).not.toContain('<script>alert');
    expect(page.text).toContain(`src="${logoUri}"`);
    expect(page.headers['content-security-policy']).toContain('img-src https://img.example;');
    expect((await browser.get(linksOf(page)[0] ?? '')).text).not.toContain('<script>alert');
  });

  it('show a client without a name by its id', async () => {
    const { browser } = await newUser();
    const registration = { grants: ['authorization_code'], redirectUris: [WEB] } as const;
    await makeAppClient(bed, 'nameless', registration, { displayName: '' });
    await allow(browser, { client_id: 'nameless' });
    expect(namesOf(await browser.get(PAGE))).toEqual(['nameless']);
  });
});

describe('nobody withdraws', () => {
  it('what another user allowed', async () => {
    const [ann, bob] = [await newUser(), await newUser()];
    await allow(ann.browser);
    await allow(bob.browser, { client_id: 'spa' });
    const [ofAnn = ''] = linksOf(await ann.browser.get(PAGE));
    expect((await bob.browser.get(ofAnn)).status).toBe(404);
    const asked = await bob.browser.get(linksOf(await bob.browser.get(PAGE))[0] ?? '');
    const form = formsOf(asked.text).find(({ fields }) => fields.step === 'withdraw');
    const consent = new URLSearchParams(ofAnn.split('?')[1]).get('withdraw') ?? '';
    const answer = await bob.browser.post(PAGE, { ...form?.fields, consent });
    expect(answer.status).toBe(403);
    expect(namesOf(await ann.browser.get(PAGE))).toEqual(['The web app']);
  });

  it('what another user allowed, past all forms: the core takes none but the user’s own', async () => {
    const [ann, bob] = [await newUser(), await newUser()];
    await allow(ann.browser);
    const link = linksOf(await ann.browser.get(PAGE))[0] ?? '';
    const consentId = new URLSearchParams(link.split('?')[1]).get('withdraw') ?? '';
    const pages = { caller: await callerOf(bed.services, TENANT) };
    const signedIn = await findSignedIn(bed.services, pages, bob.browser.cookies.get(`symbolon-${TENANT}`) ?? '');
    const ofBob = withdrawOwnConsent(bed.services, signedIn?.call ?? pages, consentId);
    await expect(ofBob).rejects.toMatchObject({ code: 'not_found' });
    for (const call of [pages, admin]) {
      await expect(withdrawOwnConsent(bed.services, call, consentId)).rejects.toMatchObject({
        code: 'permission_denied',
      });
    }
  });

  it('by a form of another browser, of too long ago, or with a field twice', async () => {
    const { browser, user } = await newUser();
    await allow(browser);
    const asked = await browser.get(linksOf(await browser.get(PAGE))[0] ?? '');
    const form = formsOf(asked.text).find(({ fields }) => fields.step === 'withdraw')?.fields ?? {};
    const other = bed.newBrowser();
    await signIn(other, PAGE, user);
    expect((await other.post(PAGE, form)).status).toBe(403);
    expect((await browser.post(PAGE, form, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await browser.post(PAGE, { ...form, consent: '' })).status).toBe(403);
    bed.clock.advance(61 * 60_000);
    expect((await browser.post(PAGE, form)).status).toBe(400);
    expect(namesOf(await browser.get(PAGE))).toEqual(['The web app']);
  });

  it('who is not signed in, is signed in at another tenant, or was disabled', async () => {
    const { browser, user } = await newUser();
    await allow(browser);
    const link = linksOf(await browser.get(PAGE))[0] ?? '';
    const asked = await browser.get(link);
    expect((await bed.newBrowser().get(link)).text).toContain('<h1>Sign in</h1>');
    const elsewhere = bed.newBrowser();
    await signIn(elsewhere, `/t/${OTHER}/account`);
    expect((await elsewhere.get(link)).text).toContain('<h1>Sign in</h1>');
    await endUser(bed.services, admin, { by: 'user_id', userId: user }, 'disabled');
    const answer = await withdrawing(browser, asked);
    expect(answer.text).toContain('not signed in any more');
  });
});
