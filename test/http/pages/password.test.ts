/** Changing the password in My account. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endUser } from '../../../src/core/operations/users.ts';
import { OTHER, openPagesBed, PASSWORD, type PagesBed, signIn } from './bed.ts';
import { formsOf, type Shown } from './browser.ts';
import { ACCOUNT, admin, newPerson, nextCode, type Person, signedIn, withFactor } from './own-account-bed.ts';

const PATH = `${ACCOUNT}/password`;
const NEW = 'a newer and better one';
const COOKIE = 'symbolon-acme';

let bed: PagesBed;

beforeAll(async () => {
  bed = await openPagesBed({ policy: { loginAttempts: 3 } });
});
afterAll(() => bed.close());

async function submit({ browser }: Person, filled: Readonly<Record<string, string>>): Promise<Shown> {
  return browser.submit(await browser.get(PATH), filled);
}

const isIn = async ({ browser }: Pick<Person, 'browser'>) => (await browser.get(ACCOUNT)).text.includes('Sign out');

describe('a new password', () => {
  it('ends all other places, and this one gets a cookie of its own', async () => {
    const person = await newPerson(bed);
    const elsewhere = await signedIn(bed, person.id);
    const before = person.browser.cookies.get(COOKIE);
    const answer = await submit(person, { password: PASSWORD, new_password: NEW });
    expect([answer.status, answer.location]).toEqual([303, `${PATH}?done=passwordChanged`]);
    expect(person.browser.cookies.get(COOKIE)).not.toBe(before);
    expect((await person.browser.get(answer.location ?? '')).text).toContain('Your password was changed.');
    expect(await isIn({ browser: elsewhere })).toBe(false);
    await expect(signedIn(bed, person.id)).rejects.toThrow();
    expect(await isIn({ browser: await signedIn(bed, person.id, NEW) })).toBe(true);
  });

  it('asks for the second factor where it is on, and leads to sign-in then', async () => {
    const person = await newPerson(bed);
    const { secret } = await withFactor(bed, person);
    const without = await submit(person, { password: PASSWORD, new_password: NEW });
    expect([without.status, without.text.includes('Enter the code that')]).toEqual([400, true]);
    const wrong = await submit(person, { password: PASSWORD, new_password: NEW, code: '12345' });
    expect([wrong.status, wrong.text.includes('The code is wrong')]).toEqual([400, true]);
    const code = nextCode(bed, secret);
    const answer = await submit(person, { password: PASSWORD, new_password: NEW, code });
    expect([answer.status, answer.location]).toEqual([303, `${ACCOUNT}?way=changed`]);
    expect(person.browser.cookies.has(COOKIE)).toBe(false);
    expect((await person.browser.get(answer.location ?? '')).text).toContain('Your password was changed');
  });

  it('takes a recovery code, too', async () => {
    const person = await newPerson(bed);
    const { recoveryCodes } = await withFactor(bed, person);
    const filled = { password: PASSWORD, new_password: NEW, recovery_code: recoveryCodes[0] ?? '' };
    expect((await submit(person, filled)).status).toBe(303);
  });

  it.each([
    ['', NEW, 'password', 'Enter your password.'],
    ['wrong', NEW, 'password', 'This is not your password.'],
    ['x'.repeat(5_000), NEW, 'password', 'This is not your password.'],
    [PASSWORD, '', 'new_password', 'Take at least 4 characters'],
    [PASSWORD, 'abc', 'new_password', 'Take at least 4 characters'],
    [PASSWORD, 'a\nbcdef', 'new_password', 'Take at least 4 characters'],
    [PASSWORD, 'x'.repeat(4_000), 'new_password', 'Take at least 4 characters'],
  ])('old %j, new %j: told at the field, and nothing was done', async (password, newPassword, field, text) => {
    const person = await newPerson(bed);
    const answer = await submit(person, { password, new_password: newPassword });
    expect(answer.status).toBe(400);
    expect(answer.text).toMatch(new RegExp(`<input id="${field}"[^>]*aria-invalid="true"[^>]*autofocus>`));
    expect(answer.text).toContain(text);
    expect(answer.text).not.toMatch(/type="password" value="[^"]/);
    expect(await isIn({ browser: await signedIn(bed, person.id) })).toBe(true);
  });

  it('has a user name for managers of passwords', async () => {
    const { browser, id } = await newPerson(bed);
    const { text } = await browser.get(PATH);
    expect(text).toMatch(new RegExp(`type="text" name="username" value="${id}" autocomplete="username"`));
    expect(text).toMatch(/name="password"[^>]*autocomplete="current-password"/);
    expect(text).toMatch(/name="new_password"[^>]*autocomplete="new-password"/);
  });
});

describe('guessing here', () => {
  it('counts with every other login, locks, and tells for how long', async () => {
    const person = await newPerson(bed);
    await expect(signedIn(bed, person.id, 'wrong')).rejects.toThrow();
    for (let guesses = 0; guesses < 2; guesses += 1) {
      expect((await submit(person, { password: 'wrong', new_password: NEW })).status).toBe(400);
    }
    const locked = await submit(person, { password: PASSWORD, new_password: NEW });
    expect(locked.status).toBe(429);
    expect(locked.text).toContain('Try again in 15 minutes.');
    const atSignIn = await signIn(bed.newBrowser(), ACCOUNT, person.id);
    expect([atSignIn.status, atSignIn.text.includes('15 minutes')]).toEqual([429, true]);
    expect(await isIn(person)).toBe(true);
  });

  it('with a form that lacks a field guesses nothing', async () => {
    const person = await newPerson(bed);
    for (let guesses = 0; guesses < 4; guesses += 1) {
      await submit(person, { password: '', new_password: NEW });
    }
    expect((await submit(person, { password: PASSWORD, new_password: NEW })).status).toBe(303);
  });
});

describe('it is not changed by', () => {
  const filled = { password: PASSWORD, new_password: NEW };
  const works = (id: string) => signedIn(bed, id);

  it('a form of somebody else, of no page, or of another tenant’s cookie', async () => {
    const [person, other] = [await newPerson(bed), await newPerson(bed)];
    const form = formsOf((await person.browser.get(PATH)).text)[0];
    const theirs = formsOf((await other.browser.get(PATH)).text)[0];
    expect((await person.browser.post(PATH, { ...theirs?.fields, ...filled })).status).toBe(403);
    expect((await person.browser.post(PATH, { step: 'change_password', ...filled })).status).toBe(403);
    const umbrella = bed.newBrowser();
    await signIn(umbrella, `/t/${OTHER}/account`, 'ann');
    const foreign = await umbrella.post(PATH, { ...form?.fields, ...filled });
    expect([foreign.status, foreign.text.includes('not signed in')]).toEqual([400, true]);
    await works(person.id);
  });

  it('a form that was open overnight, or sent twice', async () => {
    const person = await newPerson(bed);
    const page = await person.browser.get(PATH);
    bed.clock.advance(61 * 60_000);
    const browser = await signedIn(bed, person.id);
    const late = await browser.get(PATH);
    expect((await person.browser.submit(page, filled)).status).toBe(400);
    expect((await browser.submit(late, filled)).status).toBe(303);
    const again = await browser.submit(late, filled);
    expect([again.status, again.text.includes('This is not your password.')]).toEqual([400, true]);
  });

  it('doubled fields', async () => {
    const person = await newPerson(bed);
    const { fields = {} } = formsOf((await person.browser.get(PATH)).text)[0] ?? {};
    const cookie = [...person.browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(`http://${bed.http.address}${PATH}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', cookie },
      body: `${new URLSearchParams({ ...fields, ...filled })}&new_password=other`,
      redirect: 'manual',
    });
    expect([answer.status, (await answer.text()).includes('aria-invalid="true"')]).toEqual([400, true]);
    await works(person.id);
  });

  it('who is not signed in, or was disabled meanwhile', async () => {
    const person = await newPerson(bed);
    const page = await person.browser.get(PATH);
    await endUser(bed.services, await admin(bed), { by: 'user_id', userId: person.id }, 'disabled');
    const answer = await person.browser.submit(page, filled);
    expect([answer.status, answer.text.includes('not signed in any more')]).toEqual([400, true]);
    expect((await bed.newBrowser().get(PATH)).text).toContain('sign_in');
  });
});
