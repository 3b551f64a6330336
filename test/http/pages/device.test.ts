/** A device without a browser, and its user at the page (RFC 8628). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { beginDeviceAuthorization, redeemDeviceCode } from '../../../src/core/operations/device-authorization.ts';
import { callerOf } from '../../support.ts';
import { OTHER, openPagesBed, PASSWORD, type PagesBed, SCRIPT, signedInAt, TENANT } from './bed.ts';
import { formsOf } from './browser.ts';

let bed: PagesBed;
const DEVICE = `/t/${TENANT}/device`;

beforeAll(async () => {
  bed = await openPagesBed({ policy: { loginAttempts: 4 } });
});
afterAll(() => bed.close());

const call = async (clientId = 'tv') => ({ caller: await callerOf(bed.services, clientId) });

async function begin(scopes = ['read']) {
  return beginDeviceAuthorization(bed.services, await call(), { scopes });
}

const redeem = async (deviceCode: string) =>
  redeemDeviceCode(bed.services, await call(), { kind: 'device_code', deviceCode });

describe('the page for devices', () => {
  it('signs in, takes the code, says what it allows, and gives the device its tokens', async () => {
    const { deviceCode, userCode } = await begin(['read', 'write']);
    const browser = bed.newBrowser();
    const enter = await signedInAt(browser, DEVICE);
    expect(enter.text).toContain('Connect a device');
    const confirm = await browser.submit(enter, { user_code: userCode.toLowerCase().replace('-', ' ') });
    expect(confirm.status).toBe(200);
    for (const words of ['Connect The tv app?', userCode, 'Read all your data', 'Change all your data']) {
      expect(confirm.text).toContain(words);
    }
    await expect(redeem(deviceCode)).rejects.toMatchObject({ code: 'authorization_pending' });
    const done = await browser.submit(confirm, { decision: 'allow' });
    expect([done.status, done.location]).toEqual([303, `${DEVICE}?done=allowed`]);
    expect((await browser.get(done.location ?? '')).text).toContain('Your device is connected');
    bed.clock.advance(6_000);
    expect(await redeem(deviceCode)).toMatchObject({ subjectId: `ann-${TENANT}`, scopes: ['read', 'write'] });
  });

  it('denies', async () => {
    const { deviceCode, userCode } = await begin();
    const browser = bed.newBrowser();
    const confirm = await browser.submit(await signedInAt(browser, DEVICE), { user_code: userCode });
    const done = await browser.submit(confirm, { decision: 'deny' });
    expect(done.location).toBe(`${DEVICE}?done=denied`);
    await expect(redeem(deviceCode)).rejects.toMatchObject({ code: 'access_denied' });
    // The code is of no use any more.
    expect((await browser.submit(confirm, { decision: 'allow' })).status).toBe(400);
  });

  it('fills in the code of a link, and does nothing by it (section 5.4)', async () => {
    const { deviceCode, userCode } = await begin();
    const browser = bed.newBrowser();
    const enter = await signedInAt(browser, `${DEVICE}?user_code=${userCode}`);
    expect(formsOf(enter.text)[0]?.fields.user_code).toBe(userCode);
    expect(enter.text).not.toContain('The tv app');
    await expect(redeem(deviceCode)).rejects.toMatchObject({ code: 'authorization_pending' });
  });

  it('decides nothing but what was on the page', async () => {
    const [one, two] = [await begin(), await begin()];
    const browser = bed.newBrowser();
    const confirm = await browser.submit(await signedInAt(browser, DEVICE), { user_code: one.userCode });
    const answer = await browser.submit(confirm, { decision: 'allow', user_code: two.userCode });
    expect(answer.status).toBe(403);
    const skipped = await browser.submit(await browser.get(DEVICE), {
      step: 'decide',
      decision: 'allow',
      user_code: one.userCode,
    });
    expect(skipped.status).toBe(403);
    bed.clock.advance(6_000);
    await expect(redeem(one.deviceCode)).rejects.toMatchObject({ code: 'authorization_pending' });
  });

  it('counts wrong codes to the user, and says when there were too many', async () => {
    const { userCode } = await begin();
    const browser = bed.newBrowser();
    let page = await signedInAt(browser, DEVICE, 'bob');
    const typed = ['', 'BBBB-BBBB', SCRIPT, ...Array.from({ length: 40 }, () => 'CCCC-CCCC')];
    for (const code of typed) {
      page = await browser.submit(page, { user_code: code });
      expect([400, 429]).toContain(page.status);
      expect(page.text).not.toMatch(/<script(?! src="\/pages\/[0-9a-f]{16}\.js" defer><\/script>)/);
      if (page.status === 429) {
        break;
      }
    }
    expect((await browser.submit(page, { user_code: userCode })).status).toBe(429);
  });

  it('is served at the root for the default tenant, and knows no code of another tenant', async () => {
    const { userCode } = await begin();
    const browser = bed.newBrowser();
    const confirm = await browser.submit(await signedInAt(browser, '/device'), { user_code: userCode });
    expect(confirm.text).toContain('Connect The tv app?');
    const other = bed.newBrowser();
    const enter = await signedInAt(other, `/t/${OTHER}/device`);
    expect((await other.submit(enter, { user_code: userCode })).status).toBe(400);
  });

  it('lets another account be used', async () => {
    const browser = bed.newBrowser();
    const enter = await signedInAt(browser, `${DEVICE}?user_code=BBBB-CCCC`);
    const link = /<a href="([^"]*)">Use a different account/.exec(enter.text)?.[1] ?? '';
    const page = await browser.get(link);
    const answer = await browser.submit(page, { username: 'bob', password: PASSWORD });
    expect((await browser.get(answer.location ?? '')).text).toContain('<strong>bob</strong>');
  });
});
