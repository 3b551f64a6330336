/** What ends a user's logins ends the one on the pages too: the cookie signs nobody in, and what was left open decides nothing. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Call } from '../../../src/core/operations/authenticate.ts';
import { completePasswordReset, requestPasswordReset } from '../../../src/core/operations/codes.ts';
import { beginDeviceAuthorization, redeemDeviceCode } from '../../../src/core/operations/device-authorization.ts';
import { changeUserPassword } from '../../../src/core/operations/passwords.ts';
import { redeemAuthorizationCode } from '../../../src/core/operations/redeem-authorization-code.ts';
import { revokeAll } from '../../../src/core/operations/tokens.ts';
import { enableUser, endUser } from '../../../src/core/operations/users.ts';
import { callerOf, makeClient, makeUser } from '../../support.ts';
import { authorizeUrl, openPagesBed, PASSWORD, type PagesBed, queryOf, signedInAt, TENANT, VERIFIER } from './bed.ts';
import { codeFor } from './codes.ts';

let bed: PagesBed;
let admin: Call;
let count = 0;
const DEVICE = `/t/${TENANT}/device`;

beforeAll(async () => {
  bed = await openPagesBed();
  admin = { caller: await callerOf(bed.services, 'boss', await makeClient(bed.store, TENANT, 'boss', ['admin'])) };
});
afterAll(() => bed.close());

async function newUser(): Promise<string> {
  const name = `user-${++count}`;
  const verified = { email: `${name}@example.com`, emailVerified: true };
  await makeUser(bed.services, TENANT, { subjectId: name, loginName: name, password: PASSWORD, ...verified });
  return name;
}

const refOf = (userId: string) => ({ by: 'user_id', userId }) as const;

describe.each<[string, (user: string) => Promise<unknown>]>([
  ['a new password', (user) => changeUserPassword(bed.services, admin, refOf(user), PASSWORD, `${PASSWORD} two`)],
  [
    'being disabled, and enabled again',
    async (user) => {
      await endUser(bed.services, admin, refOf(user), 'disabled');
      await enableUser(bed.services, admin, refOf(user));
    },
  ],
  ['being disabled', (user) => endUser(bed.services, admin, refOf(user), 'disabled')],
  ['being deleted', (user) => endUser(bed.services, admin, refOf(user), 'deleted')],
  [
    'a reset by a code',
    async (user) => {
      const ref = { by: 'user_id', userId: user } as const;
      await requestPasswordReset(bed.services, admin, ref, 'email');
      await completePasswordReset(
        bed.services,
        admin,
        ref,
        await codeFor(bed, user, 'reset_password'),
        `${PASSWORD} two`,
      );
    },
  ],
  ['the end of all logins', (user) => revokeAll(bed.services, admin, { kind: 'user', id: user })],
])('by %s', (_, end) => {
  it('the cookie signs nobody in', async () => {
    const user = await newUser();
    const browser = bed.newBrowser();
    expect((await signedInAt(browser, authorizeUrl(), user)).text).toContain('Allow The web app?');
    await end(user);
    expect((await browser.get(authorizeUrl())).text).toContain('Sign in to The web app');
    expect((await browser.get(authorizeUrl({ prompt: 'none' }))).location).toContain('error=login_required');
    expect((await browser.get(DEVICE)).text).toContain('<h1>Sign in</h1>');
  });

  it('what the user had agreed to gives no code by itself', async () => {
    const user = await newUser();
    const browser = bed.newBrowser();
    await browser.submit(await signedInAt(browser, authorizeUrl(), user), { decision: 'allow' });
    expect((await browser.get(authorizeUrl())).location).toContain('code=');
    await end(user);
    const again = await browser.get(authorizeUrl());
    expect([again.status, again.location]).toEqual([200, undefined]);
  });

  it('a page that was left open agrees to nothing', async () => {
    const user = await newUser();
    const browser = bed.newBrowser();
    const consent = await signedInAt(browser, authorizeUrl(), user);
    await end(user);
    const answer = await browser.submit(consent, { decision: 'allow' });
    expect([answer.status, answer.location]).toEqual([400, undefined]);
    expect(answer.text).toContain('not signed in any more');
  });

  it('a code that the client has not brought yet gives nothing', async () => {
    const user = await newUser();
    const browser = bed.newBrowser();
    const consent = await signedInAt(browser, authorizeUrl({ client_id: 'spa' }), user);
    const { code = '' } = queryOf((await browser.submit(consent, { decision: 'allow' })).location);
    await end(user);
    const spa = { caller: await callerOf(bed.services, 'spa') };
    const brought = { kind: 'authorization_code', code, codeVerifier: VERIFIER } as const;
    const redeemed = redeemAuthorizationCode(bed.services, spa, brought);
    await expect(redeemed).rejects.toMatchObject({ code: 'invalid_grant' });
  });

  it('nor does it let a device in', async () => {
    const tv = { caller: await callerOf(bed.services, 'tv') };
    const { deviceCode, userCode } = await beginDeviceAuthorization(bed.services, tv, { scopes: ['read'] });
    const user = await newUser();
    const browser = bed.newBrowser();
    const confirm = await browser.submit(await signedInAt(browser, DEVICE, user), { user_code: userCode });
    await end(user);
    expect((await browser.submit(confirm, { decision: 'allow' })).status).toBe(400);
    const redeemed = redeemDeviceCode(bed.services, tv, { kind: 'device_code', deviceCode });
    await expect(redeemed).rejects.toMatchObject({ code: 'authorization_pending' });
  });
});

it('the login of who signed up ends as others do', async () => {
  const open = await openPagesBed({ policy: { selfRegistration: true } });
  try {
    const browser = open.newBrowser();
    const page = await browser.get(`/t/${TENANT}/sign-up`);
    const done = await browser.submit(page, { username: 'newcomer', password: PASSWORD });
    expect((await browser.get(done.location ?? '')).text).toContain('newcomer');
    const boss = await callerOf(open.services, 'boss', await makeClient(open.store, TENANT, 'boss', ['admin']));
    const ref = { by: 'login_name', loginName: 'newcomer' } as const;
    await changeUserPassword(open.services, { caller: boss }, ref, PASSWORD, `${PASSWORD} two`);
    expect((await browser.get(done.location ?? '')).text).toContain('<h1>Sign in</h1>');
    // The form that made it gives no login any more.
    const again = await browser.submit(page, { username: 'newcomer', password: `${PASSWORD} two` });
    expect([again.status, again.location]).toEqual([400, undefined]);
  } finally {
    await open.close();
  }
});
