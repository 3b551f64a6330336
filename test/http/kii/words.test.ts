/** Errors over Kii's paths name Kii's fields, whatever the core calls them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HttpBed, openHttpBed, PASSWORD, type TextAnswer } from '../support.ts';
import { freshName, register, rest, type Sent, type Tokens, tokensOf } from './rest.ts';

let bed: HttpBed;
let tokens: Tokens;

beforeAll(async () => {
  bed = await openHttpBed();
  tokens = await tokensOf(bed);
});

afterAll(() => bed.close());

const LONG = 'x'.repeat(300);
const USER = { loginName: 'words-user', password: PASSWORD };
const THING = { _vendorThingID: 'words-thing', _password: 'p' };
const ONBOARDING = '/thing-if/apps/app1/onboardings';
const BY_THING = 'OnboardingWithVendorThingIDByThing';

/** Method, path, whose token, what is sent, and the field that it is about. */
const BAD: readonly (readonly [string, string, keyof Tokens | undefined, Sent, string | undefined])[] = [
  ['POST', 'users', undefined, { body: { ...USER, loginName: 'no' } }, 'loginName'],
  ['POST', 'users', undefined, { body: { ...USER, emailAddress: 'nowhere' } }, 'emailAddress'],
  ['POST', 'users', undefined, { body: { ...USER, emailAddress: 'раypal@example.com' } }, 'emailAddress'],
  ['POST', 'users', undefined, { body: { ...USER, phoneNumber: '12345' } }, 'phoneNumber'],
  ['POST', 'users', undefined, { body: { ...USER, displayName: LONG } }, 'displayName'],
  ['POST', 'users', undefined, { body: { ...USER, x: LONG.repeat(300) } }, 'customFields'],
  ['POST', 'users', undefined, { body: { ...USER, '\ud800': 1 } }, 'customFields'],
  ['POST', 'users', undefined, { body: { password: PASSWORD } }, 'loginName'],
  ['PATCH', 'users/me', 'alice', { body: { loginName: 'no' } }, 'loginName'],
  ['PATCH', 'users/me', 'alice', { body: { loginName: null, emailAddress: null, phoneNumber: null } }, 'loginName'],
  ['PATCH', 'users/me', 'alice', { body: { password: 'another one' } }, undefined],
  ['PATCH', 'users/me', 'alice', { body: { x: LONG.repeat(300) } }, 'customFields'],
  ['PUT', 'users/me/email-address', 'alice', { body: { emailAddress: 'x', verified: true } }, undefined],
  ['PUT', 'users/me/email-address', 'alice', { body: { emailAddress: 'new@example.com', verified: true } }, undefined],
  ['PUT', 'users/me/phone-number', 'alice', { body: { phoneNumber: 'x' } }, 'phoneNumber'],
  ['POST', 'users/me/email-address/verify', 'bob', { body: { verificationCode: LONG } }, 'verificationCode'],
  ['POST', 'users/me/phone-number/verify', 'bob', { body: { verificationCode: 'a\0' } }, 'verificationCode'],
  [
    'POST',
    'users/user-1/password/complete-reset',
    undefined,
    { body: { pinCode: LONG, newPassword: 'secret' } },
    'pinCode',
  ],
  ['POST', 'users/user-1/password/complete-reset', undefined, { body: { pinCode: '1', newPassword: 'x' } }, undefined],
  ['PUT', 'users/me/password', 'alice', { body: { oldPassword: 'a\0', newPassword: 'secret' } }, undefined],
  ['PUT', 'users/me/password', 'alice', { body: { newPassword: 'secret' } }, 'oldPassword'],
  ['GET', `users/${LONG}`, 'alice', {}, 'userID'],
  ['GET', 'users/LOGIN_NAME:', 'alice', {}, 'loginName'],
  ['GET', `users/EMAIL:${LONG}`, 'alice', {}, 'emailAddress'],
  ['GET', 'users/PHONE:%00', 'alice', {}, 'phoneNumber'],
  ['PUT', 'users/user-1/status', 'alice', { body: { disabled: true } }, undefined],
  ['DELETE', 'users/user-1', 'thing', {}, undefined],
  ['POST', 'things', undefined, { body: { ...THING, _vendorThingID: 'a b' } }, '_vendorThingID'],
  ['POST', 'things', undefined, { body: { ...THING, _password: '' } }, '_password'],
  ['POST', 'things', undefined, { body: { ...THING, x: LONG.repeat(300) } }, 'customFields'],
  ['GET', `things/${LONG}`, 'alice', {}, 'thingID'],
  ['GET', 'things/VENDOR_THING_ID:', 'admin', {}, 'vendorThingID'],
  ['PATCH', 'things/th.1', 'admin', { body: { x: LONG.repeat(300) } }, 'customFields'],
  ['GET', 'things/th.1', 'bob', {}, undefined],
  ['PUT', 'things/th.1/password', 'admin', { body: { newPassword: '' } }, 'newPassword'],
  ['PUT', 'things/th.1/status', 'thing', { body: { disabled: true } }, undefined],
  ['PUT', `things/th.1/ownership/user:${LONG}`, 'admin', {}, 'userID'],
  ['POST', 'things/th.1/ownership', 'bob', { body: { userID: 'user-2', thingPassword: '' } }, 'thingPassword'],
  [
    'POST',
    ONBOARDING,
    undefined,
    { body: { vendorThingID: 'a b', thingPassword: 'p' }, type: BY_THING },
    'vendorThingID',
  ],
  ['POST', ONBOARDING, undefined, { body: { vendorThingID: 'a', thingPassword: '' }, type: BY_THING }, 'thingPassword'],
  [
    ...(['POST', ONBOARDING, undefined] as const),
    {
      body: { vendorThingID: 'long-one', thingPassword: 'p', thingProperties: { x: LONG.repeat(300) } },
      type: BY_THING,
    },
    'customFields',
  ],
  ['PATCH', 'configuration/parameters', 'admin', { body: { maxLoginAttempts: 0 } }, 'maxLoginAttempts'],
  [
    ...(['PATCH', 'configuration/parameters', 'admin'] as const),
    { body: { defaultTokenExpirationSeconds: 20, maxTokenExpirationSeconds: 10 } },
    'defaultTokenExpirationSeconds',
  ],
];

