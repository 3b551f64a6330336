/** Turning the second factor on and off in My account. */
import { encode } from 'uqr';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { totpCode, totpUri } from '../../../src/core/totp.ts';
import { openPagesBed, PASSWORD, type PagesBed, signIn } from './bed.ts';
import { type Browser, formsOf, type Shown } from './browser.ts';
import { ACCOUNT, newPerson, nextCode, userOf, withFactor } from './own-account-bed.ts';

const PATH = `${ACCOUNT}/second-factor`;

let bed: PagesBed;

beforeAll(async () => {
  bed = await openPagesBed({ policy: { loginAttempts: 3 } });
});
afterAll(() => bed.close());

const secretIn = ({ text }: Shown) => /class="code">([A-Z2-7 ]{32,})</.exec(text)?.[1]?.replaceAll(' ', '') ?? '';
const codesIn = ({ text }: Shown) =>
  [...text.matchAll(/<li><code class="code">([^<]+)</g)].map(([, code = '']) => code);

async function begin(browser: Browser): Promise<Shown> {
  const answer = await browser.submit(await browser.get(PATH), { password: PASSWORD });
  expect([answer.status, answer.location]).toEqual([303, PATH]);
  return browser.get(PATH);
}

describe('turning it on', () => {
  it('shows the secret, takes a code of it, and shows recovery codes once', async () => {
    const person = await newPerson(bed);
    const { browser, id } = person;
    const setUp = await begin(browser);
    const secret = secretIn(setUp);
    const on = await browser.submit(setUp, { code: nextCode(bed, secret) });
    expect(on.status).toBe(200);
    const codes = codesIn(on);
    expect(new Set(codes).size).toBe(10);
    expect(on.text).toMatch(/<button type="button" class="other" data-print hidden>/);
    expect(on.headers['cache-control']).toBe('no-store');
    expect((await userOf(bed, person)).mfaEnabled).toBe(true);
    const [kept = ''] = /(?<=href=")[^"]*done=factorOn/.exec(on.text) ?? [];
    const after = await browser.get(kept);
    expect(after.text).toContain('Your second factor is on.');
    expect(codesIn(after)).toEqual([]);

    const elsewhere = bed.newBrowser();
    const asked = await signIn(elsewhere, ACCOUNT, id);
    expect((await elsewhere.submit(asked, { recovery_code: codes[3] ?? '' }, 1)).status).toBe(303);
  });

  it('draws what an app reads: the address of the secret, with the quiet zone', async () => {
    const { browser, id } = await newPerson(bed);
    const setUp = await begin(browser);
    const { data } = encode(totpUri(secretIn(setUp), 'acme', id), { ecc: 'L', border: 4 });
    const [, side = ''] = /viewBox="0 0 ([0-9]+) \1" role="img" aria-label="[^"]+"/.exec(setUp.text) ?? [];
    expect(Number(side)).toBe(data.length);
    expect(drawn(setUp.text, data.length)).toEqual(data);
  });

  it('survives a wrong code, a reload and the way back, with one secret', async () => {
    const { browser } = await newPerson(bed);
    const setUp = await begin(browser);
    const secret = secretIn(setUp);
    const wrong = await browser.submit(setUp, { code: '12345' });
    expect(wrong.status).toBe(400);
    expect(wrong.text).toMatch(/<input id="code"[^>]*aria-invalid="true"/);
    expect([secretIn(wrong), secretIn(await browser.get(PATH))]).toEqual([secret, secret]);
    expect(wrong.text).not.toMatch(new RegExp(`(?:href|action|value)="[^"]*${secret}`));
    expect((await browser.submit(setUp, { code: nextCode(bed, secret) })).status).toBe(200);
  });

  it('answers the last form, sent twice, by a page that says it is on', async () => {
    const { browser } = await newPerson(bed);
    const setUp = await begin(browser);
    const code = nextCode(bed, secretIn(setUp));
    expect((await browser.submit(setUp, { code })).status).toBe(200);
    const again = await browser.submit(setUp, { code });
    expect([again.status, again.text.includes('is on already'), codesIn(again)]).toEqual([400, true, []]);
  });

  it('shows the secret to the browser that proved the password, and not to who has the cookie of the login', async () => {
    const { browser } = await newPerson(bed);
    const secret = secretIn(await begin(browser));
    const thief = bed.newBrowser();
    thief.cookies.set('symbolon-acme', browser.cookies.get('symbolon-acme') ?? '');
    const seen = await thief.get(PATH);
    expect([seen.status, secretIn(seen), seen.text.includes('class="qr"')]).toEqual([200, '', false]);
    // What it proved for an account of its own proves nothing here.
    const other = await newPerson(bed);
    await begin(other.browser);
    thief.cookies.set('symbolon.browser', other.browser.cookies.get('symbolon.browser') ?? '');
    thief.cookies.set('symbolon.enrolling', other.browser.cookies.get('symbolon.enrolling') ?? '');
    expect(secretIn(await thief.get(PATH))).toBe('');
    bed.clock.advance(59 * 60_000);
    expect(secretIn(await browser.get(PATH))).toBe(secret);
  });

  it('can be left, and begun anew: the secret before is worth nothing', async () => {
    const { browser } = await newPerson(bed);
    const setUp = await begin(browser);
    expect((await browser.submit(setUp, {}, 1)).status).toBe(303);
    expect(secretIn(await browser.get(PATH))).toBe('');
    const stale = await browser.submit(setUp, { code: nextCode(bed, secretIn(setUp)) });
    expect([stale.status, stale.text.includes('Begin again')]).toEqual([400, true]);
    expect(secretIn(await begin(browser))).not.toBe(secretIn(setUp));
  });

  it('in two tabs: the later secret counts', async () => {
    const { browser } = await newPerson(bed);
    const [form, other] = [await browser.get(PATH), await browser.get(PATH)];
    await browser.submit(form, { password: PASSWORD });
    const first = await browser.get(PATH);
    await browser.submit(other, { password: PASSWORD });
    const second = await browser.get(PATH);
    const late = await browser.submit(first, { code: nextCode(bed, secretIn(first)) });
    expect([late.status, secretIn(late)]).toEqual([400, secretIn(second)]);
    expect((await browser.submit(late, { code: nextCode(bed, secretIn(second)) })).status).toBe(200);
  });

  it('counts wrong passwords as a login does', async () => {
    const { browser } = await newPerson(bed);
    for (let guesses = 0; guesses < 3; guesses += 1) {
      expect((await browser.submit(await browser.get(PATH), { password: 'wrong' })).status).toBe(400);
    }
    const locked = await browser.submit(await browser.get(PATH), { password: PASSWORD });
    expect([locked.status, locked.text.includes('15 minutes')]).toEqual([429, true]);
  });

  it('takes a form of its own alone', async () => {
    const [person, other] = [await newPerson(bed), await newPerson(bed)];
    const theirs = formsOf((await other.browser.get(PATH)).text)[0];
    expect((await person.browser.post(PATH, { ...theirs?.fields, password: PASSWORD })).status).toBe(403);
    for (const step of ['enroll_factor', 'confirm_factor', 'abandon_factor', 'remove_factor']) {
      expect((await person.browser.post(PATH, { step, password: PASSWORD })).status).toBe(403);
    }
    expect((await person.browser.post(PATH, { step: 'constructor' })).status).toBe(400);
  });
});

