/** What a client got by a user's consent has a few of the user's rights, and not all of them at the doors of the platform's own apps. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { UserRef } from '../../../src/core/operations/access.ts';
import type { Call } from '../../../src/core/operations/authenticate.ts';
import { listConsents, withdrawConsent } from '../../../src/core/operations/consents.ts';
import { issue } from '../../../src/core/operations/issue.ts';
import { listTokens } from '../../../src/core/operations/tokens.ts';
import { endUser, getUser, updateUser } from '../../../src/core/operations/users.ts';
import { callerOf } from '../../support.ts';
import { authorizeUrl, openPagesBed, PASSWORD, type PagesBed, queryOf, signedInAt, TENANT, VERIFIER } from './bed.ts';

let bed: PagesBed;
/** By the consent to all that the client may ask for, and by the user's own password. */
const tokens = { consented: '', own: '' };

beforeAll(async () => {
  bed = await openPagesBed();
  const browser = bed.newBrowser();
  const consent = await signedInAt(browser, authorizeUrl({ client_id: 'spa', scope: 'read write profile.read' }));
  const { code = '' } = queryOf((await browser.submit(consent, { decision: 'allow' })).location);
  tokens.consented = await accessTokenBy('spa', { kind: 'authorization_code', code, codeVerifier: VERIFIER });
  tokens.own = await accessTokenBy(TENANT, { kind: 'user', username: 'ann', password: PASSWORD });
});
afterAll(() => bed.close());

async function accessTokenBy(clientId: string, credential: Parameters<typeof issue>[2]['credential']): Promise<string> {
  const issued = await issue(bed.services, { caller: await callerOf(bed.services, clientId) }, { credential });
  return 'accessToken' in issued ? issued.accessToken : '';
}

function fetched(method: string, path: string, token: string): Promise<number> {
  const headers = { Authorization: `Bearer ${token}` };
  return fetch(`http://${bed.http.address}${path}`, { method, headers }).then(({ status }) => status);
}

const KII = `/api/apps/${TENANT}/users/me`;

it.each(['GET', 'DELETE'])('is nobody to clients of Kii Cloud, which have all rights: %s', async (method) => {
  expect(await fetched(method, KII, tokens.consented)).toBe(403);
  expect(await fetched('GET', KII, tokens.own)).toBe(200);
});

it('may do at ARTIK’s paths what its scopes allow', async () => {
  expect(await fetched('GET', '/v1.1/users/self', tokens.consented)).toBe(200);
});

type Presented = Extract<UserRef, { by: 'access_token' }>;

describe('presented to a client, it does not act for its user', () => {
  const page = { pageSize: 0, pageToken: '' };
  it.each<[string, (call: Call, user: Presented) => Promise<unknown>]>([
    ['to be looked at', (call, user) => getUser(bed.services, call, user)],
    ['to be changed', (call, user) => updateUser(bed.services, call, user, { displayName: 'x' })],
    ['to be deleted', (call, user) => endUser(bed.services, call, user, 'deleted')],
    [
      'to list logins',
      (call, { accessToken }) => listTokens(bed.services, call, { kind: 'bearer', accessToken }, page),
    ],
    ['to list what it allowed', (call, user) => listConsents(bed.services, call, user, page)],
    ['to take that back', (call) => withdrawConsent(bed.services, call, 'co_1', tokens.consented)],
  ])('%s', async (_, act) => {
    const call = { caller: await callerOf(bed.services, 'spa') };
    const done = act(call, { by: 'access_token', accessToken: tokens.consented });
    await expect(done).rejects.toMatchObject({ code: 'invalid_credentials' });
  });
});
