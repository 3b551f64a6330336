/**
 * Claims: a page takes at most 10 ms of processor time, and signing in no more beside the hash of its password; with the stylesheet and the
 * script a page has at most 40 KB, logos apart.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { Browser, type Shown } from '../test/http/pages/browser.ts';
import { median, ONE_WORKER, type Symbolon, startSymbolon } from './processes.ts';
import { type Row, row } from './rows.ts';

const SERVER_CPU = 0;
/** A hash is measured by `logins`: here it takes next to nothing. */
const CHEAP_HASHES = ['--argon2-memory-kib', '8', '--argon2-passes', '1'];
const WARM_UP = 300;
const REQUESTS = 500;
/** Of each page, on a server that has served nothing before it but the sign-in. */
const COLD_STARTS = 1;
const MS_PER_NANOSECOND = 1e-6;

interface MeasuredPage {
  readonly name: string;
  /** Below the tenant's base. */
  readonly path: (server: Symbolon) => string;
  readonly signedIn?: true;
  /** Sent as the first form of the page; absent: the page itself is measured. */
  readonly filled?: (server: Symbolon) => Record<string, string>;
}

const at = (path: string) => () => path;
const credentials = ({ demo }: Symbolon) => ({ username: demo.user.login_name, password: demo.user.password });

let unknown = 0;
/** Another each time: the counter of each locks. */
const unknownUser = () => ({ username: `nobody-${unknown++}`, password: 'wrong' });

/** A section of My account is found by the links to it. */
const PAGES: readonly MeasuredPage[] = [
  { name: 'sign in', path: authorize },
  { name: 'signing in: the form', path: at('/account'), filled: credentials },
  { name: 'sign in, wrong password', path: at('/account'), filled: unknownUser },
  { name: 'consent', path: authorize, signedIn: true },
  { name: 'a device’s code', path: at('/device'), signedIn: true },
  { name: 'sign out', path: at('/sign-out'), signedIn: true },
  { name: 'signed out', path: at('/sign-out') },
  { name: 'forgotten password', path: at('/forgotten-password') },
  { name: 'sign up', path: at('/sign-up') },
  { name: 'error: not the client’s redirect URI', path: (server) => authorize(server).replace('callback', 'other') },
];

export async function benchPages(): Promise<readonly Row[]> {
  const server = await start();
  const pages = await reachable(server);
  console.log('Pages: processor time of the server on one core, and bytes with the stylesheet and the script:');
  const [warm, sizes]: [number[], number[]] = [[], []];
  const cold = await coldTimes(pages);
  for (const page of pages) {
    const [each, { status, own, whole }] = [await warmMs(server, page), await sizeOf(server, page)];
    warm.push(each);
    sizes.push(whole);
    const first = median(cold.get(page.name) ?? []).toFixed(1);
    const size = own === 0 ? 'no page' : `${kb(own)}, whole ${kb(whole)}`;
    console.log(`  ${page.name} (${status}): ${each.toFixed(2)} ms; the first of a server ${first} ms; ${size}`);
  }
  console.log('');
  await server.stop();
  const coldest = Math.max(...[...cold.values()].map(median));
  return [
    row(
      'a page, processor time: warm; the first of a server',
      'at most 10 ms',
      `at most ${ms(warm)}; ${ms([coldest])}`,
    ),
    row('a page with stylesheet and script, logos apart', 'at most 40 KB', `at most ${kb(Math.max(...sizes))}`),
  ];
}

const ms = (all: readonly number[]): string => `${Math.max(...all).toFixed(1)} ms`;
const kb = (bytes: number): string => `${(bytes / 1_000).toFixed(1)} KB`;

const start = () => startSymbolon(SERVER_CPU, 'sqlite', [...ONE_WORKER, ...CHEAP_HASHES]);

