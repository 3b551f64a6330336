/** Accounts from their first page to their last: signing up, a forgotten password, what is changed, and the end. */
import * as OTPAuth from 'otpauth';
import { expect, it } from 'vitest';
import { PASSWORD, TENANT } from '../http/pages/bed.ts';
import { codeFor } from '../http/pages/codes.ts';
import { sentCode } from '../http/pages/own-account-bed.ts';
import { makeUser } from '../support.ts';
import { askUrl, type RealBed, signInAs } from './bed.ts';
import type { Visit } from './chromium.ts';
import { describeInChromium, expectCalm } from './stage.ts';
import { PLAIN, type Variant } from './variants.ts';

const TOUCH: Variant = { language: 'ja', size: 'phone', scheme: 'light', script: false };
const BASE = `/t/${TENANT}`;
const ACCOUNT = `${BASE}/account`;
const NEW_PASSWORD = 'a quite different sentence';

let count = 0;

const has = (visit: Visit, selector: string) => visit.page.locator(selector).count();
const pathOf = (visit: Visit) => new URL(visit.page.url()).pathname;

async function someone(bed: RealBed, visit: Visit): Promise<string> {
  const id = `owner-${++count}`;
  const email = `${id}@example.com`;
  await makeUser(bed.services, TENANT, {
    subjectId: id,
    loginName: id,
    email,
    emailVerified: true,
    password: PASSWORD,
  });
  await signInAs(bed, visit, id);
  return id;
}

async function signOut(visit: Visit): Promise<void> {
  await visit.context.clearCookies();
}

async function signInAt(visit: Visit, bed: RealBed, username: string, password: string): Promise<void> {
  await visit.open(bed.origin + ACCOUNT);
  await visit.send({ username, password });
}

