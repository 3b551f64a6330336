/** Things, their owners, and their onboarding. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FAMILIES } from '../../../src/core/tables/families.ts';
import { APP, type HttpBed, openHttpBed, PASSWORD, postToken } from '../support.ts';
import { freshName, rest, type Sent, type Tokens, tokensOf, told, userToken } from './rest.ts';

let bed: HttpBed;
let tokens: Tokens;

beforeAll(async () => {
  bed = await openHttpBed({ policy: { refreshEnabled: true, loginAttempts: 3 } });
  tokens = await tokensOf(bed);
});
afterAll(() => bed.close());

const THING_ID = /^th\.[a-z0-9]{12}-[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{8}$/;
const WITH_TOKEN = 'ThingRegistrationAndAuthorizationRequest';

function post(body: object, type?: string, token?: string) {
  return rest(bed, 'POST', 'things', { body, type, token });
}

/** Logins of a thing that nobody has revoked. */
async function countLogins(subjectId: string): Promise<number> {
  const by = { tenantId: APP, subjectId, revokedRevision: null };
  return (await bed.store.list(FAMILIES, by, { limit: 100 })).length;
}

async function registerThing(owner?: string) {
  const vendorThingID = freshName();
  const { json } = await post({ _vendorThingID: vendorThingID, _password: PASSWORD }, WITH_TOKEN);
  const [id, token] = [String(json._thingID), String(json._accessToken)];
  if (owner !== undefined) {
    await rest(bed, 'PUT', `things/${id}/ownership/user:${owner}`, { token: tokens.admin });
  }
  return { id, token, vendorThingID };
}

describe('the registration of a thing', () => {
  it('with authorization answers a token, and keeps all other fields', async () => {
    const fields = {
      _vendorThingID: 'Cam.1-x_Y',
      _password: '1',
      _thingType: 'CAMERA',
      _numberField1: 7,
      free: { a: [null] },
    };
    const answer = await post({ ...fields, _disabled: true, _thingID: 'x' }, WITH_TOKEN);
    expect(answer.status).toBe(201);
    const { _accessToken, _refreshToken, ...shown } = answer.json;
    const { _password, ...kept } = fields;
    expect(shown).toEqual({
      ...kept,
      _thingID: expect.stringMatching(THING_ID),
      _created: bed.clock.now,
      _disabled: false,
    });
    expect(answer.headers.get('content-type')).toContain('ThingRegistrationAndAuthorizationResponse+json');
    expect(answer.headers.get('location')).toBe(`/api/apps/${APP}/things/${shown._thingID}`);
    const read = await rest(bed, 'GET', 'things/VENDOR_THING_ID:Cam.1-x_Y', { token: String(_accessToken) });
    expect([read.status, read.json]).toEqual([200, shown]);
    expect(read.headers.get('content-type')).toContain('application/vnd.kii.ThingRetrievalResponse+json');
    expect((await postToken(bed, { refresh_token: _refreshToken })).json.id).toBe(shown._thingID);
    expect((await postToken(bed, { username: 'VENDOR_THING_ID:Cam.1-x_Y', password: '1' })).status).toBe(200);
  });

  it.each(['ThingRegistrationRequest', undefined])('of type %s answers no token', async (type) => {
    const answer = await post({ _vendorThingID: freshName(), _password: PASSWORD }, type);
    expect([answer.status, '_accessToken' in answer.json]).toEqual([201, false]);
    expect(answer.headers.get('content-type')).toContain('application/vnd.kii.ThingRegistrationResponse+json');
  });

  it('is refused when the vendor’s id is taken; its case counts', async () => {
    const answer = await post({ _vendorThingID: 'Sensor-1', _password: PASSWORD });
    expect([answer.status, answer.json]).toEqual([
      409,
      {
        errorCode: 'THING_ALREADY_EXISTS',
        message: 'Thing with vendorThingID Sensor-1 already exists',
        field: 'vendorThingID',
        value: 'Sensor-1',
        suppressed: [],
      },
    ]);
    expect((await post({ _vendorThingID: 'sensor-1', _password: PASSWORD })).status).toBe(201);
  });

  it.each([
    ['_vendorThingID', 'a', true],
    ['_vendorThingID', 'v'.repeat(200), true],
    ['_vendorThingID', 'v'.repeat(201), false],
    ['_vendorThingID', '', false],
    ['_vendorThingID', 'a b', false],
    ['_vendorThingID', 'ä', false],
    ['_vendorThingID', 7, false],
    ['_vendorThingID', undefined, false],
    ['_password', 'x'.repeat(200), true],
    ['_password', 'x'.repeat(201), false],
    ['_password', '', false],
    ['_password', 'ä', false],
    ['_password', 1234, false],
    ['_password', undefined, false],
  ])('holds %s to its form: %j', async (field, value, isGood) => {
    const answer = await post({ _vendorThingID: freshName(), _password: PASSWORD, [field]: value });
    expect(told(answer)).toBe(isGood ? '201' : '400 INVALID_INPUT_DATA');
  });
});

