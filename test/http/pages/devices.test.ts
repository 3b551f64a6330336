/** My account: the devices that somebody owns, and their tokens. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Call } from '../../../src/core/operations/authenticate.ts';
import { authenticateTokenHolder } from '../../../src/core/operations/authenticate.ts';
import { endDevice, registerDevice, removeDeviceOwner } from '../../../src/core/operations/devices.ts';
import { endUser } from '../../../src/core/operations/users.ts';
import { callerOf, makeClient, makeUser } from '../../support.ts';
import { OTHER, openPagesBed, PASSWORD, type PagesBed, SCRIPT, signIn, TENANT } from './bed.ts';
import { type Browser, type FormOnPage, formsOf, type Shown, unescaped } from './browser.ts';

let bed: PagesBed;
let admin: Call;
let count = 0;
const PAGE = `/t/${TENANT}/account/devices`;
/** Wrong passwords that lock. */
const LEAST_LOCKED = 3;
const TOKEN = /<textarea [^>]*>([^<]*)<\/textarea>/;

beforeAll(async () => {
  bed = await openPagesBed({ policy: { loginAttempts: LEAST_LOCKED } });
  admin = { caller: await callerOf(bed.services, 'boss', await makeClient(bed.store, TENANT, 'boss', ['admin'])) };
});
afterAll(() => bed.close());

interface Owner {
  readonly user: string;
  readonly browser: Browser;
}

async function newOwner(): Promise<Owner> {
  const user = `owner-${++count}`;
  await makeUser(bed.services, TENANT, { subjectId: user, loginName: user, password: PASSWORD });
  const browser = bed.newBrowser();
  await signIn(browser, PAGE, user);
  return { user, browser };
}

async function newDevice(
  ownerIds: readonly string[],
  { displayName = 'Lamp', type = '' }: { displayName?: string; type?: string } = {},
): Promise<string> {
  const attributes = type === '' ? {} : { attributes: JSON.stringify({ _thingType: type }) };
  const request = { vendorId: `v-${++count}`, password: PASSWORD, displayName, ownerIds, ...attributes };
  return (await registerDevice(bed.services, admin, request)).subject.subjectId;
}

const formOf = ({ text }: Shown, step: string) => formsOf(text).find(({ fields }) => fields.step === step);
const tokenOf = ({ text }: Shown) => TOKEN.exec(text)?.[1];
const linkOf = ({ text }: Shown, what: string) =>
  unescaped(new RegExp(`href="([^"]*\\?${what}=[^"]*)"`).exec(text)?.[1] ?? '');
const isLive = async (token = '') => (await authenticateTokenHolder(bed.services, TENANT, token)) !== undefined;

/** Filled in, of the first device. */
async function generation(browser: Browser): Promise<FormOnPage> {
  const asked = await browser.get(linkOf(await browser.get(PAGE), 'generate'));
  const { action = '', fields = {} } = formOf(asked, 'generate') ?? {};
  return { action, fields: { ...fields, password: PASSWORD } };
}

function send(browser: Browser, form: FormOnPage | undefined, more: Record<string, string> = {}): Promise<Shown> {
  return browser.post(PAGE, { ...form?.fields, ...more });
}

