/** From the app to the pages and back, as people go. Each by mouse and keyboard with scripts, and by touch without. */
import * as OTPAuth from 'otpauth';
import { describe, expect, it } from 'vitest';
import { redeemDeviceCode } from '../../src/core/operations/device-authorization.ts';
import { PASSWORD, VERIFIER } from '../http/pages/bed.ts';
import { callerOf } from '../support.ts';
import { askUrl, beginDevice, type RealBed, signInAs } from './bed.ts';
import type { Visit } from './chromium.ts';
import { describeInChromium, expectCalm, sentBack } from './stage.ts';
import { PLAIN, type Variant } from './variants.ts';

const TOUCH: Variant = { language: 'ja', size: 'phone', scheme: 'dark', script: false };
const ALLOW = 'button[value=allow]';
const DENY = 'button[value=deny]';

let states = 0;
const newState = () => `state ${++states} "<&>`;

/** What the user's app shows at the server's time. */
function codeOfApp({ factor, clock }: RealBed): string {
  return new OTPAuth.TOTP({ secret: factor.secret }).generate({ timestamp: clock.now });
}

const shows = (visit: Visit, step: string) => visit.page.locator(`input[name=step][value=${step}]`).count();

describeInChromium('a person in a browser', (stage) => {
  describe.each([
    { how: 'with scripts', variant: PLAIN },
    { how: 'without, on a phone', variant: TOUCH },
  ])('$how', ({ variant }) => {
    it('signs in with a wrong password, then with the right one, agrees, and is back', async () => {
      const { bed } = stage;
      await using visit = await stage.visit(variant);
      const state = newState();
      await visit.open(askUrl(bed, { state }));
      // What was typed is kept; the password is not, and is where the cursor is.
      await expect.poll(() => visit.page.evaluate('document.activeElement.name')).toBe('username');
      await visit.page.keyboard.type('ann');
      await visit.page.keyboard.press('Tab');
      await visit.page.keyboard.type('wrong');
      await visit.pressKey('Enter');
      expect(visit.statuses.at(-1)).toBe(400);
      expect(await visit.page.locator('[name=username]').inputValue()).toBe('ann');
      expect(await visit.page.locator('[name=password]').inputValue()).toBe('');
      await expect.poll(() => visit.page.evaluate('document.activeElement.name')).toBe('password');
      await visit.page.keyboard.type(PASSWORD);
      await visit.pressKey('Enter');
      expect(await shows(visit, 'consent')).toBe(1);
      expect(visit.page.url()).not.toContain(encodeURIComponent(PASSWORD));
      await visit.press(ALLOW);
      expect(await visit.text()).toBe('back at the app');
      expect(sentBack(bed, state)).toMatchObject({ code: expect.stringMatching(/./), iss: `${bed.publicUrl}/t/acme` });
      expect(await visit.page.evaluate('document.referrer')).toBe('');
      expect(visit.complaints).toEqual([]);
    });

    it('proves a second factor by the code of an app', async () => {
      const { bed } = stage;
      await using visit = await stage.visit(variant);
      await visit.open(askUrl(bed));
      await visit.send({ username: bed.factor.username, password: PASSWORD });
      await visit.send({ code: '000000' });
      expect([visit.statuses.at(-1), await shows(visit, 'second_factor')]).toEqual([400, expect.any(Number)]);
      const code = codeOfApp(bed);
      // As apps show it, and as it is pasted.
      await visit.fill({ code: ` ${code.slice(0, 3)} ${code.slice(3)} ` });
      await visit.page.locator('[name=code]').focus();
      await visit.pressKey('Enter');
      expect(await shows(visit, 'consent')).toBe(1);
      expect(visit.complaints).toEqual([]);
    });

    it('proves it by a recovery code, once', async () => {
      const { bed } = stage;
      const recovery_code = bed.factor.recoveryCodes[variant.script ? 0 : 1] ?? '';
      for (const isFresh of [true, false]) {
        await using visit = await stage.visit(variant);
        await visit.open(askUrl(bed, { prompt: 'login' }));
        await visit.send({ username: bed.factor.username, password: PASSWORD });
        await visit.page.locator('summary').click();
        await visit.send({ recovery_code });
        expect(await shows(visit, 'consent')).toBe(isFresh ? 1 : 0);
        await expectCalm(bed, visit);
      }
    });

    it('does not agree', async () => {
      const { bed } = stage;
      await using visit = await stage.visit(variant);
      await signInAs(bed, visit);
      const state = newState();
      await visit.open(askUrl(bed, { state, scope: 'read write', prompt: 'consent' }));
      await visit.press(DENY);
      expect(sentBack(bed, state)).toMatchObject({ error: 'access_denied' });
      expect(sentBack(bed, state)).not.toHaveProperty('code');
    });

    it('agrees once, and again where more is asked', async () => {
      const { bed } = stage;
      await using visit = await stage.visit(variant);
      const username = variant.script ? 'ann' : 'bob';
      await signInAs(bed, visit, username);
      const [first, same, more] = [newState(), newState(), newState()];
      const client_id = 'shop';
      await visit.open(askUrl(bed, { client_id, state: first, scope: 'read write' }));
      await visit.press(ALLOW);
      await visit.open(askUrl(bed, { client_id, state: same, scope: 'read' }));
      expect(sentBack(bed, same)).toHaveProperty('code');
      await visit.open(askUrl(bed, { client_id, state: more, scope: 'read write profile.read' }));
      expect([await shows(visit, 'consent'), sentBack(bed, more)]).toEqual([1, undefined]);
      await visit.press(ALLOW);
      expect(sentBack(bed, more)).toHaveProperty('code');
    });

    it('connects a device, and another one not', async () => {
      const { bed } = stage;
      await using visit = await stage.visit(variant);
      await visit.open(`${bed.origin}/t/acme/device`);
      await visit.send({ username: 'ann', password: PASSWORD });
      const caller = await callerOf(bed.services, 'tv');
      for (const button of [ALLOW, DENY]) {
        const { userCode, deviceCode } = await beginDevice(bed);
        await visit.open(`${bed.origin}/t/acme/device`);
        // However it is typed.
        await visit.fill({ user_code: userCode.toLowerCase().replace('-', ' ') });
        await visit.page.locator('[name=user_code]').focus();
        await visit.pressKey('Enter');
        expect(await visit.text()).toContain(userCode);
        await visit.press(button);
        bed.clock.advance(6_000);
        const redeemed = redeemDeviceCode(bed.services, { caller }, { kind: 'device_code', deviceCode });
        await (button === ALLOW
          ? expect(redeemed).resolves.toMatchObject({ subjectId: 'ann-acme' })
          : expect(redeemed).rejects.toMatchObject({ code: 'access_denied' }));
        await expectCalm(bed, visit);
      }
    });

    it('signs out, and is asked again', async () => {
      const { bed } = stage;
      await using visit = await stage.visit(variant);
      await signInAs(bed, visit);
      const [cookie] = (await visit.context.cookies()).filter(({ name }) => name === 'symbolon-acme');
      await visit.open(`${bed.origin}/t/acme/sign-out`);
      await visit.press('form button');
      expect((await visit.context.cookies()).map(({ name }) => name)).not.toContain('symbolon-acme');
      await visit.open(askUrl(bed));
      expect(await shows(visit, 'sign_in')).toBe(1);
      // The cookie itself is worth nothing any more.
      await visit.context.addCookies(cookie === undefined ? [] : [cookie]);
      await visit.open(askUrl(bed));
      expect(await shows(visit, 'sign_in')).toBe(1);
      await expectCalm(bed, visit);
    });

    it('chooses a language, which is remembered', async () => {
      const { bed } = stage;
      await using visit = await stage.visit(variant);
      const language = () => visit.page.locator('html').getAttribute('lang');
      await visit.open(`${bed.origin}/t/acme/device`);
      expect(await language()).toBe(variant.language);
      await visit.press('a[hreflang=de]');
      expect(await language()).toBe('de');
      await visit.open(`${bed.origin}/t/acme/sign-out`);
      expect(await language()).toBe('de');
      // A link of an app goes before.
      await visit.open(askUrl(bed, { ui_locales: 'fr-CA ja en' }));
      expect(await language()).toBe('ja');
    });
  });

  it('shows the password by a button, where scripts run, and sends what is shown', async () => {
    const { bed } = stage;
    await using visit = await stage.visit();
    await visit.open(askUrl(bed, { prompt: 'consent' }));
    await visit.fill({ username: 'ann', password: PASSWORD });
    const field = visit.page.locator('#password');
    const button = visit.page.locator('button[aria-controls=password]');
    const seen = async () => [await field.getAttribute('type'), await button.getAttribute('aria-pressed')];
    expect(await seen()).toEqual(['password', 'false']);
    await button.click();
    expect(await seen()).toEqual(['text', 'true']);
    await button.click();
    expect(await seen()).toEqual(['password', 'false']);
    await button.click();
    await field.focus();
    await visit.pressKey('Enter');
    expect(await shows(visit, 'consent')).toBe(1);
  });

  it('is given a code that the app redeems', async () => {
    const { bed } = stage;
    await using visit = await stage.visit();
    await signInAs(bed, visit);
    const state = newState();
    await visit.open(askUrl(bed, { state, prompt: 'consent' }));
    await visit.press(ALLOW);
    const code = sentBack(bed, state)?.code ?? '';
    const fields = { grant_type: 'authorization_code', code, client_id: 'local', redirect_uri: bed.back };
    const body = new URLSearchParams({ ...fields, code_verifier: VERIFIER });
    const answer = await fetch(`${bed.origin}/t/acme/oauth2/token`, { method: 'POST', body });
    expect([answer.status, await answer.json()]).toEqual([200, expect.objectContaining({ token_type: 'Bearer' })]);
  });
});
