/** What became of a login since its tokens were answered: repeats, first uses and revocations that come late. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { authenticate, type Caller, clientCredential } from '../../../src/core/operations/authenticate.ts';
import { introspect } from '../../../src/core/operations/introspect.ts';
import { refresh } from '../../../src/core/operations/refresh.ts';
import { revoke } from '../../../src/core/operations/revoke.ts';
import { readTenant } from '../../../src/core/services/lookups.ts';
import { callerOf, makeClient, makeTenant, openMemoryTestBed, type TestBed } from '../../support.ts';
import { bearer, PATIENTLY } from '../fixtures.ts';
import { issue } from '../issue.ts';

const MINUTE = 60_000;

let bed: TestBed;
let admin: Caller;
let app: Caller;
let secret: string;

beforeEach(async () => {
  bed = await openMemoryTestBed();
  await makeTenant(bed.store, 'acme');
  secret = await makeClient(bed.store, 'acme', 'admin', ['admin']);
  admin = await callerOf(bed.services, 'admin', secret);
  app = await callerOf(bed.services, 'acme');
});

afterEach(() => bed.close());

function issueAs(caller: Caller, more: { requestId?: string; expireTime?: number } = {}) {
  const credential = { kind: 'client', clientId: 'admin', clientSecret: secret } as const;
  return issue(bed.services, { caller }, { credential, ...more });
}

function refreshAs(caller: Caller, refreshToken: string | undefined) {
  return refresh(bed.services, { caller }, { refreshToken: refreshToken ?? '' });
}

it('an access token that expired long ago still revokes its login after a purge', async () => {
  for (const target of ['token', 'token_id'] as const) {
    const tokens = await issueAs(admin, { expireTime: bed.clock.now + 1_000 });
    bed.clock.advance(MINUTE);
    while ((await bed.store.purgeExpired(500)) > 0) {
      // Until nothing is left that may go.
    }
    const request =
      target === 'token' ? { by: target, token: tokens.accessToken } : { by: target, tokenId: tokens.tokenId };
    const before = (await readTenant(bed.store, 'acme'))?.revision ?? 0;
    expect(await revoke(bed.services, { caller: admin }, request)).toEqual({ revision: before + 1, revoked: true });
    await expect(refreshAs(admin, tokens.refreshToken)).rejects.toMatchObject({ code: 'invalid_refresh_token' });
  }
});

it('a request id whose login was revoked or refreshed since is refused, not answered with dead tokens', async () => {
  const revoked = await issueAs(admin, { requestId: 'request-1' });
  await revoke(bed.services, { caller: admin }, { by: 'token', token: revoked.accessToken });
  await expect(issueAs(admin, { requestId: 'request-1' })).rejects.toMatchObject({ code: 'request_id_reused' });

  const refreshed = await issueAs(admin, { requestId: 'request-2' });
  await refreshAs(admin, refreshed.refreshToken);
  await expect(issueAs(admin, { requestId: 'request-2' })).rejects.toMatchObject({ code: 'request_id_reused' });
});

it('a request id of a public caller does not depend on the key that it makes up', async () => {
  const other = await authenticate(bed.services, clientCredential('acme', 'another made-up key'));
  const first = await issueAs(app, { requestId: 'request-3' });
  expect(await issueAs(other, { requestId: 'request-3' })).toEqual(first);
});

it('calling with a refreshed token is its first use, after which the old refresh token is theft', async () => {
  const first = await issueAs(admin);
  const second = await refreshAs(admin, first.refreshToken);
  const caller = await authenticate(bed.services, bearer(second.accessToken));
  expect(caller.clientId).toBe('admin');
  await expect
    .poll(async () => (await bed.store.readFamily('acme', second.familyId)).reading?.family.repeatUntil, PATIENTLY)
    .toBe(0);

  await expect(refreshAs(admin, first.refreshToken)).rejects.toMatchObject({ code: 'invalid_refresh_token' });
  const { active } = await introspect(bed.services, { caller: admin }, { token: second.accessToken });
  expect(active).toBe(false);
});