function authorize({ demo }: Symbolon): string {
  const { client_id, redirect_uri } = demo.web;
  const pkce = { code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256' };
  return `/oauth2/authorize?${new URLSearchParams({ response_type: 'code', client_id, redirect_uri, state: 's', ...pkce })}`;
}

async function visitor(server: Symbolon, { signedIn }: Pick<MeasuredPage, 'signedIn'>): Promise<Browser> {
  const browser = new Browser(server.demo.http);
  if (signedIn === true) {
    await browser.submit(await browser.get('/account'), credentials(server));
  }
  return browser;
}

/** Those that this server has, with the sections of My account. */
async function reachable(server: Symbolon): Promise<readonly MeasuredPage[]> {
  const browser = await visitor(server, { signedIn: true });
  const { text } = await browser.get('/account');
  const sections = new Set([...text.matchAll(/href="(\/account[\w/-]*)"/g)].map(([, path = '']) => path));
  const all: readonly MeasuredPage[] = [
    ...PAGES,
    ...[...sections].map((path) => ({ name: path, path: at(path), signedIn: true as const })),
  ];
  const found = await Promise.all(
    all.map(async (page) => (await (await visitor(server, page)).get(page.path(server))).status !== 404),
  );
  // What signs in comes last: a user of many logins has longer pages.
  return all
    .filter((_, index) => found[index])
    .sort((a, b) => Number(a.filled !== undefined) - Number(b.filled !== undefined));
}

async function warmMs(server: Symbolon, page: MeasuredPage): Promise<number> {
  const browser = await visitor(server, page);
  const request = await requestOf(server, browser, page);
  for (let i = 0; i < WARM_UP; i++) {
    await request();
  }
  const before = processorMs(server.pid);
  for (let i = 0; i < REQUESTS; i++) {
    await request();
  }
  return (processorMs(server.pid) - before) / REQUESTS;
}

async function coldTimes(pages: readonly MeasuredPage[]): Promise<Map<string, number[]>> {
  const times = new Map<string, number[]>(pages.map(({ name }) => [name, []]));
  for (let i = 0; i < COLD_STARTS; i++) {
    for (const page of pages) {
      const server = await start();
      const request = await requestOf(server, await visitor(server, page), page);
      const before = processorMs(server.pid);
      await request();
      times.get(page.name)?.push(processorMs(server.pid) - before);
      await server.stop();
    }
  }
  return times;
}

/** The request that is measured. A form may be sent again and again. */
async function requestOf(server: Symbolon, browser: Browser, page: MeasuredPage): Promise<() => Promise<Shown>> {
  const { path, filled } = page;
  if (filled === undefined) {
    return () => browser.get(path(server));
  }
  const shown = await browser.get(path(server));
  const cookies = [...browser.cookies];
  return () => {
    // Nobody is signed in before it.
    browser.cookies.clear();
    for (const [name, value] of cookies) {
      browser.cookies.set(name, value);
    }
    return browser.submit(shown, filled(server));
  };
}

async function sizeOf(server: Symbolon, page: MeasuredPage) {
  const browser = await visitor(server, page);
  const shown = await (await requestOf(server, browser, page))();
  const files = [...shown.text.matchAll(/<(?:link[^>]* rel="stylesheet"|script)[^>]*>/g)].flatMap(
    ([tag]) => /(?:href|src)="([^"]*)"/.exec(tag)?.[1] ?? [],
  );
  const texts = await Promise.all(files.map(async (file) => (await browser.get(file)).text));
  const own = Buffer.byteLength(shown.text);
  return { status: shown.status, own, whole: texts.reduce((sum, text) => sum + Buffer.byteLength(text), own) };
}

/** Of all its threads, from Linux's scheduler: `/proc/<pid>/stat` counts in hundredths of a second. */
function processorMs(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const nanoseconds = threads.map((id) =>
    Number(readFileSync(`/proc/${pid}/task/${id}/schedstat`, 'utf8').split(' ')[0]),
  );
  return nanoseconds.reduce((sum, each) => sum + each, 0) * MS_PER_NANOSECOND;
}