/** Of ours: names with underscores inside, and those that Kii calls otherwise. Kii's own names may begin with one. */
const OURS = /\b[a-z]+_[a-z]+|\b(attributes|email|phone(?! number)|device|devices|tenant)\b/;

function expectKiiWords({ status, json }: TextAnswer): void {
  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThan(500);
  expect(String(json.message)).not.toMatch(OURS);
}

describe('a request that is refused', () => {
  it.each(BAD.map((row, index) => [index, row[0], row[1].slice(0, 60), row[4], row] as const))(
    'is told in Kii’s words: %i %s %s, about %s',
    async (_index, _method, _path, field, [method, path, who, sent]) => {
      const answer = await rest(bed, method, path, { ...sent, token: who && tokens[who] });
      expectKiiWords(answer);
      if (field !== undefined) {
        expect(Object.keys((answer.json.invalidFields ?? {}) as object)).toEqual([field]);
      }
    },
  );

  it('is told so by an app that lets nobody register', async () => {
    const closed = await openHttpBed({ policy: { selfRegistration: false } });
    expectKiiWords(await rest(closed, 'POST', 'users', { body: USER }));
    expectKiiWords(await rest(closed, 'POST', 'things', { body: THING }));
    await closed.close();
  });

  it('is told so where a name or an owner is taken, and after too many codes', async () => {
    const { id, token } = await register(bed, { emailAddress: `${freshName()}@example.com` });
    expectKiiWords(await rest(bed, 'POST', 'users/me', { token, body: { loginName: 'bob' } }));
    expectKiiWords(await rest(bed, 'POST', 'things', { body: { ...THING, _vendorThingID: 'Sensor-1' } }));
    await rest(bed, 'PUT', `things/th.1/ownership/user:${id}`, { token: tokens.admin });
    expectKiiWords(await rest(bed, 'PUT', `things/th.1/ownership/user:${id}`, { token: tokens.admin }));
    const resend = () => rest(bed, 'POST', 'users/me/email-address/resend-verification', { token });
    let last = await resend();
    for (let i = 0; i < 5 && last.status < 400; i++) {
      last = await resend();
    }
    expectKiiWords(last);
  });
});
