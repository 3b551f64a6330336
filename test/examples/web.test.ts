/** `examples/web`, as a newcomer runs it, and as those who try its doors. */
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { html, page } from '../../examples/web/html.ts';
import { Client } from '../../sdk/typescript/client/src/index.ts';
import { CHROMIUM, HAS_CHROMIUM } from '../http/connect/browser.ts';
import { Browser } from '../http/pages/browser.ts';
import { type Account, Visitor } from '../http/pages/visitor.ts';
import { environment, eventually, ROOT, Running } from '../process/program.ts';
import { dataDirectory, ServerProcess } from '../process/server-process.ts';

const RUN = join(ROOT, 'examples', 'web', 'run');

interface App {
  readonly url: string;
  readonly account: Account;
  readonly running: Running;
}

async function startApp(args: readonly string[] = []): Promise<App> {
  const running = new Running(RUN, args, environment({ PORT: '0' }));
  const [, url = '', username = '', password = ''] = await eventually('the app to be served', () => {
    if (running.hasEnded) {
      throw new Error(`it ended: ${running.stderr}`);
    }
    return /^ready (\S+), sign in as (\S+) with (\S+)$/m.exec(running.stdout) ?? undefined;
  });
  return { url, account: { username, password }, running };
}

const pathOf = (url: URL): string => url.pathname + url.search;

describe('the app', () => {
  let directory: ReturnType<typeof dataDirectory>;
  let symbolon: ServerProcess;
  let app: App;
  let admin: Client;

  beforeAll(async () => {
    directory = dataDirectory();
    symbolon = await ServerProcess.startDemo({ dataDir: directory.path });
    app = await startApp([join(directory.path, 'demo.json')]);
    const { client_id: clientId, client_secret: clientSecret } = symbolon.demo.admin;
    admin = new Client({ address: symbolon.grpcAddress, clientId, clientSecret });
  });
  afterAll(async () => {
    admin?.close();
    await app?.running.end('SIGTERM');
    await symbolon?.kill();
    directory[Symbol.dispose]();
  });

  function newBrowser(): Browser {
    const browser = new Browser(new URL(app.url).host);
    browser.headers = { origin: new URL(app.url).origin };
    return browser;
  }

  /** To the pages of Symbolon and back to the door of the app. */
  async function decided(browser: Browser, decision: 'allow' | 'deny' = 'allow'): Promise<URL> {
    const { location = '' } = await browser.get('/sign-in');
    return new Visitor(location, app.account).decide(location, decision);
  }

  async function signedIn(): Promise<Browser> {
    const browser = newBrowser();
    expect(await browser.get(pathOf(await decided(browser)))).toMatchObject({ status: 303, location: '/' });
    return browser;
  }

  /** Of the user, that were given to the app. */
  async function loginsOfApp(): Promise<number> {
    const subject = { $case: 'userId', value: symbolon.demo.user.id } as const;
    const { families } = await admin.tokens.listTokens({ subject, pageSize: 1_000, pageToken: '' });
    return families.filter(({ clientId }) => clientId === symbolon.demo.web.client_id).length;
  }

  // Before anybody has allowed it: then nobody is asked again.
  it('says that the user did not allow it', async () => {
    const browser = newBrowser();
    const page = await browser.get(pathOf(await decided(browser, 'deny')));
    expect(page).toMatchObject({ status: 403, text: expect.stringContaining('You did not allow it') });
    expect((await browser.get('/')).text).toContain('Sign in with Symbolon');
  });

  it('signs its visitor in, calls a service for them, and has no token in a page', async () => {
    const browser = newBrowser();
    const first = await browser.get('/');
    expect(first).toMatchObject({ status: 200, text: expect.stringContaining('Sign in with Symbolon') });
    expect(browser.cookies.size).toBe(0);
    const back = await decided(browser);
    const before = browser.cookies.get('session') ?? '';
    const signed = await browser.get(pathOf(back));
    expect(signed).toMatchObject({ status: 303, location: '/' });
    expect(signed.headers['set-cookie']).toEqual([
      expect.stringMatching(/^session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/),
    ]);
    const page = await browser.get('/');
    expect(page.text).toContain(`You are <strong>${symbolon.demo.user.id}</strong>`);
    expect(page.text).toContain('<li>bread</li>');
    expect(page.text).toContain(`href="http://${symbolon.httpAddress}/t/demo/account"`);
    expect(JSON.stringify(page)).not.toMatch(/sy[a-z]_\w{10}/);
    expect(page.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'same-origin' });
    expect(page.headers['content-security-policy']).toContain("frame-ancestors 'none'");
    // What somebody planted before the sign-in is worth nothing after it.
    expect(browser.cookies.get('session')).not.toBe(before);
    expect((await newBrowser().get('/', { cookie: `session=${before}` })).text).toContain('Sign in with Symbolon');
    // The page of the callback, loaded again.
    expect(await browser.get(pathOf(back))).toMatchObject({ status: 303, location: '/' });
  });

  it('takes no callback of another browser, of another sign-in, or twice', async () => {
    const [browser, other] = [newBrowser(), newBrowser()];
    const back = await decided(browser);
    const begunNowhere = { status: 400, text: expect.stringContaining('No sign-in was begun in this browser') };
    expect(await newBrowser().get(pathOf(back))).toMatchObject(begunNowhere);
    await other.get('/sign-in');
    const notTheLast = { status: 400, text: expect.stringContaining('not the sign-in that was begun last') };
    expect(await other.get(pathOf(back))).toMatchObject(notTheLast);
    expect((await other.get('/')).text).toContain('Sign in with Symbolon');
    const forged = new URL(back);
    forged.searchParams.set('iss', 'https://elsewhere.example');
    expect(await browser.get(pathOf(forged))).toMatchObject({ status: 400 });
    expect(await browser.get(pathOf(back))).toMatchObject({ status: 303, location: '/' });
  });

  it('ends the tokens when it signs out, and only for a form of its own', async () => {
    const browser = await signedIn();
    const before = await loginsOfApp();
    const page = await browser.get('/');
    browser.headers = { origin: 'http://localhost:1' };
    expect(await browser.submit(page, {})).toMatchObject({ status: 403 });
    expect((await browser.get('/')).text).toContain('You are signed in');
    browser.headers = { origin: new URL(app.url).origin };
    const kept = browser.cookies.get('session');
    expect(await browser.submit(page, {})).toMatchObject({ status: 303, location: '/signed-out' });
    expect(await loginsOfApp()).toBe(before - 1);
    expect(browser.cookies.size).toBe(0);
    expect((await browser.get('/', { cookie: `session=${kept}` })).text).toContain('Sign in with Symbolon');
    const { text } = await browser.get('/signed-out');
    expect(text).toContain(`href="http://${symbolon.httpAddress}/t/demo/sign-out"`);
  });

  it('says that a sign-in has ended that was ended elsewhere', async () => {
    const browser = await signedIn();
    await admin.tokens.revokeAll({ target: { $case: 'userId', value: symbolon.demo.user.id } });
    const ended = { status: 401, text: expect.stringContaining('Your sign-in has ended') };
    expect(await browser.get('/')).toMatchObject(ended);
    expect(await browser.get('/')).toMatchObject({ status: 200, text: expect.stringContaining('Sign in with') });
  });

  it('escapes what is put into its pages', () => {
    const [name, text] = [`<b a="1">'&`, '&lt;b a=&quot;1&quot;&gt;&#39;&amp;'];
    const made = page(name, html`<p title="${name}">${[name, html`<i>${name}</i>`]}</p>`, name);
    expect(made).not.toContain('<b a');
    expect(made).toContain(`<p title="${text}">${text}<i>${text}</i></p>`);
  });

  it('has written nothing about all that', () => expect(app.running.stderr).toBe(''));
});

