/** Verifying an address on its page: signed in, one code at a time, and no more of them than elsewhere. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signUp } from '../../../src/core/operations/browser-sessions.ts';
import { endUser, registerUser, updateUser } from '../../../src/core/operations/users.ts';
import { callerOf, makeClient } from '../../support.ts';
import { OTHER, openPagesBed, PASSWORD, type PagesBed, signedInAt, signIn, TENANT } from './bed.ts';
import { type Browser, formsOf, type Shown } from './browser.ts';
import { codeFor, wrongCode } from './codes.ts';

let bed: PagesBed;
const VERIFY = `/t/${TENANT}/verify`;
/** As many as one code bears. */
const ATTEMPTS = 5;
let count = 0;

beforeAll(async () => {
  bed = await openPagesBed({ policy: { selfRegistration: true } });
});
afterAll(() => bed.close());

async function admin() {
  const id = `admin-${++count}`;
  return { caller: await callerOf(bed.services, id, await makeClient(bed.store, TENANT, id, ['admin'])) };
}

interface Somebody {
  readonly browser: Browser;
  readonly page: Shown;
  readonly name: string;
  readonly email: string;
  readonly subjectId: string;
}

async function somebody({ phone }: { phone?: string } = {}): Promise<Somebody> {
  const loginName = `unproven-${++count}`;
  const email = `${loginName}@example.com`;
  const call = { caller: await callerOf(bed.services, TENANT) };
  const user = { loginName, email, password: PASSWORD, ...(phone === undefined ? {} : { phone }) };
  const { subject } = await registerUser(bed.services, call, user);
  const browser = bed.newBrowser();
  const page = await signedInAt(browser, VERIFY, loginName);
  return { browser, page, name: loginName, email, subjectId: subject.subjectId };
}

const codeOf = ({ subjectId }: Somebody, purpose: 'verify_email' | 'verify_phone' = 'verify_email') =>
  codeFor(bed, subjectId, purpose);
const SEND_AGAIN = 1;

describe('the page to verify an address', () => {
  it('asks to sign in first', async () => {
    expect((await bed.newBrowser().get(VERIFY)).text).toContain('<h1>Sign in</h1>');
  });

  it('takes the code, and then nothing waits', async () => {
    const who = await somebody();
    const { browser, page, email } = who;
    expect(page.text).toContain(`<h1>Is ${email} your e-mail address?</h1>`);
    expect((await signIn(bed.newBrowser(), VERIFY, email)).status).toBe(400);
    const done = await browser.submit(page, { code: await codeOf(who) });
    expect([done.status, done.location]).toEqual([303, `${VERIFY}?done=verified`]);
    expect((await browser.get(done.location ?? '')).text).toContain('The address is verified.');
    expect((await browser.get(VERIFY)).text).toContain('No address of yours waits');
    expect((await signIn(bed.newBrowser(), VERIFY, email)).status).toBe(303);
    const again = await browser.submit(page, { code: '12345678' });
    expect([again.status, again.text]).toEqual([400, expect.stringContaining('does not wait for a code any more')]);
  });

  it('goes from one address to the next', async () => {
    const who = await somebody({ phone: `+81901234${2_000 + count}` });
    const phone = await who.browser.get(`${VERIFY}?of=verify_phone`);
    expect(phone.text).toMatch(/<h1>Is \+81901234\d+ your phone number\?<\/h1>/);
    const done = await who.browser.submit(phone, { code: await codeOf(who, 'verify_phone') });
    const next = await who.browser.get(done.location ?? '');
    expect(next.text).toContain(`<h1>Is ${who.email} your e-mail address?</h1>`);
  });

  it('sends another code, and no more of them than elsewhere', async () => {
    const who = await somebody();
    const before = await codeOf(who);
    let page = who.page;
    for (let sent = 1; sent < 5; sent += 1) {
      const answer = await who.browser.submit(page, {}, SEND_AGAIN);
      expect([answer.status, answer.location]).toEqual([303, `${VERIFY}?of=verify_email&done=sent`]);
      page = await who.browser.get(answer.location ?? '');
      expect(page.text).toContain('Another code is on its way');
    }
    const tooMany = await who.browser.submit(page, {}, SEND_AGAIN);
    expect([tooMany.status, tooMany.text]).toEqual([429, expect.stringContaining('Too many codes were sent')]);
    const stale = await who.browser.submit(page, { code: before });
    expect([stale.status, stale.text]).toEqual([400, expect.stringContaining('id="code-problem">The code is wrong')]);
    expect((await who.browser.submit(stale, { code: await codeOf(who) })).status).toBe(303);
  });

  it('tells of a wrong code, of one that is over, and of too many', async () => {
    const who = await somebody();
    const code = await codeOf(who);
    for (let guess = 0; guess < ATTEMPTS; guess += 1) {
      expect((await who.browser.submit(who.page, { code: wrongCode(code) })).status).toBe(400);
    }
    const locked = await who.browser.submit(who.page, { code });
    expect([locked.status, locked.text]).toEqual([400, expect.stringContaining('of no use any more')]);
    const late = await somebody();
    const lateCode = await codeOf(late);
    bed.clock.advance(59 * 60_000);
    const page = await late.browser.get(VERIFY);
    bed.clock.advance(2 * 60_000);
    const over = await late.browser.submit(page, { code: lateCode });
    expect([over.status, over.text]).toEqual([400, expect.stringContaining('id="code-problem">The code has expired')]);
  });

  it('tells where somebody else has proven the address meanwhile', async () => {
    const who = await somebody();
    await updateUser(
      bed.services,
      await admin(),
      { by: 'login_name', loginName: 'ann' },
      { email: who.email, emailVerified: true },
    );
    const taken = await who.browser.submit(who.page, { code: await codeOf(who) });
    expect([taken.status, taken.text]).toEqual([400, expect.stringContaining('Somebody else has verified')]);
  });

  it('does nothing for an address that the form did not show, nor for another browser, user or tenant', async () => {
    const who = await somebody();
    const other = await somebody();
    const [form] = formsOf(who.page.text);
    const fields = { ...form?.fields, code: await codeOf(who) };
    await updateUser(
      bed.services,
      await admin(),
      { by: 'user_id', userId: who.subjectId },
      { email: 'changed@example.com' },
    );
    expect((await who.browser.post(VERIFY, fields)).status).toBe(403);
    expect((await other.browser.post(VERIFY, fields)).status).toBe(403);
    expect((await who.browser.post(`/t/${OTHER}/verify`, fields)).text).toContain('not signed in any more');
    expect((await bed.newBrowser().post(VERIFY, fields)).text).toContain('not signed in any more');
    expect((await who.browser.post(VERIFY, { ...fields, step: 'nothing' })).status).toBe(400);
    await endUser(bed.services, await admin(), { by: 'user_id', userId: who.subjectId }, 'disabled');
    expect((await who.browser.submit(who.page, { code: '1' })).text).toContain('not signed in any more');
  });
});

it('who signs up by the operation is given what opens the pages alone', async () => {
  const call = { caller: await callerOf(bed.services, TENANT) };
  const user = { loginName: 'by-operation', password: PASSWORD };
  const { accessToken } = await signUp(bed.services, call, user, 'a-request-of-16-chars');
  const browser = bed.newBrowser();
  browser.cookies.set(`symbolon-${TENANT}`, accessToken);
  expect((await browser.get(VERIFY)).text).toContain('No address of yours waits');
});
