import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type HttpBed, invalidGrant, openHttpBed, PASSWORD, postToken } from '../support.ts';

let bed: HttpBed;
let now: number;

const DAY_MS = 86_400_000;
const MAX_DURATION_MS = 30 * DAY_MS;

beforeAll(async () => {
  bed = await openHttpBed({
    policy: { defaultTokenLifetimeMs: DAY_MS, longestTokenLifetimeMs: MAX_DURATION_MS, refreshEnabled: true },
  });
});
beforeEach(() => {
  now = bed.clock.now;
});
afterAll(() => bed.close());

function login(expiresAt?: unknown) {
  return postToken(bed, { username: 'bob', password: PASSWORD, ...(expiresAt === undefined ? {} : { expiresAt }) });
}

describe('expires_in', () => {
  it('is the tenant’s default where none is asked for', async () => {
    expect((await login()).json.expires_in).toBe(86_400);
    expect((await login(null)).json.expires_in).toBe(86_400);
  });

  it.each([
    [10_000, 10],
    [10_999, 10],
    [1_000, 1],
    [999, 0],
    [1, 0],
    [MAX_DURATION_MS, 2_592_000],
  ])('of a token that lives %d ms is %d whole seconds', async (ms, seconds) => {
    expect((await login(now + ms)).json.expires_in).toBe(seconds);
    expect((await login(String(now + ms))).json.expires_in).toBe(seconds);
  });

  it('is what remains when the answer of a refresh is given again', async () => {
    const first = await login();
    const ask = () => postToken(bed, { grant_type: 'refresh_token', refresh_token: first.json.refresh_token });
    const pair = await ask();
    expect(pair.json.expires_in).toBe(86_400);
    bed.clock.advance(60_001);
    const again = await ask();
    expect(again.json).toEqual({ ...pair.json, expires_in: 86_400 - 61 });
  });

  it('is never below zero, and never more than 32 bits hold', async () => {
    const first = await login();
    const ask = () =>
      postToken(bed, { grant_type: 'refresh_token', refresh_token: first.json.refresh_token, expiresAt: now + 10_000 });
    await ask();
    bed.clock.advance(20_000);
    expect((await ask()).json.expires_in).toBe(0);
    const long = await openHttpBed({ policy: { longestTokenLifetimeMs: 5e12, defaultTokenLifetimeMs: 5e12 } });
    try {
      expect((await postToken(long, { username: 'bob', password: PASSWORD })).json.expires_in).toBe(2_147_483_647);
    } finally {
      await long.close();
    }
  });
});

describe('expiresAt', () => {
  it('is taken from a form, by an admin, for nobody and at a refresh', async () => {
    const expiresAt = now + 30_000;
    const form = new URLSearchParams({ username: 'bob', password: PASSWORD, expiresAt: String(expiresAt) }).toString();
    const refreshToken = (await login()).json.refresh_token;
    const answers = [
      await postToken(bed, form, { headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
      await postToken(bed, { client_id: 'cl_admin', client_secret: bed.adminSecret, expiresAt }),
      await postToken(bed, { client_id: 'app1', client_secret: 'x', expiresAt: String(expiresAt) }),
      await postToken(bed, { grant_type: 'refresh_token', refresh_token: refreshToken, expiresAt }),
    ];
    expect(answers.map(({ json }) => json.expires_in)).toEqual([30, 30, 30, 30]);
  });

  it.each([0, -0, 1, '0', () => now, () => now - 1, () => String(now)])('in the past is refused: %s', async (value) => {
    const answer = await login(typeof value === 'function' ? value() : value);
    expect([answer.status, answer.json]).toEqual([400, invalidGrant('The expiration time is in the past')]);
  });

  it('beyond the tenant’s maximum is refused, not shortened', async () => {
    for (const ms of [MAX_DURATION_MS + 1, 10 * MAX_DURATION_MS]) {
      const answer = await login(now + ms);
      expect([answer.status, answer.json]).toEqual([
        400,
        invalidGrant('The expiration time is more than 2592000 seconds ahead'),
      ]);
    }
  });

  it.each([
    ...[1.5, -1, 1e16, 9e99, true, false, [], {}, [1], ''],
    ...['soon', '1e12', '0x10', '+1', '-1', ' 1', '1 ', '1.0', '१', '9'.repeat(17), '9'.repeat(400)],
  ])('that is no time is refused: %j', async (value) => {
    const answer = await login(value);
    expect([answer.status, answer.json]).toEqual([
      400,
      invalidGrant('expiresAt must be a whole number of milliseconds since 1970'),
    ]);
  });

  it('that JSON can write and no number can hold is refused', async () => {
    for (const number of ['1e999', '-1e999', '9007199254740993', `1${'0'.repeat(5_000)}`]) {
      const answer = await postToken(bed, `{"username":"bob","password":"${PASSWORD}","expiresAt":${number}}`);
      expect([number.length, answer.status]).toEqual([number.length, 400]);
    }
  });
});
