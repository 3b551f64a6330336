import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { APP, type HttpBed, openHttpBed, PASSWORD, send, type TextAnswer } from '../support.ts';
import { API, rest, type Tokens, tokensOf } from './rest.ts';

let bed: HttpBed;
let tokens: Tokens;

beforeAll(async () => {
  bed = await openHttpBed({ policy: { loginAttempts: 1_000_000 } });
  tokens = await tokensOf(bed);
});
afterAll(() => bed.close());

const RUNS = { numRuns: 300 };

function expectSane({ status, json, text, headers }: TextAnswer): void {
  expect(text).not.toContain('%');
  expect(status).toBeGreaterThanOrEqual(200);
  expect(status).toBeLessThan(500);
  if (status >= 400) {
    expect(Object.keys(json).slice(0, 2)).toEqual(['errorCode', 'message']);
    expect([typeof json.errorCode, typeof json.message]).toEqual(['string', 'string']);
    expect(headers.get('content-type')).toMatch(/^application\/vnd\.kii\.[A-Za-z]+Exception\+json/);
  } else {
    expect('errorCode' in json).toBe(false);
  }
}

const ENDPOINTS: [string, string, string[]][] = [
  ['POST', 'users', ['RegistrationRequest', 'RegistrationAndAuthorizationRequest']],
  ['POST', 'users/me', ['UserUpdateRequest']],
  ['PATCH', 'users/user-2', ['UserUpdateRequest']],
  ['PUT', 'users/user-2/status', ['UserStatusUpdateRequest']],
  ['PUT', 'users/me/password', ['ChangePasswordRequest']],
  ['PUT', 'users/me/email-address', ['EmailAddressModificationRequest']],
  ['PUT', 'users/me/phone-number', ['PhoneNumberModificationRequest']],
  ['POST', 'users/me/email-address/verify', ['AddressVerificationRequest']],
  ['POST', 'users/user-2/password/request-reset', ['ResetPasswordRequest']],
  ['POST', 'users/user-2/password/complete-reset', ['CompletePasswordResetRequest']],
  ['POST', 'things', ['ThingRegistrationRequest', 'ThingRegistrationAndAuthorizationRequest']],
  ['PATCH', 'things/th.1', ['ThingUpdateRequest']],
  ['POST', 'things/th.1/ownership', ['ThingOwnershipRequest']],
  ['PUT', 'things/th.1/status', ['ThingStatusUpdateRequest']],
  ['PUT', 'things/th.1/password', ['ChangeThingPasswordRequest']],
  ['PUT', 'things/th.1/vendor-thing-id', ['VendorThingIDUpdateRequest']],
  ['PUT', 'things/th.1/end-nodes/th.2', ['application/json']],
  ['POST', 'things/th.1/end-nodes/th.2/token', ['EndNodeTokenRequest']],
  ['PATCH', 'configuration/parameters', ['AppConfigParamsModificationRequest']],
  ['PUT', 'configuration/parameters/maxLoginAttempts', ['text/plain']],
  [
    'POST',
    `/thing-if/apps/${APP}/onboardings`,
    [
      'OnboardingWithVendorThingIDByOwner',
      'OnboardingWithThingIDByOwner',
      'OnboardingWithVendorThingIDByThing',
      'OnboardingWithThingIDByThing',
      'OnboardingEndNodeWithGatewayThingID',
      'OnboardingEndNodeWithGatewayVendorThingID',
    ],
  ],
];
const TYPES = ['application/json', 'application/json;charset=utf-16', 'text/plain', ''];
const FIELDS = [
  ...['loginName', 'emailAddress', 'phoneNumber', 'country', 'displayName', 'password', 'emailAddressVerified'],
  ...['oldPassword', 'newPassword', 'disabled', 'verified', 'verificationCode', 'notificationMethod', 'pinCode'],
  ...['_vendorThingID', '_password', 'vendorThingID', 'thingPassword', 'thingID', 'owner', 'thingProperties'],
  ...['gatewayThingID', 'gatewayVendorThingID', 'endNodeVendorThingID', 'endNodePassword', 'expires_in'],
  ...['maxLoginAttempts', 'refreshTokenEnabled', '__proto__', 'constructor', 'toString', 'userID', '_disabled'],
];
const VALUES = [
  ...['bob', 'bob@example.com', '+819012345678', '090-1234-5678', 'JP', PASSWORD, 'user:user-1', 'Sensor-1', 'th.1'],
  ...['EMAIL', '', '\0', '\ud800', '%', '12345678', null, true, false, 0, -1, 1e300, 5, {}, [], 'x'.repeat(300)],
];

