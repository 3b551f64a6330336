import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { APP, type HttpBed, openHttpBed, PASSWORD, postToken, type TextAnswer, THREE_KEYS } from '../support.ts';

let bed: HttpBed;

beforeAll(async () => {
  bed = await openHttpBed({ policy: { refreshEnabled: true, loginAttempts: 1_000_000 } });
});
afterAll(() => bed.close());

const RUNS = { numRuns: 400 };

function expectSane({ status, json, text }: TextAnswer): void {
  expect(text).not.toContain('%');
  if (status === 200) {
    expect(json).toMatchObject({ token_type: 'Bearer' });
    return;
  }
  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThan(500);
  expect(Object.keys(json)).toEqual(THREE_KEYS);
  expect(Object.values(json).every((value) => typeof value === 'string' && value !== '')).toBe(true);
}

const TYPES = [
  'application/json',
  'application/vnd.kii.OauthTokenRequest+json',
  'application/x-www-form-urlencoded',
  'application/json;charset=utf-16',
  'text/plain',
];
const FIELDS = [
  ...['grant_type', 'username', 'password', 'client_id', 'client_secret', 'refresh_token', 'expiresAt', 'code'],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty'],
];
const VALUES = [
  ...['password', 'client_credentials', 'refresh_token', 'bob', PASSWORD, APP, 'VENDOR_THING_ID:Sensor-1', 'EMAIL:'],
  ...['PHONE:JP-', '+81', '\0', '\ud800', '%', '1893456001000', '', null, 0, -1, 1e300],
];

describe('whatever is posted is answered with a token or in the three keys, and never as the server’s fault', () => {
  it('any bytes of any type', async () => {
    const bytes = fc.uint8Array({ maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(bytes, fc.constantFrom(...TYPES), async (body, type) => {
        expectSane(await postToken(bed, new Uint8Array(body), { headers: { 'content-type': type } }));
      }),
      RUNS,
    );
  });

  it('any JSON value', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), async (body) => expectSane(await postToken(bed, body))),
      RUNS,
    );
  });

  it('any values in the fields that are known', async () => {
    const value = fc.oneof(fc.constantFrom(...VALUES), fc.jsonValue(), fc.string({ unit: 'binary', maxLength: 40 }));
    const fields = fc.dictionary(fc.constantFrom(...FIELDS), value, { noNullPrototype: false });
    await fc.assert(
      fc.asyncProperty(fields, async (body) => expectSane(await postToken(bed, body))),
      RUNS,
    );
  });

  it('any form', async () => {
    const part = fc.oneof(fc.constantFrom(...FIELDS, '=', '&', '%', '+', '%00', '%ff'), fc.string({ maxLength: 20 }));
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 12 }), async (parts) => {
        const headers = { 'content-type': 'application/x-www-form-urlencoded' };
        expectSane(await postToken(bed, parts.join(''), { headers }));
      }),
      RUNS,
    );
  });

  it('any header that names an app, and any content type', async () => {
    const value = fc.stringMatching(/^[\x21-\x7e]([\x20-\x7e]{0,40}[\x21-\x7e])?$/);
    await fc.assert(
      fc.asyncProperty(value, value, value, async (authorization, appId, type) => {
        const body = { username: 'bob', password: PASSWORD };
        for (const headers of [
          { authorization },
          { authorization: `Basic ${authorization}` },
          { 'x-kii-appid': appId },
          { 'content-type': type },
        ]) {
          expectSane(await postToken(bed, body, { headers }));
        }
      }),
      { numRuns: 150 },
    );
  });

  it('any path below that of the apps', async () => {
    const segment = fc.string({ maxLength: 30 }).filter((text) => !/^[.]{1,2}$/.test(text) && !/[?#]/.test(text));
    await fc.assert(
      fc.asyncProperty(segment, fc.boolean(), async (text, encoded) => {
        const name = encoded ? encodeURIComponent(text) : text;
        expectSane(
          await postToken(bed, { username: 'bob', password: PASSWORD }, { path: `/api/apps/${name}/oauth2/token` }),
        );
      }),
      RUNS,
    );
  });
});