describeInChromium('an account', (stage) => {
  it.each([PLAIN, TOUCH])('changes its password, by keys, and goes on: %o', async (variant) => {
    const { bed } = stage;
    await using visit = await stage.visit(variant);
    const username = await someone(bed, visit);
    await visit.open(`${bed.origin}${ACCOUNT}/password`);
    await visit.fill({ password: PASSWORD, new_password: NEW_PASSWORD });
    await visit.page.locator('#new_password').focus();
    await visit.pressKey('Enter');
    expect([pathOf(visit), await has(visit, '[role=status]')]).toEqual([`${ACCOUNT}/password`, 1]);
    await expectCalm(bed, visit);
    await signOut(visit);
    await signInAt(visit, bed, username, PASSWORD);
    expect(visit.statuses.at(-1)).toBe(400);
    await visit.send({ username, password: NEW_PASSWORD });
    expect([pathOf(visit), await has(visit, '[name=password]')]).toEqual([ACCOUNT, 0]);
  });

  it.each([PLAIN, TOUCH])('has a second factor, by the app and by paper, until it is off: %o', async (variant) => {
    const { bed } = stage;
    await using visit = await stage.visit(variant);
    const username = await someone(bed, visit);
    const page = `${bed.origin}${ACCOUNT}/second-factor`;
    await visit.open(page);
    await visit.send({ password: PASSWORD });
    // What is scanned is what can be typed.
    expect(await has(visit, 'svg')).toBe(1);
    await visit.page.locator('main summary').click();
    const secret = (await visit.page.locator('main details code').innerText()).replaceAll(/\s/g, '');
    const codeNow = () => {
      bed.clock.advance(30_000);
      return new OTPAuth.TOTP({ secret }).generate({ timestamp: bed.clock.now });
    };
    await visit.send({ code: codeNow() });
    const codes = await visit.page.locator('.recovery-codes code').allInnerTexts();
    expect(codes.length).toBeGreaterThanOrEqual(8);
    expect(await has(visit, '[data-print]:visible')).toBe(variant.script ? 1 : 0);
    await expectCalm(bed, visit);
    await visit.press('main a.button');
    expect(await visit.page.content()).not.toContain(codes[0]);
    for (const fields of [{ code: codeNow() }, { recovery_code: codes[0] ?? '' }] as Record<string, string>[]) {
      await signOut(visit);
      await signInAt(visit, bed, username, PASSWORD);
      expect(await has(visit, '[name=code]')).toBe(1);
      if ('recovery_code' in fields) {
        await visit.page.locator('summary').click();
      }
      await visit.send(fields);
      expect(pathOf(visit)).toBe(ACCOUNT);
      expect(await has(visit, '[name=code]')).toBe(0);
    }
    await visit.open(page);
    await visit.send({ code: codeNow() });
    expect(await has(visit, '[role=status]')).toBe(1);
    await signOut(visit);
    await signInAt(visit, bed, username, PASSWORD);
    expect([pathOf(visit), await has(visit, '[name=code]')]).toEqual([ACCOUNT, 0]);
  });

  it('gets another address by the code that is sent there', async () => {
    const { bed } = stage;
    await using visit = await stage.visit(TOUCH);
    const id = await someone(bed, visit);
    await visit.open(`${bed.origin}${ACCOUNT}/addresses?change=email`);
    const value = `other-${id}@example.com`;
    await visit.send({ value, password: PASSWORD });
    await visit.send({ code: '000000' });
    await expectCalm(bed, visit);
    await visit.send({ code: await sentCode(bed, { id }) });
    await visit.open(`${bed.origin}${ACCOUNT}/addresses`);
    expect(await visit.text()).toContain(value);
    expect(await has(visit, 'main a[href*="verify="]')).toBe(0);
    await expectCalm(bed, visit);
  });

  it('is deleted, and signs nobody in any more', async () => {
    const { bed } = stage;
    await using visit = await stage.visit(TOUCH);
    const username = await someone(bed, visit);
    await visit.open(`${bed.origin}${ACCOUNT}/delete`);
    await visit.send({ password: 'wrong' });
    expect([visit.statuses.at(-1), await has(visit, '[name=password]')]).toEqual([400, 1]);
    await visit.send({ password: PASSWORD });
    await expectCalm(bed, visit);
    expect((await visit.context.cookies()).map(({ name }) => name)).not.toContain(`symbolon-${TENANT}`);
    await signInAt(visit, bed, username, PASSWORD);
    expect(visit.statuses.at(-1)).toBe(400);
  });

  it.each([PLAIN, TOUCH])('is made on the way to an app, which gets its code: %o', async (variant) => {
    const { bed } = stage;
    await using visit = await stage.visit(variant);
    const username = `newcomer-${++count}`;
    const state = `newcomer-${count}`;
    await visit.open(askUrl(bed, { state }));
    await visit.press('main a[href*="way=sign_up"]');
    await visit.send({ username: 'ann', password: PASSWORD });
    // The name is somebody's: what was typed is kept, and the password is not.
    expect([visit.statuses.at(-1), await visit.page.locator('#username').inputValue()]).toEqual([400, 'ann']);
    expect(await visit.page.locator('#password').inputValue()).toBe('');
    await visit.send({ username, email: `${username}@example.com`, password: PASSWORD });
    await expectCalm(bed, visit);
    await visit.press('button[value=allow]');
    expect(bed.arrived.some((path) => path.includes(state) && path.includes('code='))).toBe(true);
  });

  it.each([PLAIN, TOUCH])('whose password was forgotten gets another by a code: %o', async (variant) => {
    const { bed } = stage;
    await using visit = await stage.visit(variant);
    const username = await someone(bed, visit);
    await signOut(visit);
    await visit.open(bed.origin + ACCOUNT);
    await visit.press('main a[href*="forgotten"]');
    await visit.send({ username });
    await visit.send({ code: '00000000', password: NEW_PASSWORD });
    expect([visit.statuses.at(-1), await has(visit, '[aria-invalid=true]')]).toEqual([400, 1]);
    await visit.send({ code: await codeFor(bed, username, 'reset_password'), password: NEW_PASSWORD });
    await expectCalm(bed, visit);
    await visit.send({ username, password: NEW_PASSWORD });
    expect([pathOf(visit), await has(visit, '[name=password]')]).toEqual([ACCOUNT, 0]);
  });
});
