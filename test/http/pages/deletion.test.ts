/** Deleting one's own account. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPagesBed, PASSWORD, type PagesBed, signIn } from './bed.ts';
import { formsOf } from './browser.ts';
import { ACCOUNT, newPerson, nextCode, signedIn, userOf, withFactor } from './own-account-bed.ts';

const PATH = `${ACCOUNT}/delete`;

let bed: PagesBed;

beforeAll(async () => {
  bed = await openPagesBed({ policy: { loginAttempts: 3 } });
});
afterAll(() => bed.close());

describe('an account', () => {
  it('is deleted by its password, and the cookie goes with it', async () => {
    const person = await newPerson(bed);
    const { browser } = person;
    const answer = await browser.submit(await browser.get(PATH), { password: PASSWORD });
    expect([answer.status, answer.location]).toEqual([303, `${PATH}?done=deleted`]);
    expect(browser.cookies.has('symbolon-acme')).toBe(false);
    const said = await browser.get(answer.location ?? '');
    expect([said.status, said.text.includes('Your account was deleted')]).toEqual([200, true]);
    await expect(userOf(bed, person)).rejects.toMatchObject({ code: 'not_found' });
    expect((await signIn(browser, ACCOUNT, person.id)).status).toBe(400);
  });

  it('is deleted once: another tab and another browser get a calm page', async () => {
    const { id, browser } = await newPerson(bed);
    const elsewhere = await signedIn(bed, id);
    const [tab, there] = [await browser.get(PATH), await elsewhere.get(PATH)];
    await browser.submit(await browser.get(PATH), { password: PASSWORD });
    for (const late of [
      await browser.submit(tab, { password: PASSWORD }),
      await elsewhere.submit(there, { password: PASSWORD }),
    ]) {
      expect([late.status, late.text.includes('If you deleted your account before, it is gone')]).toEqual([200, true]);
    }
  });

  it('is deleted by one of two at once, and the other is told calmly', async () => {
    const { browser } = await newPerson(bed);
    const page = await browser.get(PATH);
    const answers = await Promise.all([1, 2].map(() => browser.submit(page, { password: PASSWORD })));
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
    for (const { status } of answers) {
      expect(status).toBeLessThan(500);
    }
  });

  it('with a second factor is not deleted by the password alone', async () => {
    const person = await newPerson(bed);
    const { secret } = await withFactor(bed, person);
    const { browser } = person;
    const without = await browser.submit(await browser.get(PATH), { password: PASSWORD });
    expect([without.status, without.text.includes('Enter the code that')]).toEqual([400, true]);
    const wrong = await browser.submit(await browser.get(PATH), { password: PASSWORD, code: '12345' });
    expect([wrong.status, wrong.text.includes('The code is wrong')]).toEqual([400, true]);
    expect((await userOf(bed, person)).subjectId).toBe(person.id);
    const right = { password: PASSWORD, code: nextCode(bed, secret) };
    expect((await browser.submit(await browser.get(PATH), right)).status).toBe(303);
  });

  it('is not deleted by guessing: wrong passwords lock as those of a login', async () => {
    const person = await newPerson(bed);
    const { browser } = person;
    for (let guesses = 0; guesses < 3; guesses += 1) {
      const wrong = await browser.submit(await browser.get(PATH), { password: 'wrong' });
      expect([wrong.status, wrong.text.includes('This is not your password.')]).toEqual([400, true]);
    }
    const locked = await browser.submit(await browser.get(PATH), { password: PASSWORD });
    expect([locked.status, locked.text.includes('Try again in 15 minutes.')]).toEqual([429, true]);
    expect((await userOf(bed, person)).subjectId).toBe(person.id);
  });

  it('tells of what is too long for a password that it is not one', async () => {
    const { browser } = await newPerson(bed);
    const wrong = await browser.submit(await browser.get(PATH), { password: 'x'.repeat(5_000) });
    expect([wrong.status, wrong.text.includes('This is not your password.')]).toEqual([400, true]);
  });

  it('is not deleted by a form of another page, of somebody else, or left open overnight', async () => {
    const [person, other] = [await newPerson(bed), await newPerson(bed)];
    const { browser } = person;
    const theirs = formsOf((await other.browser.get(PATH)).text)[0];
    const password = formsOf((await browser.get(`${ACCOUNT}/password`)).text)[0];
    for (const fields of [
      theirs?.fields,
      { ...password?.fields, step: 'delete_account' },
      { step: 'delete_account' },
    ]) {
      expect((await browser.post(PATH, { ...fields, password: PASSWORD })).status).toBe(403);
    }
    const page = await browser.get(PATH);
    bed.clock.advance(59 * 60_000);
    const fresh = await signedIn(bed, person.id);
    fresh.cookies.set('symbolon.browser', browser.cookies.get('symbolon.browser') ?? '');
    bed.clock.advance(2 * 60_000);
    const late = await fresh.submit(page, { password: PASSWORD });
    expect([late.status, late.text.includes('open for too long')]).toEqual([400, true]);
    expect((await userOf(bed, person)).subjectId).toBe(person.id);
  });
});
