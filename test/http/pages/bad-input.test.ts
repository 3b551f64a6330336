/** What people and clients get wrong at consent and at the page for devices: each ends at a page that says so, and nothing is done. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { beginDeviceAuthorization, redeemDeviceCode } from '../../../src/core/operations/device-authorization.ts';
import { callerOf, make } from '../../support.ts';
import {
  authorizeUrl,
  makeAppClient,
  OTHER,
  openPagesBed,
  PASSWORD,
  type PagesBed,
  signedInAt,
  signIn,
  TENANT,
  WEB,
} from './bed.ts';
import { formsOf, type Shown, unescaped } from './browser.ts';

let bed: PagesBed;
const DEVICE = `/t/${TENANT}/device`;
const OVERNIGHT_MS = 10 * 60 * 60_000;

beforeAll(async () => {
  bed = await openPagesBed({ policy: { loginAttempts: 100 } });
});
afterAll(() => bed.close());

const begin = async (clientId = 'tv') =>
  beginDeviceAuthorization(bed.services, { caller: await callerOf(bed.services, clientId) }, { scopes: ['read'] });

async function waits(deviceCode: string, clientId = 'tv'): Promise<void> {
  const caller = await callerOf(bed.services, clientId);
  const redeemed = redeemDeviceCode(bed.services, { caller }, { kind: 'device_code', deviceCode });
  await expect(redeemed).rejects.toMatchObject({ code: 'authorization_pending' });
}

/** A page of ours that tells it, and leads nowhere else. */
function expectTold(page: Shown, status: number, words: string): void {
  expect([page.status, page.location]).toEqual([status, undefined]);
  expect(page.text).toContain(words);
  expect(page.text).toMatch(/<h1[ >]/);
  expect(page.text).not.toMatch(/\.ts:\d|node:internal| at \w+ \(/);
}

const wayOn = ({ text }: Shown) => unescaped(/<a class="button" href="([^"]*)"/.exec(text)?.[1] ?? '');

/** A form of the page as its bytes, with what comes twice. */
async function sendTwice(page: Shown, fields: Record<string, string>, again: string, browser = bed.newBrowser()) {
  const form = formsOf(page.text)[0];
  const body = new URLSearchParams({ ...form?.fields, ...fields });
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const headers = { cookie, 'content-type': 'application/x-www-form-urlencoded' };
  const response = await fetch(`http://${bed.http.address}${form?.action}`, {
    ...{ method: 'POST', headers, body: `${body}&${again}`, redirect: 'manual' },
  });
  return { status: response.status, location: response.headers.get('location'), text: await response.text() };
}

describe('consent', () => {
  it('left open overnight agrees to nothing, and can begin again', async () => {
    const browser = bed.newBrowser();
    const page = await signedInAt(browser, authorizeUrl({ scope: 'write' }));
    bed.clock.advance(OVERNIGHT_MS);
    const answer = await browser.submit(page, { decision: 'allow' });
    // By then the login has ended, too, or the form is too old: never is it taken.
    expect([answer.status, answer.location]).toEqual([400, undefined]);
    const again = wayOn(answer);
    expect((await browser.get(again === '' ? authorizeUrl({ scope: 'write' }) : again)).status).toBe(200);
  });

  it('without its token, or with another page’s, is refused', async () => {
    const browser = bed.newBrowser();
    const page = await signedInAt(browser, authorizeUrl({ scope: 'write' }));
    const other = await browser.get(authorizeUrl({ scope: 'write', state: 'other' }));
    const tokens = ['', 'x', formsOf(other.text)[0]?.fields.form_token ?? ''];
    for (const form_token of tokens) {
      const answer = await browser.submit(page, { decision: 'allow', form_token });
      expectTold(answer, 403, 'This form can’t be used');
      expect(await browser.get(wayOn(answer))).toMatchObject({ status: 200 });
    }
  });

  it('with anything twice agrees to nothing', async () => {
    const browser = bed.newBrowser();
    const page = await signedInAt(browser, authorizeUrl({ scope: 'write' }));
    const twice = (again: string) => sendTwice(page, { decision: 'allow' }, again, browser);
    expect(await twice('form_token=x')).toMatchObject({ status: 403, location: null });
    expect(await twice('step=consent')).toMatchObject({ status: 400, location: null });
    expect((await twice('decision=allow')).location).toContain('error=access_denied');
    expect((await browser.get(authorizeUrl({ scope: 'write', prompt: 'none' }))).location).toContain(
      'consent_required',
    );
  });

  it('in two tabs gives each what it showed', async () => {
    const browser = bed.newBrowser();
    await makeAppClient(bed, 'tabs', { grants: ['authorization_code'], redirectUris: [WEB] });
    const url = (state: string) => authorizeUrl({ client_id: 'tabs', state });
    const [one, two] = [await signedInAt(browser, url('one')), await browser.get(url('two'))];
    for (const [page, state] of [
      [two, 'two'],
      [one, 'one'],
    ] as const) {
      const { searchParams } = new URL((await browser.submit(page, { decision: 'allow' })).location ?? '');
      expect([searchParams.get('state'), searchParams.has('code')]).toEqual([state, true]);
    }
  });

  it('of a client that is deleted before anybody signs in is a page, and nobody is sent to it', async () => {
    await makeAppClient(bed, 'gone', { grants: ['authorization_code'], redirectUris: [WEB] });
    const browser = bed.newBrowser();
    const page = await browser.get(authorizeUrl({ client_id: 'gone' }));
    const target = { kind: 'client', id: 'gone' } as const;
    await make(bed.store, { kind: 'cut_off', tenantId: TENANT, target, cause: 'deleted' });
    expectTold(await browser.submit(page, { username: 'ann', password: PASSWORD }), 400, 'This link can’t be used');
  });

  it('with another tenant’s cookie is nobody’s', async () => {
    const browser = bed.newBrowser();
    const page = await signedInAt(browser, authorizeUrl({ scope: 'write' }));
    await signIn(browser, `/t/${OTHER}/account`);
    browser.cookies.set(`symbolon-${TENANT}`, browser.cookies.get(`symbolon-${OTHER}`) ?? '');
    expectTold(await browser.submit(page, { decision: 'allow' }), 400, 'You are not signed in any more');
  });
});

