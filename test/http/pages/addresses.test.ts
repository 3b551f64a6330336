/** Names and addresses in My account. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MESSAGES } from '../../../src/core/tables/messages.ts';
import { openPagesBed, PASSWORD, type PagesBed, SCRIPT, signIn, TENANT } from './bed.ts';
import { formsOf, type Shown, unescaped } from './browser.ts';
import { ACCOUNT, newPerson, type Person, sentCode, signedIn, userOf } from './own-account-bed.ts';

const PATH = `${ACCOUNT}/addresses`;

let bed: PagesBed;

beforeAll(async () => {
  bed = await openPagesBed({ policy: { loginAttempts: 3 } });
});
afterAll(() => bed.close());

const newEmail = () => `a${randomUUID().slice(0, 8)}@example.com`;

async function change({ browser }: Person, name: string, filled: Readonly<Record<string, string>>): Promise<Shown> {
  return browser.submit(await browser.get(`${PATH}?change=${name}`), { password: PASSWORD, ...filled });
}

describe('a first address', () => {
  it('is set by the password, and proven by the code that was sent to it', async () => {
    const person = await newPerson(bed);
    const { browser } = person;
    const email = newEmail();
    const set = await change(person, 'email', { value: email });
    expect([set.status, set.location]).toEqual([303, `${PATH}?verify=email&done=codeSent`]);
    const page = await browser.get(set.location ?? '');
    expect(page.text).toContain(email);
    const wrong = await browser.submit(page, { code: '00000' });
    expect(wrong.status).toBe(400);
    expect(wrong.text).toMatch(/<input id="code"[^>]*aria-invalid="true"/);
    const right = await browser.submit(page, { code: await sentCode(bed, person) });
    expect([right.status, right.location]).toEqual([303, `${PATH}?done=addressVerified`]);
    expect(await userOf(bed, person)).toMatchObject({ email, emailVerified: true });
    expect((await signIn(bed.newBrowser(), ACCOUNT, email)).status).toBe(303);
  });

  it('of a phone, in the form that one types', async () => {
    const person = await newPerson(bed);
    expect((await change(person, 'phone', { value: '+81 90-1234-5678' })).location).toContain('verify=phone');
    expect(await userOf(bed, person)).toMatchObject({ phone: '+819012345678', phoneVerified: false });
    expect((await person.browser.get(PATH)).text).toContain('+819012345678 waits for the code');
  });
});

describe('an address that is proven', () => {
  it('stays until the new one is, and is told of the change', async () => {
    const before = newEmail();
    const person = await newPerson(bed, before);
    const email = newEmail();
    const set = await change(person, 'email', { value: email });
    expect(await userOf(bed, person)).toMatchObject({ email: before, emailVerified: true, pendingEmail: email });
    const told = (await bed.store.list(MESSAGES, { tenantId: TENANT }, { limit: 1_000 })).filter(
      ({ subjectId, address }) => subjectId === person.id && address === before,
    );
    expect(told).toHaveLength(1);
    const page = await person.browser.get(set.location ?? '');
    await person.browser.submit(page, { code: await codeTo(email) });
    expect(await userOf(bed, person)).toMatchObject({ email, emailVerified: true, pendingEmail: null });
  });

  it('can be kept after all', async () => {
    const before = newEmail();
    const person = await newPerson(bed, before);
    const page = await person.browser.get((await change(person, 'email', { value: newEmail() })).location ?? '');
    const kept = await person.browser.submit(page, {}, 2);
    expect([kept.status, kept.location]).toEqual([303, `${PATH}?done=addressKept`]);
    expect(await userOf(bed, person)).toMatchObject({ email: before, pendingEmail: null });
    const stale = await person.browser.submit(page, { code: '12345' });
    expect([stale.status, stale.text.includes('changed meanwhile')]).toEqual([400, true]);
  });
});

async function codeTo(address: string): Promise<string> {
  const messages = await bed.store.list(MESSAGES, { tenantId: TENANT }, { limit: 1_000 });
  const found = messages.find((each) => each.address === address && each.sealed !== null);
  return bed.services.keys.unseal('message', found?.sealed ?? new Uint8Array()) ?? '';
}

describe('another code', () => {
  it('takes the place of the one before, until there were too many', async () => {
    const person = await newPerson(bed);
    const { browser } = person;
    const page = await browser.get((await change(person, 'email', { value: newEmail() })).location ?? '');
    const first = await sentCode(bed, person);
    const sent = await browser.submit(page, {}, 1);
    expect([sent.status, sent.location]).toEqual([303, `${PATH}?verify=email&done=codeSent`]);
    expect((await browser.submit(page, { code: first })).status).toBe(400);
    let last = sent;
    for (let more = 0; more < 30 && last.status === 303; more += 1) {
      last = await browser.submit(page, {}, 1);
    }
    expect([last.status, /Ask for another one in [0-9]+ minutes/.test(last.text)]).toEqual([400, true]);
  });
});

describe('what is typed', () => {
  it.each([
    ['email', 'ann', 'This is not an e-mail address'],
    ['email', '', 'This is not an e-mail address'],
    ['phone', '12', 'This is not a phone number'],
    ['login_name', 'a b', 'Take 3 to 64 letters'],
    ['login_name', 'ann', 'Somebody else has it'],
  ])('as %s, %j, is told at its field, and kept there', async (name, value, text) => {
    const person = await newPerson(bed);
    const before = await userOf(bed, person);
    const answer = await change(person, name, { value });
    expect(answer.status).toBe(400);
    expect(answer.text).toMatch(/<input id="value"[^>]*aria-invalid="true"/);
    expect(answer.text).toContain(text);
    expect(formsOf(answer.text)[0]?.fields).toMatchObject({ value, password: '' });
    expect(await userOf(bed, person)).toEqual(before);
  });

  it('as a name needs no password, and is shown as text', async () => {
    const person = await newPerson(bed);
    const answer = await change(person, 'display_name', { value: SCRIPT });
    expect([answer.status, answer.location]).toEqual([303, `${PATH}?done=addressSaved`]);
    const { text } = await person.browser.get(PATH);
    expect([text.includes('<img'), unescaped(text).includes(SCRIPT)]).toEqual([false, true]);
    expect((await change(person, 'display_name', { value: '' })).status).toBe(303);
    expect((await userOf(bed, person)).displayName).toBe('');
  });

  it('as a user name is what one signs in with next', async () => {
    const person = await newPerson(bed);
    const loginName = `n${randomUUID().slice(0, 8)}`;
    expect((await change(person, 'login_name', { value: loginName })).status).toBe(303);
    await signedIn(bed, loginName);
  });
});

describe('an address is not changed', () => {
  it('without the password; wrong ones lock as those of a login', async () => {
    const person = await newPerson(bed);
    const value = newEmail();
    const missing = await change(person, 'email', { value, password: '' });
    expect([missing.status, missing.text.includes('Enter your password.')]).toEqual([400, true]);
    for (let guesses = 0; guesses < 3; guesses += 1) {
      const wrong = await change(person, 'email', { value, password: 'wrong' });
      expect([wrong.status, wrong.text.includes('This is not your password.')]).toEqual([400, true]);
    }
    const locked = await change(person, 'email', { value });
    expect([locked.status, locked.text.includes('15 minutes')]).toEqual([429, true]);
    expect((await userOf(bed, person)).email).toBeNull();
  });

  it('by a form for another one, of somebody else, or that names nothing', async () => {
    const [person, other] = [await newPerson(bed), await newPerson(bed)];
    const own = formsOf((await person.browser.get(`${PATH}?change=phone`)).text)[0]?.fields;
    const theirs = formsOf((await other.browser.get(`${PATH}?change=email`)).text)[0]?.fields;
    for (const fields of [{ ...own, name: 'email' }, theirs, { ...own, name: 'password' }, { step: 'save_name' }]) {
      const answer = await person.browser.post(PATH, { ...fields, value: newEmail(), password: PASSWORD });
      expect(answer.status).toBe(403);
    }
    expect((await userOf(bed, person)).email).toBeNull();
  });

  it('by a form for a code that is of no page, or of another step', async () => {
    const person = await newPerson(bed);
    const { browser } = person;
    const page = await browser.get((await change(person, 'email', { value: newEmail() })).location ?? '');
    const code = await sentCode(bed, person);
    const fields = { ...formsOf(page.text)[0]?.fields, code };
    const sendFields = { ...formsOf(page.text)[1]?.fields, step: 'verify_address', code };
    for (const each of [{ ...fields, form_token: '' }, sendFields]) {
      expect((await browser.post(PATH, each)).status).toBe(403);
    }
    expect((await userOf(bed, person)).emailVerified).toBe(false);
  });

  it('by a code for an address that took its place meanwhile', async () => {
    const person = await newPerson(bed);
    const { browser } = person;
    const page = await browser.get((await change(person, 'email', { value: newEmail() })).location ?? '');
    await change(person, 'email', { value: newEmail() });
    const stale = await browser.submit(page, { code: await sentCode(bed, person) });
    expect([stale.status, stale.text.includes('changed meanwhile')]).toEqual([400, true]);
    expect((await userOf(bed, person)).emailVerified).toBe(false);
  });
});

describe('an address is removed', () => {
  it('by the password, where another name is left to sign in with', async () => {
    const person = await newPerson(bed, newEmail());
    const wrong = await change(person, 'email', { remove: 'yes', password: 'wrong' });
    expect(wrong.status).toBe(400);
    const gone = await change(person, 'email', { remove: 'yes' });
    expect([gone.status, gone.location]).toEqual([303, `${PATH}?done=addressRemoved`]);
    expect(await userOf(bed, person)).toMatchObject({ email: null, emailVerified: false });
  });

  it('not where it is the last one', async () => {
    const person = await newPerson(bed);
    expect((await person.browser.get(`${PATH}?change=login_name`)).text).not.toContain('name="remove"');
    const answer = await change(person, 'login_name', { remove: 'yes' });
    expect([answer.status, answer.text.includes('You could not sign in without it.')]).toEqual([400, true]);
    // An address that is not proven signs nobody in.
    await change(person, 'email', { value: newEmail() });
    expect((await change(person, 'login_name', { remove: 'yes' })).status).toBe(400);
    expect((await userOf(bed, person)).loginName).toBe(person.id);
  });
});

it('what is not to be had in the address shows the page itself', async () => {
  const { browser } = await newPerson(bed);
  for (const query of [
    'change=password',
    'verify=login_name',
    'verify=email',
    'change=constructor',
    'change=%3Cb%3E',
  ]) {
    const { status, text } = await browser.get(`${PATH}?${query}`);
    expect([status, text.includes('change=email')]).toEqual([200, true]);
  }
});

it('without proof asked for, an address counts at once', async () => {
  const open = await openPagesBed({ policy: { emailVerificationRequired: false } });
  try {
    const person = await newPerson(open);
    const answer = await change(person, 'email', { value: newEmail() });
    expect(answer.location).toBe(`${PATH}?done=addressSaved`);
    expect((await userOf(open, person)).emailVerified).toBe(true);
  } finally {
    await open.close();
  }
});