describe('turning it off', () => {
  it.each(['code', 'recovery_code'])('takes a right %s', async (field) => {
    const person = await newPerson(bed);
    const { secret, recoveryCodes } = await withFactor(bed, person);
    const { browser } = person;
    const page = await browser.get(PATH);
    const none = await browser.submit(page, {});
    expect([none.status, none.text.includes('Enter the code that')]).toEqual([400, true]);
    const wrong = await browser.submit(page, { [field]: '12345' });
    expect(wrong.text).toMatch(new RegExp(`<input id="${field}"[^>]*aria-invalid="true"`));
    const right = field === 'code' ? nextCode(bed, secret) : (recoveryCodes[0] ?? '');
    const off = await browser.submit(page, { [field]: right });
    expect([off.status, off.location]).toEqual([303, `${PATH}?done=factorOff`]);
    expect((await userOf(bed, person)).mfaEnabled).toBe(false);
    const again = await browser.submit(page, { [field]: right });
    expect([again.status, again.location]).toEqual([303, PATH]);
  });

  it('by a form of before does not touch what is being set up since', async () => {
    const person = await newPerson(bed);
    const { recoveryCodes } = await withFactor(bed, person);
    const { browser } = person;
    const page = await browser.get(PATH);
    await browser.submit(page, { recovery_code: recoveryCodes[0] ?? '' });
    const secret = secretIn(await begin(browser));
    expect((await browser.submit(page, { recovery_code: recoveryCodes[1] ?? '' })).status).toBe(303);
    expect(secretIn(await browser.get(PATH))).toBe(secret);
  });

  it('locks after wrong codes, as a login', async () => {
    const person = await newPerson(bed);
    const { secret } = await withFactor(bed, person);
    const { browser } = person;
    for (let guesses = 0; guesses < 5; guesses += 1) {
      await browser.submit(await browser.get(PATH), { code: '12345' });
    }
    const locked = await browser.submit(await browser.get(PATH), { code: totpCode(secret, bed.clock.now) });
    expect([locked.status, /Try again in [0-9]+ minutes/.test(locked.text)]).toEqual([429, true]);
    expect((await userOf(bed, person)).mfaEnabled).toBe(true);
  });
});

/** The modules that the shape covers. */
function drawn(text: string, size: number): boolean[][] {
  const modules = Array.from({ length: size }, () => Array.from({ length: size }, () => false));
  const [, path = ''] = /<path fill="#000000" d="([^"]*)"/.exec(text) ?? [];
  for (const [, x = '', y = '', length = ''] of path.matchAll(/M([0-9]+) ([0-9]+)h([0-9]+)v1h-\3z/g)) {
    modules[Number(y)]?.fill(true, Number(x), Number(x) + Number(length));
  }
  return modules;
}
