/** What goes wrong in browsers: going back, two tabs, a page left open, other people's cookies, things that are gone. */
import { describe, expect, it } from 'vitest';
import { authorizeUrl, makeAppClient, PASSWORD, signIn } from '../http/pages/bed.ts';
import { make } from '../support.ts';
import { askUrl, type RealBed, signInAs } from './bed.ts';
import type { Visit } from './chromium.ts';
import { describeInChromium, expectCalm, sentBack } from './stage.ts';

const ALLOW = 'button[value=allow]';
const HOUR_MS = 60 * 60_000;

let states = 0;
const newState = () => `trouble-${++states}`;
const shows = (visit: Visit, step: string) => visit.page.locator(`input[name=step][value=${step}]`).count();

async function goBack(visit: Visit): Promise<void> {
  await visit.page.goBack();
}

describeInChromium('in trouble', (stage) => {
  it('goes back after signing in, and sees no form that was sent', async () => {
    const { bed } = stage;
    await using visit = await stage.visit();
    await visit.open(`${bed.origin}/t/acme/device`);
    await visit.open(askUrl(bed));
    await visit.send({ username: 'ann', password: PASSWORD });
    await goBack(visit);
    await visit.page.goForward();
    // Whatever the browser shows is of somebody who is signed in, or of the page before.
    expect(await shows(visit, 'consent')).toBe(1);
    await expectCalm(bed, visit);
  });

  it('goes back after agreeing, and agrees again', async () => {
    const { bed } = stage;
    await using visit = await stage.visit();
    await signInAs(bed, visit);
    const state = newState();
    await visit.open(askUrl(bed, { state }));
    await visit.press(ALLOW);
    const first = bed.arrived.filter((path) => path.includes(state)).length;
    await goBack(visit);
    await expectCalm(bed, visit);
    await visit.press(ALLOW);
    expect(bed.arrived.filter((path) => path.includes(state)).length).toBe(first + 1);
  });

  it('signs out in another tab, and agrees in this one', async () => {
    const { bed } = stage;
    await using visit = await stage.visit();
    await signInAs(bed, visit);
    const state = newState();
    await visit.open(askUrl(bed, { state }));
    const first = visit.page;
    await visit.newTab();
    await visit.open(`${bed.origin}/t/acme/sign-out`);
    await visit.press('form button');
    visit.page = first;
    await visit.press(ALLOW);
    expect([await shows(visit, 'sign_in'), sentBack(bed, state)]).toEqual([1, undefined]);
    await expectCalm(bed, visit);
    // And goes on from there.
    await visit.send({ username: 'ann', password: PASSWORD });
    await visit.press(ALLOW);
    expect(sentBack(bed, state)).toHaveProperty('code');
  });

  it('is somebody else in another tab, and agrees in this one', async () => {
    const { bed } = stage;
    await using visit = await stage.visit();
    await signInAs(bed, visit, 'ann');
    const state = newState();
    await visit.open(askUrl(bed, { state }));
    const first = visit.page;
    await visit.newTab();
    await visit.open(askUrl(bed, { prompt: 'login' }));
    await visit.send({ username: 'bob', password: PASSWORD });
    visit.page = first;
    await visit.press(ALLOW);
    // What Ann was shown does nothing for Bob.
    expect([visit.statuses.at(-1), sentBack(bed, state)]).toEqual([403, undefined]);
    await expectCalm(bed, visit);
    await visit.press('main a');
    expect([await shows(visit, 'consent'), (await visit.text()).includes('bob')]).toEqual([1, true]);
  });

  it('signs in in two tabs, one after the other', async () => {
    const { bed } = stage;
    await using visit = await stage.visit();
    await visit.open(askUrl(bed));
    const first = visit.page;
    await visit.newTab();
    await visit.open(askUrl(bed));
    await visit.send({ username: 'ann', password: PASSWORD });
    visit.page = first;
    await visit.send({ username: 'ann', password: PASSWORD });
    expect(await shows(visit, 'consent')).toBe(1);
    await expectCalm(bed, visit);
  });

  it.each([
    { what: 'sign in', isSignedIn: false },
    { what: 'agree', isSignedIn: true },
  ])('leaves a form open overnight: $what', async ({ isSignedIn }) => {
    const { bed } = stage;
    await using visit = await stage.visit();
    if (isSignedIn) {
      await signInAs(bed, visit);
    }
    const state = newState();
    await visit.open(askUrl(bed, { state }));
    bed.clock.advance(12 * HOUR_MS);
    await (isSignedIn ? visit.press(ALLOW) : visit.send({ username: 'ann', password: PASSWORD }));
    await expectCalm(bed, visit);
    expect([visit.statuses.at(-1), sentBack(bed, state)]).toEqual([400, undefined]);
    // It says how to go on, and that works.
    if ((await shows(visit, 'sign_in')) === 0) {
      await visit.press('main a');
    }
    if ((await shows(visit, 'sign_in')) > 0) {
      await visit.send({ username: 'ann', password: PASSWORD });
    }
    await visit.press(ALLOW);
    expect(sentBack(bed, state)).toHaveProperty('code');
  });

  it('comes with the cookie of another tenant', async () => {
    const { bed } = stage;
    await using visit = await stage.visit();
    const value = await cookieOf(bed, 'umbrella');
    await visit.context.addCookies(
      ['symbolon-umbrella', 'symbolon-acme'].map((name) => ({ name, value, url: bed.origin })),
    );
    for (const path of ['/t/acme/device', authorizeUrl(), '/t/acme/account']) {
      await visit.open(bed.origin + path);
      expect(await shows(visit, 'sign_in')).toBe(1);
      await expectCalm(bed, visit);
    }
  });

  it.each([
    { when: 'the password is typed', isSignedIn: false },
    { when: 'it is agreed', isSignedIn: true },
  ])('has to do with a client that is deleted before $when', async ({ isSignedIn }) => {
    const { bed } = stage;
    const client_id = `gone-${isSignedIn}`;
    const registration = { grants: ['authorization_code'], redirectUris: ['http://127.0.0.1/back'] } as const;
    await makeAppClient(bed, client_id, registration, { confidential: false });
    await using visit = await stage.visit();
    if (isSignedIn) {
      await signInAs(bed, visit);
    }
    const state = newState();
    await visit.open(askUrl(bed, { client_id, state }));
    await make(bed.store, {
      kind: 'cut_off',
      tenantId: 'acme',
      target: { kind: 'client', id: client_id },
      cause: 'deleted',
    });
    await (isSignedIn ? visit.press(ALLOW) : visit.send({ username: 'ann', password: PASSWORD }));
    expect([visit.statuses.at(-1), sentBack(bed, state)]).toEqual([400, undefined]);
    await expectCalm(bed, visit);
  });

  it('has to do with a tenant that is disabled meanwhile', async () => {
    const { bed } = stage;
    await using visit = await stage.visit();
    await visit.open(`${bed.origin}/t/umbrella/device`);
    const target = { kind: 'tenant', id: 'umbrella' } as const;
    await make(bed.store, { kind: 'cut_off', tenantId: 'umbrella', target, cause: 'disabled' });
    await visit.send({ username: 'ann', password: PASSWORD });
    expect(visit.statuses.at(-1)).toBeGreaterThanOrEqual(400);
    await expectCalm(bed, visit);
    await make(bed.store, { kind: 'enable', tenantId: 'umbrella', target });
  });

  describe('with everything twice', () => {
    it.each(['client_id', 'redirect_uri', 'state', 'scope', 'response_type', 'code_challenge', 'prompt', 'ui_locales'])(
      'in a link: %s',
      async (name) => {
        const { bed } = stage;
        await using visit = await stage.visit();
        const state = newState();
        const url = askUrl(bed, { state });
        const value = new URL(url).searchParams.get(name) ?? 'ja';
        const before = bed.arrived.length;
        const twice = `${name}=${encodeURIComponent(value)}`;
        await visit.open(`${url}&${twice}&${twice}`);
        // An app whose address is beyond doubt is told; else the person is, who is sent nowhere.
        const told = bed.arrived.slice(before).map((path) => new URL(path, bed.back).searchParams.get('error'));
        if (told.length > 0) {
          expect(told).toEqual(['invalid_request']);
        } else {
          await expectCalm(bed, visit);
        }
        expect(sentBack(bed, state)?.code).toBeUndefined();
      },
    );

    it.each(['username', 'password', 'step', 'form_token'])('in a form: %s', async (name) => {
      const { bed } = stage;
      await using visit = await stage.visit();
      await visit.open(askUrl(bed));
      await visit.fill({ username: 'ann', password: PASSWORD });
      await visit.page.evaluate(`{
        const field = document.querySelector('main [name=${name}]');
        const twin = field.cloneNode();
        twin.type = 'hidden';
        twin.value = field.value;
        field.form.append(twin);
      }`);
      await visit.press('main form button:not([type=button])');
      await expectCalm(bed, visit);
      expect(visit.statuses.at(-1)).toBe(name === 'form_token' ? 403 : 400);
      expect((await visit.context.cookies()).map((cookie) => cookie.name)).not.toContain('symbolon-acme');
    });
  });

  it('comes with cookies off', async () => {
    const { bed } = stage;
    await using visit = await stage.visit();
    await visit.open(askUrl(bed));
    await visit.context.clearCookies();
    await visit.send({ username: 'ann', password: PASSWORD });
    expect(visit.statuses.at(-1)).toBe(403);
    await expectCalm(bed, visit);
  });
});

async function cookieOf(bed: RealBed, tenantId: string): Promise<string> {
  const browser = bed.newBrowser();
  await signIn(browser, `/t/${tenantId}/device`);
  return browser.cookies.get(`symbolon-${tenantId}`) ?? '';
}