describe.skipIf(!HAS_CHROMIUM)(`in a browser${HAS_CHROMIUM ? '' : ' (skipped: there is no Chromium here)'}`, () => {
  it('signs in, shows who it is, and signs out of both', async () => {
    const { url, account, running } = await startApp();
    const browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ['--no-sandbox', '--disable-dev-shm-usage'],
    });
    try {
      const page = await browser.newPage();
      await page.goto(url);
      await page.getByRole('link', { name: 'Sign in with Symbolon' }).click();
      await page.locator('[name=username]').fill(account.username);
      await page.locator('[name=password]').fill(account.password);
      await page.locator('button[type=submit]').first().click();
      await page.locator('button[value=allow]').click();
      await page.getByRole('heading', { name: 'You are signed in' }).waitFor();
      expect(page.url()).toBe(url);
      expect(await page.getByRole('listitem').allInnerTexts()).toEqual(['bread', 'cheese']);
      expect(await page.evaluate('document.cookie')).toBe('');
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
      await page.getByRole('link', { name: 'Sign out of Symbolon too' }).click();
      expect(page.url()).toMatch(/\/t\/demo\/sign-out$/);
      await page.locator('main form button[type=submit]').first().click();
      await page.goto(url);
      await page.getByRole('link', { name: 'Sign in with Symbolon' }).click();
      await page.locator('[name=password]').waitFor();
    } finally {
      await browser.close();
      const ending = await running.end('SIGTERM');
      expect(ending.code).not.toBeNull();
    }
  });
});