describe('a thing', () => {
  it('is changed in what is named; null removes', async () => {
    const { id, token } = await registerThing('user-1');
    const patch = (body: object, by: string) =>
      rest(bed, 'PATCH', `things/${id}`, { token: by, body, type: 'ThingUpdateRequest' });
    expect((await patch({ a: 1, b: 2, _vendorThingID: 'x', _password: 'y' }, token)).status).toBe(204);
    expect((await patch({ b: null, c: 3 }, tokens.alice)).status).toBe(204);
    const { json } = await rest(bed, 'GET', `things/${id}`, { token: tokens.admin });
    expect(json).toMatchObject({ a: 1, c: 3, _thingID: id });
    expect(Object.keys(json)).not.toContain('b');
    expect(json._vendorThingID).not.toBe('x');
    expect(JSON.stringify(json)).not.toContain('password');
  });

  it('that is disabled by its owner loses its tokens and its login, and enabling revives nothing', async () => {
    const { id, token, vendorThingID } = await registerThing('user-1');
    const set = (disabled: boolean) =>
      rest(bed, 'PUT', `things/VENDOR_THING_ID:${vendorThingID}/status`, {
        token: tokens.alice,
        body: { disabled },
        type: 'ThingStatusUpdateRequest',
      });
    const login = { username: `VENDOR_THING_ID:${vendorThingID}`, password: PASSWORD };
    expect((await set(true)).status).toBe(204);
    expect(told(await rest(bed, 'GET', `things/${id}`, { token }))).toBe('403 WRONG_TOKEN');
    expect((await postToken(bed, login)).status).toBe(400);
    expect((await rest(bed, 'GET', `things/${id}/status`, { token: tokens.alice })).json).toEqual({ disabled: true });
    expect((await set(false)).status).toBe(204);
    expect(told(await rest(bed, 'GET', `things/${id}`, { token }))).toBe('403 WRONG_TOKEN');
    expect((await postToken(bed, login)).status).toBe(200);
  });

  it('whose password an admin changes loses its tokens', async () => {
    const { id, token, vendorThingID } = await registerThing();
    const body = { newPassword: 'x' };
    expect((await rest(bed, 'PUT', `things/${id}/password`, { token: tokens.admin, body })).status).toBe(204);
    expect(told(await rest(bed, 'GET', `things/${id}`, { token }))).toBe('403 WRONG_TOKEN');
    expect((await postToken(bed, { username: `VENDOR_THING_ID:${vendorThingID}`, password: 'x' })).status).toBe(200);
  });

  it('that is deleted is unknown', async () => {
    const { id, token } = await registerThing('user-1');
    expect((await rest(bed, 'DELETE', `things/${id}`, { token: tokens.alice })).status).toBe(204);
    expect(told(await rest(bed, 'GET', `things/${id}`, { token }))).toBe('403 WRONG_TOKEN');
    const answer = await rest(bed, 'GET', `things/${id}`, { token: tokens.admin });
    expect([answer.status, answer.json]).toEqual([
      404,
      {
        errorCode: 'THING_NOT_FOUND',
        message: `Thing with thingID ${id} was not found`,
        field: 'thingID',
        value: id,
        appID: APP,
        suppressed: [],
      },
    ]);
    expect(answer.headers.get('content-type')).toContain('application/vnd.kii.ThingNotFoundException+json');
  });

  it('is no user, and a user is no thing', async () => {
    expect(told(await rest(bed, 'GET', 'things/user-1', { token: tokens.admin }))).toBe('404 THING_NOT_FOUND');
    const answer = await rest(bed, 'GET', 'things/VENDOR_THING_ID:no', { token: tokens.admin });
    expect([told(answer), answer.json.field]).toEqual(['404 THING_NOT_FOUND', 'vendorThingID']);
  });
});

