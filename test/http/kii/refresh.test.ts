import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { introspect } from '../../../src/core/operations/introspect.ts';
import { issue } from '../../core/issue.ts';
import { callerOf, makeClient, makeTenant } from '../../support.ts';
import {
  ADMIN,
  APP,
  type HttpBed,
  invalidGrant,
  openHttpBed,
  PASSWORD,
  PLAIN_PATH,
  postToken,
  type TextAnswer,
} from '../support.ts';

let bed: HttpBed;
let apiSecret: string;
let otherSecret: string;
let strangerSecret: string;

beforeAll(async () => {
  bed = await openHttpBed({ policy: { refreshEnabled: true } });
  apiSecret = await makeClient(bed.store, APP, 'cl_api', ['introspect']);
  otherSecret = await makeClient(bed.store, APP, 'cl_other');
  await makeTenant(bed.store, 'app2');
  strangerSecret = await makeClient(bed.store, 'app2', 'cl_stranger');
});
afterAll(() => bed.close());

const INVALID = [400, invalidGrant('refresh_token is not valid. Log in again')];
const UNPROVEN = [400, invalidGrant('The user was not found or a wrong password was provided')];

async function isActive(token: unknown): Promise<boolean> {
  const caller = await callerOf(bed.services, 'cl_api', apiSecret);
  return (await introspect(bed.services, { caller }, { token: String(token) })).active;
}

async function login(): Promise<Record<string, unknown>> {
  return (await postToken(bed, { username: 'bob', password: PASSWORD })).json;
}

function refresh(refreshToken: unknown, more: object = {}, path?: string): Promise<TextAnswer> {
  const options = path === undefined ? {} : { path, headers: { 'x-kii-appid': APP } };
  return postToken(bed, { grant_type: 'refresh_token', refresh_token: refreshToken, ...more }, options);
}

function outcome({ status, json }: TextAnswer): unknown {
  return [status, json];
}