describe('the devices of a user', () => {
  it('are none at first, in a sentence', async () => {
    const { browser } = await newOwner();
    const page = await browser.get(PAGE);
    expect([page.status, page.text.includes('You have no devices')]).toEqual([200, true]);
  });

  it('have a name, a type and a vendor’s id, and say whether they have a token', async () => {
    const { browser, user } = await newOwner();
    await newDevice([user], { displayName: '居間の照明', type: 'tv.symbolon.light' });
    const { text } = await browser.get(PAGE);
    expect(text).toContain('<h2>居間の照明</h2>');
    expect(text).toContain('Type: tv.symbolon.light');
    expect(text).toContain('Id from the vendor: v-');
    expect(text).toContain('It has no token.');
    expect(text).not.toContain('?revoke=');
  });

  it('are twenty on a page, the oldest first', async () => {
    const { browser, user } = await newOwner();
    for (let i = 0; i < 21; i += 1) {
      bed.clock.advance(1);
      await newDevice([user], { displayName: `Lamp ${i}.` });
    }
    const first = await browser.get(PAGE);
    expect(first.text).toContain('<h2>Lamp 19.</h2>');
    expect(first.text).not.toContain('<h2>Lamp 20.</h2>');
    const second = await browser.get(`${PAGE}?from=20`);
    expect(second.text).toContain('<h2>Lamp 20.</h2>');
    expect(second.text).toContain('21 to 21 of 21');
  });

  it('have names that are text', async () => {
    const { browser, user } = await newOwner();
    await newDevice([user], { displayName: SCRIPT, type: SCRIPT.slice(0, 60) });
    const page = await browser.get(PAGE);
    const made = await send(browser, await generation(browser));
    for (const { text } of [page, made, await browser.get(linkOf(await browser.get(PAGE), 'revoke'))]) {
      expect(text).not.toMatch(/<script>|<img/);
    }
  });
});