describe('an owner', () => {
  it('is added by an admin, the thing itself or another owner, and removed again', async () => {
    const { id, token } = await registerThing();
    const at = (owner: string) => `things/${id}/ownership/${owner}`;
    expect(told(await rest(bed, 'GET', at('user:user-1'), { token }))).toBe('404 THING_OWNERSHIP_NOT_FOUND');
    expect(told(await rest(bed, 'PUT', at('user:user-1'), { token: tokens.alice }))).toBe('401 UNAUTHORIZED');
    expect(told(await rest(bed, 'PUT', at('USER:user-1'), { token }))).toBe('204');
    expect(told(await rest(bed, 'GET', at('user:user-1'), { token: tokens.alice }))).toBe('204');
    expect(told(await rest(bed, 'PUT', at('user:user-2'), { token: tokens.alice }))).toBe('204');
    const again = await rest(bed, 'PUT', at('user:user-2'), { token: tokens.admin });
    expect([told(again), again.json.userID]).toEqual(['409 THING_OWNERSHIP_ALREADY_EXISTS', 'user-2']);
    expect(told(await rest(bed, 'DELETE', at('user:user-1'), { token: tokens.bob }))).toBe('204');
    expect(told(await rest(bed, 'GET', `things/${id}`, { token: tokens.alice }))).toBe('401 UNAUTHORIZED');
    const gone = await rest(bed, 'DELETE', at('user:user-1'), { token: tokens.bob });
    expect(told(gone)).toBe('404 THING_OWNERSHIP_NOT_FOUND');
    expect(told(await rest(bed, 'PUT', at('user:nobody'), { token: tokens.admin }))).toBe('404 USER_NOT_FOUND');
    expect(told(await rest(bed, 'PUT', at(`user:${id}`), { token: tokens.admin }))).toBe('404 USER_NOT_FOUND');
  });

  it.each([
    ['group:g', '403 OPERATION_NOT_SUPPORTED'],
    ['GROUP:g', '403 OPERATION_NOT_SUPPORTED'],
    ['user-1', '400 INVALID_INPUT_DATA'],
    ['user:', '400 INVALID_INPUT_DATA'],
    ['thing:th.1', '400 INVALID_INPUT_DATA'],
  ])('may not be %s', async (owner, expected) => {
    for (const method of ['GET', 'PUT', 'DELETE']) {
      expect(told(await rest(bed, method, `things/th.1/ownership/${owner}`, { token: tokens.admin }))).toBe(expected);
    }
  });
});

