/** docs/pages.md says what is there: its paths, its lines to paste, its cookies and its policy. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SECTIONS } from '../../src/http/pages/views/account-layout.ts';
import { authorizeUrl, openPagesBed, type PagesBed, signIn } from '../http/pages/bed.ts';
import { PICTURES } from '../pages/pictures.ts';
import { pictureFile } from '../pages/screenshots.ts';
import { ROOT, runShell } from '../process/program.ts';
import { dataDirectory, ServerProcess } from '../process/server-process.ts';

const PAGE = readFileSync(`${ROOT}docs/pages.md`, 'utf8');
const PATHS = [...PAGE.matchAll(/^\| `(\/[\w/-]+)` \|/gm)].map(([, path = '']) => path);
const SECURE = 'https://login.example.com';

let bed: PagesBed;

beforeAll(async () => {
  bed = await openPagesBed({ publicUrl: SECURE, policy: { selfRegistration: true } });
});
afterAll(() => bed.close());

it.each(PATHS)('%s is a page', async (path) => {
  const { status, headers } = await bed.newBrowser().get(`/t/acme${path}`);
  expect([status === 404, headers['content-type']]).toEqual([false, 'text/html;charset=UTF-8']);
});

it('has every section of My account that there is', async () => {
  const browser = bed.newBrowser();
  await signIn(browser, authorizeUrl());
  const paths = Object.keys(SECTIONS).map((section) => `/account${section}`);
  const answers = await Promise.all(paths.map((path) => browser.get(`/t/acme${path}`)));
  const there = paths.filter((_, index) => answers[index]?.status === 200);
  expect(PATHS).toEqual(expect.arrayContaining(there));
});

it('names the cookies, as they are by TLS', async () => {
  const browser = bed.newBrowser();
  await signIn(browser, authorizeUrl({ ui_locales: 'de' }));
  const named = [...PAGE.matchAll(/^\| `(__Host-[\w.<>-]+)` \|/gm)].map(([, name = '']) => name);
  expect([...browser.cookies.keys()].sort()).toEqual(named.map((name) => name.replace('<tenant>', 'acme')).sort());
});

it('has the policy that a page comes with', async () => {
  const { headers } = await bed.newBrowser().get('/t/acme/sign-out');
  expect(PAGE).toContain(`\nContent-Security-Policy: ${headers['content-security-policy']}\n`);
});

it('shows pictures that npm run pages:pictures makes', () => {
  const shown = [...PAGE.matchAll(/<img src="pages\/([^"]+)" alt="[^"]+"/g)].map(([, file = '']) => file);
  const made = PICTURES.map(({ place, variant }) => pictureFile(place, variant));
  expect(shown.length).toBeGreaterThan(0);
  expect(shown.filter((file) => !made.includes(file))).toEqual([]);
});

it('its lines run, and change what the pages show', async () => {
  using directory = dataDirectory();
  await using server = await ServerProcess.startDemo({ dataDir: directory.path });
  const [lines = ''] = /(?<=^```sh\n).*?(?=^```$)/ms.exec(PAGE) ?? [];
  const { code, stderr } = await runShell(`export SYMBOLON_DATA_DIR='${directory.path}'\nset -e\n${lines}`);
  expect([code, stderr]).toEqual([0, '']);
  const page = await (await fetch(`http://${server.httpAddress}/t/demo/account`)).text();
  expect(page).toContain('Bread and Cheese');
  expect(page).toContain('/pages/accent/0a7a55.css');
});
