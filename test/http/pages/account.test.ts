/** The first page of My account: what there is to say of each section. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeUser } from '../../support.ts';
import { authorizeUrl, OTHER, openPagesBed, PASSWORD, type PagesBed, SCRIPT, signIn, TENANT } from './bed.ts';
import type { Browser, Shown } from './browser.ts';

let bed: PagesBed;
let count = 0;
const PAGE = `/t/${TENANT}/account`;

beforeAll(async () => {
  bed = await openPagesBed();
});
afterAll(() => bed.close());

async function newUser(more: Partial<Parameters<typeof makeUser>[2]> = {}): Promise<Browser> {
  const user = `overview-${++count}`;
  await makeUser(bed.services, TENANT, { subjectId: user, loginName: user, password: PASSWORD, ...more });
  const browser = bed.newBrowser();
  await signIn(browser, PAGE, user);
  return browser;
}

/** What the cards say, by the last part of their address. */
function cardsOf({ text }: Shown): Record<string, { lines: string[]; isWarning: boolean }> {
  const cards = text.matchAll(/<li( class="attention")?><a href="([^"]*)">\s*<h2>[^<]*<\/h2>([\s\S]*?)<\/a><\/li>/g);
  return Object.fromEntries(
    [...cards].map(([, warning, path = '', body = '']) => [
      path.slice(PAGE.length + 1),
      { lines: [...body.matchAll(/<span>([^<]*)<\/span>/g)].map(([, line = '']) => line), isWarning: !!warning },
    ]),
  );
}

describe('the overview', () => {
  it('has a way to each section, and warns of what protects nobody', async () => {
    const browser = await newUser();
    const cards = cardsOf(await browser.get(PAGE));
    expect(cards).toMatchObject({
      applications: { lines: ['No applications have access'], isWarning: false },
      devices: { lines: ['No devices'], isWarning: false },
      places: { lines: ['Signed in at 1 place'], isWarning: false },
      'second-factor': { lines: ['Off: your password alone opens your account'], isWarning: true },
      addresses: { lines: ['You have no address by which you could get a new password'], isWarning: true },
    });
    expect(Object.keys(cards)).toHaveLength(7);
  });

  it('counts what there is', async () => {
    const browser = await newUser();
    await browser.submit(await browser.get(authorizeUrl()), { decision: 'allow' });
    const { applications } = cardsOf(await browser.get(PAGE));
    expect(applications?.lines).toEqual(['1 application has access']);
  });

  it('warns of an address until it is verified', async () => {
    const proven = await newUser({ email: 'ann@example.com', emailVerified: true });
    expect(cardsOf(await proven.get(PAGE)).addresses).toEqual({
      lines: ['ann@example.com, verified'],
      isWarning: false,
    });
    const open = await newUser({ email: 'bob@example.com', phone: '+4915112345678', phoneVerified: true });
    expect(cardsOf(await open.get(PAGE)).addresses).toEqual({
      lines: ['bob@example.com, not verified', '+4915112345678, verified'],
      isWarning: true,
    });
  });

  it.each([
    ['de', 'Mein Konto', 'An 1 Ort angemeldet'],
    ['ja', 'マイアカウント', '1か所でログインしています'],
  ])('is written in %s', async (tag, title, line) => {
    const { text } = await (await newUser()).get(`${PAGE}?ui_locales=${tag}`);
    expect(text).toContain(`<html lang="${tag}"`);
    expect(text).toContain(`<h1>${title}</h1>`);
    expect(text).toContain(line);
  });

  it('is nobody’s but the user’s', async () => {
    expect((await bed.newBrowser().get(PAGE)).text).toContain('<h1>Sign in</h1>');
    const elsewhere = bed.newBrowser();
    await signIn(elsewhere, `/t/${OTHER}/account`);
    expect((await elsewhere.get(PAGE)).text).toContain('<h1>Sign in</h1>');
  });

  it.each(['', '/places', '/applications'])('%s opens in several tabs at once', async (section) => {
    const browser = await newUser();
    const shown = await Promise.all(Array.from({ length: 8 }, () => browser.get(PAGE + section)));
    expect(new Set(shown.map(({ status }) => status))).toEqual(new Set([200]));
  });

  it('says nothing that an address made up', async () => {
    const browser = await newUser();
    for (const done of [SCRIPT, 'constructor', '__proto__']) {
      expect((await browser.get(`${PAGE}?done=${encodeURIComponent(done)}`)).text).not.toContain('role="status"');
    }
  });
});