const endpoint = fc.constantFrom(...ENDPOINTS);
/** Bob’s tokens may come to nothing on the way: some of what is sent disables him. */
const who = fc.constantFrom<(keyof Tokens | undefined)[]>('admin', 'alice', 'bob', 'thing', 'anonymous', undefined);

describe('whatever is sent is answered in Kii’s words, and never as the server’s fault', () => {
  it('any bytes of any type', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 100 }), endpoint, fc.nat(), who, async (bytes, to, pick, caller) => {
        const [method, path, types] = to;
        const type = [...types, ...TYPES][pick % (types.length + TYPES.length)] ?? '';
        const mediaType = type === '' || type.includes('/') ? type : `application/vnd.kii.${type}+json`;
        const token = caller && tokens[caller];
        const url = `${bed.url}${path.startsWith('/') ? path : `${API}/${path}`}`;
        expectSane(
          await send(url, {
            method,
            body: new Uint8Array(bytes),
            headers: {
              ...(mediaType === '' ? {} : { 'content-type': mediaType }),
              ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
            },
          }),
        );
      }),
      RUNS,
    );
  });

  it('any values in the fields that are known', async () => {
    const value = fc.oneof(fc.constantFrom(...VALUES), fc.jsonValue(), fc.string({ unit: 'binary', maxLength: 40 }));
    const fields = fc.dictionary(fc.constantFrom(...FIELDS), value, { noNullPrototype: false });
    await fc.assert(
      fc.asyncProperty(fields, endpoint, fc.nat(), who, async (body, [method, path, types], pick, caller) => {
        const type = types[pick % types.length] ?? '';
        expectSane(await rest(bed, method, path, { body, type, token: caller && tokens[caller] }));
      }),
      { numRuns: 1_000 },
    );
  });

  it('any name in a path', async () => {
    const prefix = fc.constantFrom(
      '',
      'EMAIL:',
      'PHONE:',
      'PHONE:JP-',
      'LOGIN_NAME:',
      'VENDOR_THING_ID:',
      'user:',
      'group:',
    );
    const name = fc.oneof(fc.string({ maxLength: 30 }), fc.string({ unit: 'grapheme', maxLength: 30 }));
    const place = fc.constantFrom(
      ...[
        'users/*',
        'users/*/status',
        'things/*',
        'things/*/status',
        'things/*/vendor-thing-id',
        'things/th.1/ownership/*',
      ],
      ...['things/*/ownership/user:user-1', 'configuration/parameters/*'],
    );
    await fc.assert(
      fc.asyncProperty(prefix, name, place, who, async (before, text, path, caller) => {
        const segment = encodeURIComponent(before + text);
        fc.pre(segment !== '' && !/^[.]{1,2}$/.test(segment));
        const answer = await rest(bed, path.startsWith('conf') ? 'PUT' : 'GET', path.replace('*', segment), {
          token: caller && tokens[caller],
        });
        expectSane(answer);
      }),
      RUNS,
    );
  });

  it('any Authorization', async () => {
    const value = fc.stringMatching(/^[\x21-\x7e]([\x20-\x7e]{0,60}[\x21-\x7e])?$/);
    await fc.assert(
      fc.asyncProperty(value, fc.constantFrom('', 'Bearer ', 'bearer  ', 'Basic '), async (text, scheme) => {
        const headers = { authorization: `${scheme}${text}` };
        for (const [method, path] of [
          ['GET', 'users/me'],
          ['POST', 'users'],
        ] as const) {
          expectSane(await rest(bed, method, path, { headers }));
        }
      }),
      RUNS,
    );
  });
});