describe('the page for devices', () => {
  it.each(['enter_code', 'decide'])('with a form %s that was open overnight does nothing', async (step) => {
    const browser = bed.newBrowser();
    const enter = await signedInAt(browser, DEVICE);
    const { userCode, deviceCode } = await begin();
    const page = step === 'decide' ? await browser.submit(enter, { user_code: userCode }) : enter;
    bed.clock.advance(OVERNIGHT_MS);
    const answer = await browser.submit(page, step === 'decide' ? { decision: 'allow' } : { user_code: userCode });
    expect([answer.status, answer.location]).toEqual([400, undefined]);
    const caller = await callerOf(bed.services, 'tv');
    const redeemed = redeemDeviceCode(bed.services, { caller }, { kind: 'device_code', deviceCode });
    await expect(redeemed).rejects.toMatchObject({ code: expect.stringMatching(/expired/) });
  });

  it('says at the field what is wrong with an empty, a wrong and an expired code', async () => {
    const browser = bed.newBrowser();
    const { userCode } = await begin();
    bed.clock.advance(31 * 60_000);
    const enter = await signedInAt(browser, DEVICE);
    for (const [typed, words] of [
      ['', 'Enter the code'],
      ['BBBB-BBBB', 'No device waits with this code'],
      [userCode, 'Codes are of use for a short time'],
    ] as const) {
      const page = await browser.submit(enter, { user_code: typed });
      expectTold(page, 400, words);
      expect(page.text).toMatch(/name="user_code"[^>]* aria-describedby="user_code-problem" aria-invalid="true"/);
      expect(formsOf(page.text)[0]?.fields.user_code).toBe(typed);
    }
  });

  it('takes a form of its own, from the browser that it was made for', async () => {
    const [ann, bob] = [bed.newBrowser(), bed.newBrowser()];
    const { userCode, deviceCode } = await begin();
    const confirm = await ann.submit(await signedInAt(ann, DEVICE), { user_code: userCode });
    await signedInAt(bob, DEVICE, 'bob');
    expectTold(await bob.submit(confirm, { decision: 'allow' }), 403, 'This form can’t be used');
    for (const form_token of ['', 'x']) {
      expectTold(await ann.submit(confirm, { decision: 'allow', form_token }), 403, 'This form can’t be used');
    }
    await waits(deviceCode);
  });

  it('takes nothing twice', async () => {
    const browser = bed.newBrowser();
    const { userCode, deviceCode } = await begin();
    const enter = await signedInAt(browser, DEVICE);
    const again = `user_code=${userCode}`;
    expect((await sendTwice(enter, { user_code: userCode }, again, browser)).status).toBe(400);
    const confirm = await browser.submit(enter, { user_code: userCode });
    expect((await sendTwice(confirm, { decision: 'allow' }, again, browser)).status).toBe(403);
    expect((await sendTwice(confirm, { decision: 'allow' }, 'step=decide', browser)).status).toBe(400);
    await waits(deviceCode);
    // Two words for the decision are none, and what is not allowed is denied.
    const denied = await sendTwice(confirm, { decision: 'allow' }, 'decision=allow', browser);
    expect([denied.status, denied.location]).toEqual([303, `${DEVICE}?done=denied`]);
  });

  it('tells who goes back and decides once more that it is done', async () => {
    const browser = bed.newBrowser();
    const { userCode } = await begin();
    const confirm = await browser.submit(await signedInAt(browser, DEVICE), { user_code: userCode });
    expect((await browser.submit(confirm, { decision: 'allow' })).status).toBe(303);
    expectTold(await browser.submit(confirm, { decision: 'deny' }), 400, 'No device waits with this code');
  });

  it('tells that the client is gone where it was deleted meanwhile', async () => {
    const code = { grants: ['device_code'], redirectUris: [] } as const;
    await makeAppClient(bed, 'old-tv', code, { confidential: false });
    const browser = bed.newBrowser();
    const { userCode } = await begin('old-tv');
    const confirm = await browser.submit(await signedInAt(browser, DEVICE), { user_code: userCode });
    const target = { kind: 'client', id: 'old-tv' } as const;
    await make(bed.store, { kind: 'cut_off', tenantId: TENANT, target, cause: 'deleted' });
    expectTold(await browser.submit(confirm, { decision: 'allow' }), 400, 'No device waits with this code');
  });
});
