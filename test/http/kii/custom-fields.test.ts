/** Custom fields of users and things: what a request replaces, what it leaves, and that every digit of them is kept. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HttpBed, openHttpBed, PASSWORD } from '../support.ts';
import { ENGINES } from './engines.ts';
import { freshName, type RegisteredUser, register, rest, type Tokens, tokensOf, told } from './rest.ts';

const JSON_TYPE = 'application/json';

describe.each(ENGINES)('on %s', (_engine, open) => {
  let bed: HttpBed;
  let tokens: Tokens;

  beforeAll(async () => {
    bed = await openHttpBed({ open });
    tokens = await tokensOf(bed);
  }, 120_000);

  afterAll(() => bed?.close());

  /** The body as it came, so that numbers are not read again. */
  async function textOf(path: string, token: string): Promise<string> {
    const { status, text } = await rest(bed, 'GET', path, { token });
    expect(status).toBe(200);
    return text;
  }

  async function custom({ token }: RegisteredUser): Promise<object> {
    const { json } = await rest(bed, 'GET', 'users/me', { token });
    const { a, b, c, country, locale, displayName } = json;
    return { a, b, c, country, locale, displayName };
  }

  const OLD = { a: 1, b: 2, country: 'JP', locale: 'ja', displayName: 'Old' };

  describe('a user’s custom fields', () => {
    it('are replaced by POST, while predefined fields stay', async () => {
      const user = await register(bed, OLD);
      const { status } = await rest(bed, 'POST', 'users/me', { token: user.token, body: { b: 3, c: 4 } });
      expect([status, await custom(user)]).toEqual([200, { ...OLD, a: undefined, b: 3, c: 4 }]);
      await rest(bed, 'POST', 'users/me', { token: user.token, body: { displayName: 'New', locale: null } });
      expect(await custom(user)).toEqual({ country: 'JP', displayName: 'New' });
      await rest(bed, 'POST', 'users/me', { token: user.token, body: { country: 'US', b: null } });
      expect(await custom(user)).toEqual({ country: 'US', displayName: 'New' });
    });

    it('are all gone after a POST of nothing, by an admin too', async () => {
      const user = await register(bed, OLD);
      await rest(bed, 'POST', `users/${user.id}`, { token: tokens.admin, body: {} });
      expect(await custom(user)).toEqual({ country: 'JP', locale: 'ja', displayName: 'Old' });
    });

    it.each([
      ['PATCH', {}],
      ['POST', { 'x-http-method-override': 'PATCH' }],
    ])('are merged by %s with %j', async (method, headers) => {
      const user = await register(bed, OLD);
      await rest(bed, method, 'users/me', { token: user.token, body: { b: null, c: 4 }, headers });
      expect(await custom(user)).toEqual({ ...OLD, b: undefined, c: 4 });
    });

    it('are lost by neither of two PATCHes at once', async () => {
      const user = await register(bed, { a: 1 });
      const patch = (body: object) => rest(bed, 'PATCH', 'users/me', { token: user.token, body });
      await Promise.all([patch({ b: 2 }), patch({ c: 3 })]);
      expect(await custom(user)).toMatchObject({ a: 1, b: 2, c: 3 });
    });
  });

  it('of a thing are merged by PATCH; nothing replaces them, and the SDKs know no removal', async () => {
    const body = { _vendorThingID: freshName(), _password: PASSWORD, a: 1, b: 2 };
    const thing = await rest(bed, 'POST', 'things', { body });
    const path = `things/${thing.json._thingID}`;
    await rest(bed, 'PATCH', path, { token: tokens.admin, body: { b: 3 } });
    expect((await rest(bed, 'GET', path, { token: tokens.admin })).json).toMatchObject({ a: 1, b: 3 });
    expect(told(await rest(bed, 'POST', path, { token: tokens.admin, body: {} }))).toBe('405 METHOD_NOT_ALLOWED');
  });

  // RFC 8259 section 6: what a double can't hold is kept all the same. `-0` and `1.0` are as they were sent, too.
  const NUMBERS =
    '"serial":9007199254740993,"far":1e400,"near":1e-400,"zero":-0,"whole":1.0,"list":[1,2.50,123456789012345678901234567890],' +
    '"in":{"__proto__":0.1000000000000000055},"big":1E5';

  describe('numbers', () => {
    it('of a user keep every digit, through changes of other fields', async () => {
      const body = `{"loginName":"${freshName()}","password":"${PASSWORD}",${NUMBERS}}`;
      const made = await rest(bed, 'POST', 'users', { body, type: 'RegistrationAndAuthorizationRequest' });
      expect(made.status).toBe(201);
      expect(made.text).toContain(NUMBERS);
      const token = String(made.json._accessToken);
      await rest(bed, 'PATCH', 'users/me', { token, body: '{"other":2.0}' });
      expect(await textOf('users/me', token)).toContain(`${NUMBERS},"other":2.0`);
      await rest(bed, 'POST', 'users/me', { token, body: '{"only":10000000000000000000001}' });
      expect(await textOf('users/me', token)).toContain('"only":10000000000000000000001');
    });

    it('of a thing keep every digit, onboarded or registered', async () => {
      const vendorThingID = freshName();
      const made = await rest(bed, 'POST', 'things', {
        body: `{"_vendorThingID":"${vendorThingID}","_password":"p",${NUMBERS}}`,
      });
      expect(made.text).toContain(NUMBERS);
      expect(await textOf(`things/${made.json._thingID}`, tokens.admin)).toContain(NUMBERS);
      const body = `{"vendorThingID":"${freshName()}","thingPassword":"p","thingProperties":{${NUMBERS}}}`;
      const { json } = await rest(bed, 'POST', `/thing-if/apps/app1/onboardings`, {
        body,
        type: 'OnboardingWithVendorThingIDByThing',
      });
      expect(await textOf(`things/${json.thingID}`, tokens.admin)).toContain(NUMBERS);
    });

    it('may not stand for an object', async () => {
      const post = (body: string) => rest(bed, 'POST', 'users', { body });
      expect(told(await post('1.0'))).toBe('400 INVALID_JSON');
      const onboarding = await rest(bed, 'POST', `/thing-if/apps/app1/onboardings`, {
        body: `{"vendorThingID":"${freshName()}","thingPassword":"p","thingProperties":1.0}`,
        type: 'OnboardingWithVendorThingIDByThing',
      });
      expect(told(onboarding)).toBe('400 INVALID_INPUT_DATA');
    });
  });

  it.each(['{"a":1,"a":2', '{"a":{"b":1,"c":[{"b":1,"\\u0062":2}]}', '{"loginName":"x1x","loginName":"x2x"'])(
    'a name twice is refused, for one of both would be lost: %s',
    async (start) => {
      const answer = await rest(bed, 'POST', 'users', { body: `${start},"password":"${PASSWORD}"}` });
      expect(told(answer)).toBe('400 INVALID_JSON');
      expect(told(await rest(bed, 'PATCH', 'users/me', { token: tokens.alice, body: `${start}}` }))).toBe(
        '400 INVALID_JSON',
      );
    },
  );

  it('half of a surrogate pair is refused, in a name and in a value', async () => {
    for (const body of ['{"a":["\\ud800"]}', '{"\\udc00":1}']) {
      const answer = await rest(bed, 'PATCH', 'users/me', { token: tokens.alice, body });
      expect(told(answer)).toBe('400 INVALID_INPUT_DATA');
    }
    expect((await rest(bed, 'PATCH', 'users/me', { token: tokens.alice, body: '{"a":"\\ud83d\\ude00"}' })).status).toBe(
      200,
    );
  });

  it('63 KB of a thing are kept, also where each letter comes as an escape; more than 64 KiB are refused', async () => {
    const fields = { text: 'あ'.repeat(21_000) };
    const escaped = JSON.stringify(fields).replace(/[^ -~]/g, (each) => `\\u${each.charCodeAt(0).toString(16)}`);
    for (const sent of [JSON.stringify(fields), escaped]) {
      const body = sent.replace('{', `{"_vendorThingID":"${freshName()}","_password":"p",`);
      const made = await rest(bed, 'POST', 'things', { body, type: JSON_TYPE });
      expect([made.status, made.json.text]).toEqual([201, fields.text]);
    }
    const long = { _vendorThingID: freshName(), _password: 'p', text: 'x'.repeat(65_536) };
    expect(told(await rest(bed, 'POST', 'things', { body: long }))).toBe('400 INVALID_INPUT_DATA');
  });
});
