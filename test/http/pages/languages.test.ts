/** In which language a reader gets the pages, and that it stays so (OpenID Connect Core section 3.1.2.1, RFC 9110 section 12.5.4). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LANGUAGE_TAGS } from '../../../src/http/languages.ts';
import { LANGUAGES, languageFor } from '../../../src/http/pages/texts/languages.ts';
import { authorizeUrl, openPagesBed, type PagesBed, signIn, TENANT } from './bed.ts';
import { type Shown, unescaped } from './browser.ts';

let bed: PagesBed;

beforeAll(async () => {
  bed = await openPagesBed();
});
afterAll(() => bed.close());

const languageOf = ({ text }: Shown) => /^<!doctype html>\n<html lang="([^"]+)" dir="ltr">/.exec(text)?.[1];
const picked = ({ text }: Shown, tag: string) =>
  unescaped(new RegExp(`<a lang="${tag}"[^>]* href="([^"]*)"`).exec(text)?.[1] ?? '');
const DEVICE = `/t/${TENANT}/device`;

it('is one of those that the metadata tell', () => {
  expect(LANGUAGES.map(({ tag }) => tag)).toEqual(LANGUAGE_TAGS);
});

describe('the language', () => {
  it.each([
    ['nothing', {}, 'en'],
    ['a wish', { uiLocales: 'ja' }, 'ja'],
    ['the first wish that there is', { uiLocales: 'fr de-AT ja' }, 'de'],
    ['wishes that there are not', { uiLocales: 'fr', remembered: 'ja', acceptLanguage: 'de' }, 'ja'],
    ['a wish before what is remembered', { uiLocales: 'en', remembered: 'ja', acceptLanguage: 'de' }, 'en'],
    ['what is remembered before the browser', { remembered: 'ja', acceptLanguage: 'de' }, 'ja'],
    ['the weights of the browser', { acceptLanguage: 'en;q=0.2, fr, ja;q=0.8, de;q=0.9' }, 'de'],
    ['a weight of nothing', { acceptLanguage: 'ja;q=0, de;q=0.1' }, 'de'],
    ['a header without a tag in it', { acceptLanguage: ';;q=x,,de-' }, 'en'],
    ['a name of every object', { uiLocales: 'constructor __proto__', remembered: 'toString' }, 'en'],
  ])('by %s', (_, wishes, tag) => expect(languageFor(wishes).tag).toBe(tag));
});

describe('ui_locales', () => {
  it.each([
    ['the authorization endpoint', authorizeUrl({ ui_locales: 'de' })],
    ['the page for devices', `${DEVICE}?ui_locales=de`],
    ['My account', `/t/${TENANT}/account?ui_locales=de`],
    ['signing out', `/t/${TENANT}/sign-out?ui_locales=de`],
    ['a link that can’t be used', authorizeUrl({ client_id: 'nobody', ui_locales: 'de' })],
    ['an unknown tenant', '/t/nobody/device?ui_locales=de'],
  ])('is obeyed at %s', async (_, url) => {
    const page = await bed.newBrowser().get(url, { 'accept-language': 'ja' });
    expect(languageOf(page)).toBe('de');
    expect(page.headers['content-language']).toBe('de');
  });

  it('holds from the link to the end, through what goes wrong', async () => {
    const browser = bed.newBrowser();
    browser.headers = { 'accept-language': 'ja' };
    const url = authorizeUrl({ ui_locales: 'de', prompt: 'login consent' });
    const wrong = await signIn(browser, url, 'ann', 'wrong');
    const right = await signIn(browser, url);
    const consent = await browser.get(right.location ?? '');
    const stale = await browser.post(url, { step: 'consent', form_token: 'x', decision: 'allow' });
    expect([wrong, consent, stale].map(languageOf)).toEqual(['de', 'de', 'de']);
    expect(new URL(right.location ?? '', 'http://x').searchParams.get('ui_locales')).toBe('de');
    expect(consent.text).toContain('zulassen?');
    // And at pages whose address does not say it.
    expect(languageOf(await browser.get(DEVICE))).toBe('de');
    expect(languageOf(await browser.get(`/t/${TENANT}/sign-out`))).toBe('de');
  });

  it('is kept by ARTIK’s paths', async () => {
    for (const path of ['/authorize', '/signin']) {
      const { location = '' } = await bed.newBrowser().get(authorizeUrl({ ui_locales: 'ja' }, path));
      expect(languageOf(await bed.newBrowser().get(location))).toBe('ja');
    }
  });

  it('that there is not is as if it were not there, and is not remembered', async () => {
    const browser = bed.newBrowser();
    const page = await browser.get(authorizeUrl({ ui_locales: 'fr' }), { 'accept-language': 'ja' });
    expect([languageOf(page), [...browser.cookies.keys()]]).toEqual(['ja', ['symbolon.browser']]);
  });

  it('given twice is the client’s mistake', async () => {
    const { location } = await bed.newBrowser().get(`${authorizeUrl({ ui_locales: 'de' })}&ui_locales=ja`);
    expect(new URL(location ?? '').searchParams.get('error')).toBe('invalid_request');
  });
});

describe('the picker', () => {
  it('keeps all else that is asked, and is remembered', async () => {
    const browser = bed.newBrowser();
    const url = authorizeUrl({ scope: 'read write', login_hint: 'ann', ui_locales: 'de' });
    const link = picked(await browser.get(url), 'ja');
    const [before, after] = [url, link].map((each) => Object.fromEntries(new URL(each, 'http://x').searchParams));
    expect(after).toEqual({ ...before, ui_locales: 'ja' });
    expect(languageOf(await browser.get(link))).toBe('ja');
    expect(languageOf(await browser.get(authorizeUrl()))).toBe('ja');
    const cookie = browser.cookies.get('symbolon.language');
    expect(cookie).toBe('ja');
    // The language that is shown is no link.
    expect(picked(await browser.get(link), 'ja')).toBe('');
  });

  it('of a form that was sent leads back to the page of the form', async () => {
    const wrong = await signIn(bed.newBrowser(), authorizeUrl({ login_hint: 'ann' }), 'ann', 'wrong');
    const link = picked(wrong, 'de');
    expect(link).toContain('login_hint=ann');
    expect(await bed.newBrowser().get(link)).toMatchObject({ status: 200 });
  });

  it('of a page that failed echoes nothing but what the pages know', async () => {
    const query = 'client_id=nobody&user_code=AB&password=secret&access_token=syu_x&%3Cb%3E=1';
    for (const path of [`/t/${TENANT}/oauth2/authorize`, '/t/nobody/device', '/t/nobody/nothing']) {
      const page = await bed.newBrowser().get(`${path}?${query}`, { accept: 'text/html' });
      expect(page.status).toBeGreaterThanOrEqual(400);
      expect(picked(page, 'de')).toBe(`${path}?client_id=nobody&user_code=AB&ui_locales=de`);
      expect(page.text).not.toMatch(/secret|syu_x/);
    }
  });
});