describe('a token', () => {
  it('is shown once, by the answer to the form, and opens what the device may', async () => {
    const { browser, user } = await newOwner();
    await newDevice([user]);
    const made = await send(browser, await generation(browser));
    expect([made.status, made.headers['cache-control'], made.location]).toEqual([200, 'no-store', undefined]);
    expect(made.text).toContain('The new token of Lamp');
    const token = tokenOf(made) ?? '';
    expect(await isLive(token)).toBe(true);
    const after = await browser.get(PAGE);
    expect(after.text).not.toContain(token);
    expect(after.text).toMatch(/It has had its token since <time datetime="2030-/);
    expect(bed.tape.text).not.toContain(token);
  });

  it('takes the place of the one before after a question', async () => {
    const { browser, user } = await newOwner();
    await newDevice([user]);
    const first = tokenOf(await send(browser, await generation(browser)));
    const page = await browser.get(PAGE);
    expect(formOf(page, 'generate')).toBeUndefined();
    const asked = await browser.get(linkOf(page, 'generate'));
    expect(asked.text).toContain('Generate a new token for Lamp?');
    expect(await isLive(first)).toBe(true);
    const second = tokenOf(await send(browser, formOf(asked, 'generate'), { password: PASSWORD }));
    expect([await isLive(first), await isLive(second)]).toEqual([false, true]);
  });

  it('is not generated again by a reload, nor by a second click: the same is shown for a minute, and then none', async () => {
    const { browser, user } = await newOwner();
    await newDevice([user]);
    const form = await generation(browser);
    const made = await Promise.all([send(browser, form), send(browser, form)]);
    const [token, other] = made.map(tokenOf);
    expect(token).toBe(other);
    expect(tokenOf(await send(browser, form))).toBe(token);
    bed.clock.advance(61_000);
    const late = await send(browser, form);
    expect([late.status, tokenOf(late)]).toEqual([409, undefined]);
    expect(late.text).toContain('The token was generated already');
    expect(await isLive(token)).toBe(true);
  });

  it('is for who knows the password: wrong ones count as those of a login, and tell nothing of the token', async () => {
    const { browser, user } = await newOwner();
    await newDevice([user]);
    const form = await generation(browser);
    const without = await send(browser, form, { password: '' });
    expect([without.status, without.text.includes('Enter your password.')]).toEqual([400, true]);
    await send(browser, form);
    for (let guesses = 0; guesses < LEAST_LOCKED; guesses += 1) {
      // Not shown again either, though it was generated just now.
      const wrong = await send(browser, form, { password: 'wrong' });
      expect([wrong.status, tokenOf(wrong)]).toEqual([400, undefined]);
      expect(wrong.text).toContain('This is not your password.');
    }
    const locked = await send(browser, form);
    expect([locked.status, tokenOf(locked)]).toEqual([429, undefined]);
    expect((await signIn(bed.newBrowser(), PAGE, user)).status).toBe(429);
  });

  it('is not taken by a tab that another one has overtaken', async () => {
    const { browser, user } = await newOwner();
    await newDevice([user]);
    await send(browser, await generation(browser));
    const page = await browser.get(PAGE);
    const [replacing, revoking] = [
      await generation(browser),
      formOf(await browser.get(linkOf(page, 'revoke')), 'revoke'),
    ];
    const second = tokenOf(await send(browser, replacing));
    expect((await send(browser, revoking)).status).toBe(404);
    bed.clock.advance(61_000);
    expect((await send(browser, replacing)).status).toBe(409);
    expect(await isLive(second)).toBe(true);
  });

  it('is revoked after a question, once', async () => {
    const { browser, user } = await newOwner();
    await newDevice([user]);
    const token = tokenOf(await send(browser, await generation(browser)));
    const asked = await browser.get(linkOf(await browser.get(PAGE), 'revoke'));
    expect(asked.text).toContain('Revoke the token of Lamp?');
    const done = await send(browser, formOf(asked, 'revoke'));
    expect(done.location).toBe(`${PAGE}?done=tokenRevoked`);
    expect(await isLive(token)).toBe(false);
    expect((await browser.get(done.location ?? '')).text).toContain('The token has ended');
    expect((await send(browser, formOf(asked, 'revoke'))).status).toBe(404);
  });

  it('is not offered for a device that is disabled', async () => {
    const { browser, user } = await newOwner();
    const deviceId = await newDevice([user]);
    const form = await generation(browser);
    await endDevice(bed.services, admin, { by: 'device_id', deviceId }, 'disabled');
    expect((await browser.get(PAGE)).text).toContain('This device is disabled');
    expect(linkOf(await browser.get(PAGE), 'generate')).toBe('');
    expect((await browser.get(`${PAGE}?generate=${deviceId}`)).status).toBe(404);
    expect((await send(browser, form)).status).toBe(404);
  });
});

describe('nobody gets a token', () => {
  it.each<[string, (deviceId: string, user: string) => Promise<unknown>]>([
    [
      'that was given away',
      (deviceId, user) => removeDeviceOwner(bed.services, admin, { by: 'device_id', deviceId }, user),
    ],
    ['that was deleted', (deviceId) => endDevice(bed.services, admin, { by: 'device_id', deviceId }, 'deleted')],
  ])('of a device %s meanwhile', async (_, end) => {
    const { browser, user } = await newOwner();
    const deviceId = await newDevice([user]);
    const form = await generation(browser);
    await end(deviceId, user);
    const answer = await send(browser, form);
    expect([answer.status, tokenOf(answer)]).toEqual([404, undefined]);
    expect(answer.text).toContain('This is not there any more');
  });

  it('of another’s device, by whatever is sent', async () => {
    const [ann, bob] = [await newOwner(), await newOwner()];
    const deviceOfAnn = await newDevice([ann.user]);
    await newDevice([bob.user]);
    for (const what of ['generate', 'revoke']) {
      expect((await bob.browser.get(`${PAGE}?${what}=${deviceOfAnn}`)).status).toBe(404);
    }
    const form = await generation(bob.browser);
    expect((await send(bob.browser, form, { device: deviceOfAnn })).status).toBe(403);
    expect((await send(ann.browser, form)).status).toBe(403);
    expect((await ann.browser.get(PAGE)).text).toContain('It has no token.');
  });

  it('by a form from elsewhere, of too long ago, or of a user who is disabled meanwhile', async () => {
    const { browser, user } = await newOwner();
    await newDevice([user]);
    const { fields } = await generation(browser);
    expect((await browser.post(PAGE, fields, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await browser.post(PAGE, { ...fields, form_token: 'x' })).status).toBe(403);
    const elsewhere = bed.newBrowser();
    await signIn(elsewhere, `/t/${OTHER}/account`);
    expect((await elsewhere.post(PAGE, fields)).text).toContain('not signed in any more');
    const open = await generation(browser);
    bed.clock.advance(61 * 60_000);
    expect((await browser.post(PAGE, fields)).status).toBe(400);
    await endUser(bed.services, admin, { by: 'user_id', userId: user }, 'disabled');
    expect((await send(browser, open)).text).toContain('not signed in any more');
  });
});
