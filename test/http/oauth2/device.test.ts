/** A login on a device without a browser (RFC 8628). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authenticateTokenHolder } from '../../../src/core/operations/authenticate.ts';
import { decideDeviceAuthorization } from '../../../src/core/operations/device-authorization.ts';
import type { DeviceDecision } from '../../../src/core/rules/device-authorizations.ts';
import { openMemoryTestBed } from '../../support.ts';
import { basic, inBody, isActive, logIn, type OAuthBed, openOAuthBed, post, TOKEN } from './bed.ts';

const BEGIN = '/t/acme/oauth2/device_authorization';
const GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

let bed: OAuthBed;

beforeAll(async () => {
  bed = await openOAuthBed({ open: openMemoryTestBed });
  await bed.makeClient('tv', { isPublic: true, grants: ['device_code', 'refresh_token'] });
  await bed.makeClient('radio', { grants: ['device_code'] });
});

afterAll(() => bed.close());

async function begun(more: Record<string, string> = {}) {
  return (await post(bed, BEGIN, { client_id: 'tv', ...more })).json;
}

const polled = (device_code: string, client = 'tv') =>
  post(bed, TOKEN, { grant_type: GRANT, device_code, ...inBody(bed, client) });

async function decided(userCode: string, decision: DeviceDecision): Promise<void> {
  const caller = await authenticateTokenHolder(bed.services, 'acme', (await logIn(bed)).access_token);
  if (caller === undefined) {
    throw new Error('ann is not signed in');
  }
  await decideDeviceAuthorization(bed.services, { caller }, userCode, decision);
}

describe('the begin', () => {
  it('is answered as RFC 8628 section 3.2 has it', async () => {
    const { status, headers, json } = await post(bed, BEGIN, { client_id: 'tv', scope: 'read' });
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(json).toEqual({
      device_code: expect.any(String),
      user_code: expect.stringMatching(/^[A-Z]{4}-[A-Z]{4}$/),
      verification_uri: `${bed.url}/t/acme/device`,
      verification_uri_complete: `${bed.url}/t/acme/device?user_code=${json.user_code}`,
      expires_in: expect.any(Number),
      interval: 5,
    });
  });

  it('is at the root for the default tenant', async () => {
    const { json } = await post(bed, '/oauth2/device_authorization', { client_id: 'tv' });
    expect(json.verification_uri).toBe(`${bed.url}/device`);
  });

  it('is for clients that are registered for it, with scopes that they have', async () => {
    expect((await post(bed, BEGIN, {}, basic(bed, 'gate'))).json.error).toBe('unauthorized_client');
    expect((await post(bed, BEGIN, { client_id: 'radio' })).json.error).toBe('invalid_client');
    expect((await post(bed, BEGIN, {}, basic(bed, 'radio'))).status).toBe(200);
    expect((await begun({ scope: 'admin' })).error).toBe('invalid_scope');
    expect((await begun({ resource: 'https://nothing.example' })).error).toBe('invalid_target');
  });
});

describe('a poll', () => {
  it('is pending until the user has decided, and slow_down when it comes too soon', async () => {
    const { device_code } = await begun();
    expect((await polled(device_code)).json.error).toBe('authorization_pending');
    const soon = await polled(device_code);
    expect([soon.status, soon.json.error]).toEqual([400, 'slow_down']);
  });

  it('gives tokens once the user has approved, and once only', async () => {
    const { device_code, user_code } = await begun({ scope: 'read' });
    await decided(user_code, 'approve');
    const { status, json } = await polled(device_code);
    expect([status, json.scope, json.token_type]).toEqual([200, 'read', 'Bearer']);
    expect(await isActive(bed, json.access_token)).toBe(true);
    bed.clock.advance(10_000);
    expect((await polled(device_code)).json.error).toBe('invalid_grant');
  });

  it('is refused once the user has denied', async () => {
    const { device_code, user_code } = await begun();
    await decided(user_code, 'deny');
    const { status, json } = await polled(device_code);
    expect([status, json.error]).toEqual([400, 'access_denied']);
  });

  it('is refused when the code has expired', async () => {
    const { device_code, expires_in } = await begun();
    bed.clock.advance(expires_in * 1_000);
    expect((await polled(device_code)).json.error).toBe('expired_token');
  });

  it('is refused to another client, and with what was made up', async () => {
    const { device_code } = await begun();
    expect((await polled(device_code, 'radio')).json.error).toBe('invalid_grant');
    expect((await polled('x')).json.error).toBe('invalid_grant');
    expect((await post(bed, TOKEN, { grant_type: GRANT, client_id: 'tv' })).json.error).toBe('invalid_request');
  });
});