describe('an owner by the thing’s password', () => {
  const claim = (id: string, token: string | undefined, body: object) =>
    rest(bed, 'POST', `things/${id}/ownership`, { token, body, type: 'ThingOwnershipRequest' });

  it('is the one who asks, once', async () => {
    const { id, vendorThingID, token } = await registerThing();
    const body = { userID: 'user-2', thingPassword: PASSWORD };
    expect(told(await claim(id, tokens.bob, { ...body, thingPassword: 'wrong' }))).toBe('401 WRONG_PASSWORD');
    expect(told(await rest(bed, 'GET', `things/${id}`, { token: tokens.bob }))).toBe('401 UNAUTHORIZED');
    expect(told(await claim(`VENDOR_THING_ID:${vendorThingID}`, tokens.bob, body))).toBe('204');
    expect(told(await rest(bed, 'GET', `things/${id}`, { token: tokens.bob }))).toBe('200');
    expect(told(await claim(id, tokens.bob, body))).toBe('409 THING_OWNERSHIP_ALREADY_EXISTS');
    expect(told(await rest(bed, 'GET', `things/${id}`, { token }))).toBe('200');
  });

  it('is nobody else, but for an admin', async () => {
    const { id, token } = await registerThing();
    const body = { userID: 'user-1', thingPassword: PASSWORD };
    for (const other of [tokens.bob, tokens.anonymous, token, undefined]) {
      expect(told(await claim(id, other, body))).toBe('401 UNAUTHORIZED');
    }
    expect(told(await claim(id, tokens.admin, { userID: 'user-1' }))).toBe('204');
    expect(told(await claim(id, tokens.admin, { groupID: 'g', thingPassword: 'x' }))).toBe(
      '403 OPERATION_NOT_SUPPORTED',
    );
    expect(told(await claim(id, tokens.bob, { thingPassword: PASSWORD }))).toBe('400 INVALID_INPUT_DATA');
    expect(told(await claim(id, tokens.bob, { userID: 'user-2' }))).toBe('400 INVALID_INPUT_DATA');
    expect(told(await claim('th.none', tokens.bob, { userID: 'user-2', thingPassword: 'x' }))).toBe(
      '404 THING_NOT_FOUND',
    );
  });

  it('leaves no token behind', async () => {
    const { id } = await registerThing();
    expect(await countLogins(id)).toBe(1);
    expect((await claim(id, tokens.bob, { userID: 'user-2', thingPassword: PASSWORD })).status).toBe(204);
    expect(await countLogins(id)).toBe(1);
  });
});

const ONBOARDINGS = `/thing-if/apps/${APP}/onboardings`;

function onboard(type: string, body: object, sent: Sent = {}) {
  return rest(bed, 'POST', ONBOARDINGS, { ...sent, body, type });
}

