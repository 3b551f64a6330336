/** How much a page is: at most 40 KB with its stylesheet and its script, logos apart. In Japanese, whose letters take three bytes each. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  AUTHORIZE,
  authorizeUrl,
  makeAppClient,
  openPagesBed,
  PASSWORD,
  type PagesBed,
  signIn,
  TENANT,
} from './bed.ts';
import type { Browser, Shown } from './browser.ts';

const MOST_BYTES = 40_000;
const APPS = 40;
const BASE = `/t/${TENANT}`;

let bed: PagesBed;
/** Signed in, as somebody who has allowed many apps. */
let user: Browser;

beforeAll(async () => {
  bed = await openPagesBed({ policy: { selfRegistration: true } });
  user = newBrowser();
  await signIn(user, authorizeUrl());
  for (let i = 0; i < APPS; i++) {
    const client_id = `app-${i}`;
    const displayName = `写真を世界中の友だちと分け合うためのとても長い名前のアプリ、その${i}番目`;
    await makeAppClient(bed, client_id, { redirectUris: ['https://app.example/back'] }, { displayName });
    const asked = await user.get(authorizeUrl({ client_id, scope: 'read write profile.read' }));
    expect(await user.submit(asked, { decision: 'allow' })).toMatchObject({ status: 303 });
  }
});
afterAll(() => bed.close());

function newBrowser(): Browser {
  const browser = bed.newBrowser();
  browser.headers = { 'accept-language': 'ja' };
  return browser;
}

/** With all that the page has a browser load from here. */
async function bytesOf({ text }: Shown): Promise<number> {
  const files = [...text.matchAll(/<(?:link|script|img)[^>]* (?:href|src)="(\/[^"]*)"/g)].map(([, path = '']) => path);
  const loaded = await Promise.all(files.map((path) => newBrowser().get(path)));
  expect(loaded.filter(({ status }) => status !== 200)).toEqual([]);
  return [text, ...loaded.map((each) => each.text)].reduce((sum, each) => sum + Buffer.byteLength(each), 0);
}

async function expectSmall(page: Shown): Promise<void> {
  expect(page.text).toContain('<html lang="ja"');
  expect(await bytesOf(page)).toBeLessThanOrEqual(MOST_BYTES);
}

it.each<[name: string, show: () => Promise<Shown>]>([
  ['sign in', () => newBrowser().get(authorizeUrl())],
  [
    'sign in, wrong password',
    async () => {
      const browser = newBrowser();
      return browser.submit(await browser.get(authorizeUrl()), { username: 'nobody', password: PASSWORD });
    },
  ],
  ['sign up', () => newBrowser().get(`${BASE}/sign-up`)],
  ['a forgotten password', () => newBrowser().get(`${BASE}/forgotten-password`)],
  ['an address to verify', () => user.get(`${BASE}/verify`)],
  ['consent', () => user.get(authorizeUrl({ scope: 'read write profile.read', prompt: 'consent' }))],
  ['a device’s code', () => user.get(`${BASE}/device`)],
  ['sign out', () => user.get(`${BASE}/sign-out`)],
  ['signed out', () => newBrowser().get(`${BASE}/sign-out`)],
  ['an error', () => newBrowser().get(`${AUTHORIZE}?client_id=nobody`)],
])('%s is small', async (_, show) => expectSmall(await show()));

it('every page of My account is small, with many apps', async () => {
  const first = await user.get(`${BASE}/account`);
  const paths = new Set([...first.text.matchAll(/href="(\/t\/acme\/account[\w/-]*)"/g)].map(([, path = '']) => path));
  expect(paths).toContain(`${BASE}/account`);
  for (const path of paths) {
    const page = await user.get(path);
    if (page.status !== 404) {
      await expectSmall(page);
    }
  }
});
