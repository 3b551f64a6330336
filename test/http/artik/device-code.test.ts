/** The limited-input flow, as the samples of 2018 use it. */
import { expect, it } from 'vitest';
import { authenticateTokenHolder, type Caller } from '../../../src/core/operations/authenticate.ts';
import { decideDeviceAuthorization } from '../../../src/core/operations/device-authorization.ts';
import { openArtikBed } from './bed.ts';

it('answers Google’s names, is pending until the user decides, and then gives tokens', async () => {
  await using bed = await openArtikBed();
  const begun = await bed.ask('POST', '/device/code', { form: { client_id: 'tv' } });
  expect(begun.json).toEqual({
    device_code: expect.not.stringContaining('='),
    user_code: expect.stringMatching(/^[A-Z0-9]{4}-[A-Z0-9]{4}$/),
    verification_url: `${bed.url}/t/acme/device`,
    expires_in: 1_800,
    interval: 5,
  });
  const form = { grant_type: 'device_code', code: begun.json.device_code, client_id: 'tv' };
  const poll = () => bed.ask('POST', '/token', { form });
  const early = await poll();
  expect([early.status, early.json.error]).toEqual([400, 'authorization_pending']);
  expect((await poll()).json.error).toBe('slow_down');

  const caller = (await authenticateTokenHolder(bed.services, 'acme', await bed.own())) as Caller;
  await decideDeviceAuthorization(bed.services, { caller }, begun.json.user_code, 'approve');
  bed.clock.advance(30_000);
  const { status, json } = await poll();
  expect([status, json]).toEqual([
    200,
    expect.objectContaining({ token_type: 'bearer', refresh_token: expect.any(String) }),
  ]);
  expect((await bed.ask('GET', '/tokenInfo', { bearer: json.access_token })).json.data.user_id).toBe('user-ann');
});

it('takes all in the query, and refuses a client that has not the grant', async () => {
  await using bed = await openArtikBed();
  const { json } = await bed.ask('POST', '/device/code?client_id=tv&scope=read');
  expect(json.user_code).toEqual(expect.any(String));
  const refused = await bed.ask('POST', '/device/code', { form: { client_id: 'mobile' } });
  expect([refused.status, refused.json.error]).toEqual([400, 'unauthorized_client']);
});