describe('an onboarding by the owner', () => {
  it('registers the thing when it is unknown, makes the user its owner, and answers a token of the thing', async () => {
    const vendorThingID = freshName();
    const body = {
      ...{ vendorThingID, thingPassword: 'pass', owner: 'user:user-1', thingType: 'LED', firmwareVersion: 'v1' },
      ...{ thingProperties: { colour: 'red', _thingID: 'x', _password: 'y' }, layoutPosition: 'STANDALONE' },
    };
    const answer = await onboard('OnboardingWithVendorThingIDByOwner', body, { token: tokens.alice });
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({ thingID: expect.stringMatching(THING_ID), accessToken: expect.any(String) });
    const [id, token] = [String(answer.json.thingID), String(answer.json.accessToken)];
    const thing = await rest(bed, 'GET', `things/${id}`, { token });
    expect(thing.json).toMatchObject({ _thingType: 'LED', _firmwareVersion: 'v1', colour: 'red', _thingID: id });
    expect(told(await rest(bed, 'GET', `things/${id}/ownership/user:user-1`, { token: tokens.alice }))).toBe('204');

    // Again, by the same user, by another, and by the thing’s id.
    const again = await onboard(
      'onboardingWithVendorThingIDByOwner',
      { ...body, thingType: 'X' },
      { token: tokens.alice },
    );
    expect([again.status, again.json.thingID]).toEqual([200, id]);
    expect(again.json.accessToken).not.toBe(token);
    const second = { vendorThingID, thingPassword: 'pass', owner: 'USER:user-2' };
    expect((await onboard('OnboardingWithVendorThingIDByOwner', second, { token: tokens.bob })).json.thingID).toBe(id);
    const byId = { thingID: id, thingPassword: 'pass', owner: 'user:user-2' };
    expect((await onboard('OnboardingWithThingIDByOwner', byId, { token: tokens.bob })).json.thingID).toBe(id);
    const after = await rest(bed, 'GET', `things/${id}`, { token: tokens.bob });
    expect(after.json._thingType).toBe('LED');
  });

  it('by an admin may be for any user', async () => {
    const body = { vendorThingID: freshName(), thingPassword: 'pass', owner: 'user:user-2' };
    const { json } = await onboard('OnboardingWithVendorThingIDByOwner', body, { token: tokens.admin });
    expect(told(await rest(bed, 'GET', `things/${json.thingID}`, { token: tokens.bob }))).toBe('200');
    // Of an onboarding that fails no token is left, for nobody was told it.
    const before = await countLogins(String(json.thingID));
    const unknown = freshName();
    for (const vendorThingID of [body.vendorThingID, unknown]) {
      const ofNobody = { ...body, vendorThingID, owner: 'user:nobody' };
      const nobody = await onboard('OnboardingWithVendorThingIDByOwner', ofNobody, { token: tokens.admin });
      expect(told(nobody)).toBe('404 USER_NOT_FOUND');
    }
    expect(await countLogins(String(json.thingID))).toBe(before);
    const none = await rest(bed, 'GET', `things/VENDOR_THING_ID:${unknown}`, { token: tokens.admin });
    expect(told(none)).toBe('404 THING_NOT_FOUND');
  });

  it('is refused with another user’s token, and makes no thing then', async () => {
    const body = { vendorThingID: freshName(), thingPassword: 'pass', owner: 'user:user-1' };
    for (const token of [tokens.bob, tokens.anonymous, tokens.thing, undefined]) {
      const answer = await onboard('OnboardingWithVendorThingIDByOwner', body, { token });
      expect(told(answer)).toBe('401 UNAUTHORIZED');
    }
    const found = await rest(bed, 'GET', `things/VENDOR_THING_ID:${body.vendorThingID}`, { token: tokens.admin });
    expect(told(found)).toBe('404 THING_NOT_FOUND');
  });

  it('with a wrong password gives nobody a thing, and locks it in the end, for its login too', async () => {
    const { id, vendorThingID } = await registerThing();
    const by = (thingPassword: string) =>
      onboard(
        'OnboardingWithVendorThingIDByOwner',
        { vendorThingID, thingPassword, owner: 'user:user-1' },
        { token: tokens.alice },
      );
    const wrong = await by('wrong');
    expect([wrong.status, wrong.json]).toEqual([
      401,
      {
        errorCode: 'WRONG_PASSWORD',
        message: 'The provided password is wrong',
        appID: APP,
        thingID: id,
        suppressed: [],
      },
    ]);
    expect(told(await rest(bed, 'GET', `things/${id}`, { token: tokens.alice }))).toBe('401 UNAUTHORIZED');
    const byId = { thingID: id, thingPassword: 'wrong', owner: 'user:user-1' };
    await onboard('OnboardingWithThingIDByOwner', byId, { token: tokens.alice });
    await postToken(bed, { username: `VENDOR_THING_ID:${vendorThingID}`, password: 'wrong' });
    const locked = await by(PASSWORD);
    expect([told(locked), locked.json.message]).toEqual(['401 AUTHENTICATION_FAILED', 'The login name is locked']);
    const login = await postToken(bed, { username: `VENDOR_THING_ID:${vendorThingID}`, password: PASSWORD });
    expect(login.json.error_description).toBe('The login name is locked');
  });

  it('of a disabled thing is as one with a wrong password', async () => {
    const { id, vendorThingID } = await registerThing();
    await rest(bed, 'PUT', `things/${id}/status`, { token: tokens.admin, body: { disabled: true } });
    const body = { vendorThingID, thingPassword: PASSWORD, owner: 'user:user-1' };
    expect(told(await onboard('OnboardingWithVendorThingIDByOwner', body, { token: tokens.alice }))).toBe(
      '401 WRONG_PASSWORD',
    );
  });

  it('by two at once makes one thing with two owners', async () => {
    const body = { vendorThingID: freshName(), thingPassword: 'pass' };
    const answers = await Promise.all(
      [
        ['user:user-1', tokens.alice],
        ['user:user-2', tokens.bob],
        ['user:user-1', tokens.alice],
      ].map(([owner, token]) => onboard('OnboardingWithVendorThingIDByOwner', { ...body, owner }, { token })),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const ids = new Set(answers.map(({ json }) => json.thingID));
    expect(ids.size).toBe(1);
    for (const token of [tokens.alice, tokens.bob]) {
      expect(told(await rest(bed, 'GET', `things/${[...ids][0]}`, { token }))).toBe('200');
    }
  });
});

describe('an onboarding by the thing', () => {
  it.each([
    ['no token', () => undefined],
    ['an anonymous token', () => tokens.anonymous],
    ['an admin’s token', () => tokens.admin],
  ])('goes with %s', async (_what, tokenOf) => {
    const token = tokenOf();
    const body = { vendorThingID: freshName(), thingPassword: 'pass' };
    const first = await onboard('OnboardingWithVendorThingIDByThing', body, { token });
    expect(first.status).toBe(200);
    const again = await onboard('onboardingwithvendorthingidbything', body, { token });
    expect(again.json.thingID).toBe(first.json.thingID);
    const byId = { thingID: first.json.thingID, thingPassword: 'pass' };
    expect((await onboard('OnboardingWithThingIDByThing', byId, { token })).json.thingID).toBe(first.json.thingID);
    const own = String(again.json.accessToken);
    expect(told(await rest(bed, 'GET', `things/${first.json.thingID}`, { token: own }))).toBe('200');
  });

  it('makes no thing where nothing registers itself, but finds one that is there', async () => {
    const closed = await openHttpBed({ policy: { selfRegistration: false } });
    const send = (vendorThingID: string) =>
      rest(closed, 'POST', ONBOARDINGS, {
        body: { vendorThingID, thingPassword: PASSWORD },
        type: 'OnboardingWithVendorThingIDByThing',
      });
    expect(told(await send('unknown'))).toBe('401 UNAUTHORIZED');
    expect(told(await send('Sensor-1'))).toBe('200');
    await closed.close();
  });

  it.each([
    ['OnboardingWithVendorThingIDByThing', { thingPassword: 'x' }, '400 INVALID_INPUT_DATA'],
    ['OnboardingWithVendorThingIDByThing', { vendorThingID: 'x' }, '400 INVALID_INPUT_DATA'],
    ['OnboardingWithVendorThingIDByThing', { vendorThingID: 7, thingPassword: 'x' }, '400 INVALID_INPUT_DATA'],
    ['OnboardingWithVendorThingIDByThing', { vendorThingID: 'a b', thingPassword: 'x' }, '400 INVALID_INPUT_DATA'],
    [
      'OnboardingWithVendorThingIDByThing',
      { vendorThingID: 'x', thingPassword: 'x'.repeat(201) },
      '400 INVALID_INPUT_DATA',
    ],
    [
      'OnboardingWithVendorThingIDByThing',
      { vendorThingID: 'x9', thingPassword: 'x', thingType: 1 },
      '400 INVALID_INPUT_DATA',
    ],
    [
      'OnboardingWithVendorThingIDByThing',
      { vendorThingID: 'x9', thingPassword: 'x', thingProperties: [] },
      '400 INVALID_INPUT_DATA',
    ],
    ['OnboardingWithThingIDByThing', { thingPassword: 'x' }, '400 INVALID_INPUT_DATA'],
    ['OnboardingWithThingIDByThing', { thingID: 'th.x', thingPassword: 'x' }, '404 THING_NOT_FOUND'],
    ['OnboardingWithThingIDByThing', { thingID: 'user-1', thingPassword: PASSWORD }, '404 THING_NOT_FOUND'],
    ['OnboardingWithThingIDByOwner', { thingID: 'th.1', thingPassword: PASSWORD }, '400 INVALID_INPUT_DATA'],
    [
      'OnboardingWithThingIDByOwner',
      { thingID: 'th.1', thingPassword: PASSWORD, owner: 'group:g' },
      '403 OPERATION_NOT_SUPPORTED',
    ],
    ['Onboarding', {}, '415 UNSUPPORTED_MEDIA_TYPE'],
    ['application/json', {}, '415 UNSUPPORTED_MEDIA_TYPE'],
  ])('of type %s with %j is answered %s', async (type, body, expected) => {
    expect(told(await onboard(type, body))).toBe(expected);
  });
});

describe('a token from an onboarding', () => {
  it('is one more login of the thing, beside the others', async () => {
    const { id, token, vendorThingID } = await registerThing();
    const body = { vendorThingID, thingPassword: PASSWORD };
    const { json } = await onboard('OnboardingWithVendorThingIDByThing', body);
    const third = await userToken(bed, `VENDOR_THING_ID:${vendorThingID}`);
    for (const each of [token, String(json.accessToken), third]) {
      expect(told(await rest(bed, 'GET', `things/${id}`, { token: each }))).toBe('200');
    }
  });
});