describe('a refresh token', () => {
  it('comes with the login of a user, a thing and an admin, and with no anonymous one', async () => {
    const logins = [
      { username: 'bob', password: PASSWORD },
      { username: 'VENDOR_THING_ID:Sensor-1', password: PASSWORD },
      { client_id: ADMIN, client_secret: bed.adminSecret },
    ];
    for (const body of logins) {
      const { json } = await postToken(bed, body);
      expect(Object.keys(json)).toEqual(['id', 'access_token', 'expires_in', 'token_type', 'refresh_token']);
      const next = await refresh(json.refresh_token);
      expect([next.status, next.json.id]).toEqual([200, json.id]);
    }
    const nobody = await postToken(bed, { client_id: APP, client_secret: 'x' });
    expect(Object.keys(nobody.json)).toEqual(['id', 'access_token', 'expires_in', 'token_type']);
  });

  it.each([undefined, PLAIN_PATH])('is traded for a new pair (%s), and the old access token dies', async (path) => {
    const first = await login();
    const next = await refresh(first.refresh_token, {}, path);
    expect(next.status).toBe(200);
    expect(next.json).toEqual({
      id: 'user-2',
      access_token: expect.stringMatching(/^syu_/),
      expires_in: 2_147_483_647,
      token_type: 'Bearer',
      refresh_token: expect.stringMatching(/^syr_/),
    });
    expect(next.json.access_token).not.toBe(first.access_token);
    expect(next.json.refresh_token).not.toBe(first.refresh_token);
    expect([await isActive(first.access_token), await isActive(next.json.access_token)]).toEqual([false, true]);
  });

  it('needs no grant_type, and may come as a form', async () => {
    const first = await login();
    const second = await postToken(bed, { refresh_token: first.refresh_token });
    expect(second.status).toBe(200);
    const form = new URLSearchParams({ refresh_token: String(second.json.refresh_token) }).toString();
    const third = await postToken(bed, form, { headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    expect(third.status).toBe(200);
  });

  it('whose answer was lost gets the same pair again, and is theft once that pair was used', async () => {
    const first = await login();
    const next = await refresh(first.refresh_token);
    expect((await refresh(first.refresh_token)).json).toEqual(next.json);
    const third = await refresh(next.json.refresh_token);
    expect(third.status).toBe(200);
    expect(outcome(await refresh(first.refresh_token))).toEqual(INVALID);
    expect(await isActive(third.json.access_token)).toBe(false);
  });

  it.each(['', 'x', 'syr_', `syr_${'A'.repeat(49)}`, 'a'.repeat(5_000), '\0', 'é'])(
    'that is none is refused: %j',
    async (token) => {
      const answer = await refresh(token);
      expect([answer.status, answer.json.error, answer.json.errorCode]).toEqual([
        400,
        'invalid_grant',
        'invalid_grant',
      ]);
    },
  );

  it('is no access token, nor the other way round', async () => {
    const { access_token, refresh_token } = await login();
    expect(outcome(await refresh(access_token))).toEqual(INVALID);
    expect(await isActive(refresh_token)).toBe(false);
  });

  it('of another app is refused, and stays good for its own', async () => {
    const { refresh_token } = await login();
    const answer = await postToken(bed, { refresh_token }, { path: '/api/apps/app2/oauth2/token' });
    expect(outcome(answer)).toEqual(INVALID);
    expect((await refresh(refresh_token)).status).toBe(200);
  });

  it('asked for past its family’s end gets what is left', async () => {
    const first = await login();
    bed.clock.advance(1_000);
    const { json } = await refresh(first.refresh_token, { expiresAt: bed.clock.now + 2_147_483_647_000 });
    expect(json.expires_in).toBe(2_147_483_646);
    bed.clock.advance(-1_000);
  });
});

describe('a client', () => {
  /** A pair that a confidential client was given over gRPC. */
  async function pairOf(clientId: string, secret: string): Promise<{ refreshToken: string | undefined }> {
    const caller = await callerOf(bed.services, clientId, secret);
    return issue(bed.services, { caller }, { credential: { kind: 'user', username: 'bob', password: PASSWORD } });
  }

  it('refreshes what was issued to it by naming and proving itself in the body', async () => {
    const { refreshToken } = await pairOf('cl_other', otherSecret);
    const answer = await refresh(refreshToken, { client_id: 'cl_other', client_secret: otherSecret });
    expect([answer.status, answer.json.id]).toEqual([200, 'user-2']);
  });

  it('does not refresh what was issued to another, and neither does the app', async () => {
    const { refreshToken } = await pairOf('cl_other', otherSecret);
    expect(outcome(await refresh(refreshToken))).toEqual(INVALID);
    const asApi = { client_id: 'cl_api', client_secret: apiSecret };
    expect(outcome(await refresh(refreshToken, asApi))).toEqual(INVALID);
    const { refresh_token } = await login();
    expect(outcome(await refresh(refresh_token, asApi))).toEqual(INVALID);
    expect((await refresh(refresh_token)).status).toBe(200);
  });

  it('that does not prove itself, or is another app’s, is refused without a challenge, and the token stays good', async () => {
    const { refreshToken } = await pairOf('cl_other', otherSecret);
    for (const client of [
      { client_id: 'cl_other', client_secret: 'wrong' },
      { client_id: 'cl_other' },
      { client_id: 'cl_nobody', client_secret: otherSecret },
      { client_id: 'cl_stranger', client_secret: strangerSecret },
      { client_id: 'app2' },
    ]) {
      const answer = await refresh(refreshToken, client);
      expect(outcome(answer)).toEqual(UNPROVEN);
      expect(answer.headers.get('www-authenticate')).toBeNull();
    }
    const good = { client_id: 'cl_other', client_secret: otherSecret };
    expect((await refresh(refreshToken, good)).status).toBe(200);
  });

  it('may be the app itself, whatever the key beside it', async () => {
    for (const client of [{ client_id: APP }, { client_id: APP, client_secret: 'key' }]) {
      const { refresh_token } = await login();
      expect((await refresh(refresh_token, client)).status).toBe(200);
    }
  });

  it.each([
    [{ client_secret: 'x' }, 'client_id is missing'],
    [{ client_id: '' }, 'client_id is missing'],
    [{ client_id: 'cl_other', client_secret: '' }, 'client_secret is missing'],
    [{ client_id: 'a\0' }, 'client_id must not have a NUL character'],
    [{ client_id: 'a'.repeat(257) }, 'client_id must be at most 256 characters'],
    [{ client_id: 'cl_other', client_secret: 'a'.repeat(257) }, 'client_secret must be at most 256 characters'],
    [{ client_id: 1 }, 'client_id must be a string'],
  ])('that is named as %j is refused', async (client, description) => {
    const { refresh_token } = await login();
    expect(outcome(await refresh(refresh_token, client))).toEqual([400, invalidGrant(description)]);
  });
});

describe('an app without refreshing', () => {
  it('answers no refresh token and takes none', async () => {
    const off = await openHttpBed();
    try {
      const { json } = await postToken(off, { username: 'bob', password: PASSWORD });
      expect(Object.keys(json)).toEqual(['id', 'access_token', 'expires_in', 'token_type']);
      const { refresh_token } = await login();
      expect(outcome(await postToken(off, { grant_type: 'refresh_token', refresh_token }))).toEqual(INVALID);
    } finally {
      await off.close();
    }
  });
});
