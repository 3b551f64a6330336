/** The vendor's id of a thing, read and moved with a new password. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { APP, type HttpBed, openHttpBed, PASSWORD, postToken } from '../support.ts';
import { freshName, rest, type Tokens, tokensOf, told } from './rest.ts';

let bed: HttpBed;
let tokens: Tokens;

beforeAll(async () => {
  bed = await openHttpBed({ policy: { refreshEnabled: true } });
  tokens = await tokensOf(bed);
});
afterAll(() => bed.close());

const TYPE = 'VendorThingIDUpdateRequest';

async function registerThing(owner?: string) {
  const vendorThingID = freshName();
  const { json } = await rest(bed, 'POST', 'things', {
    body: { _vendorThingID: vendorThingID, _password: PASSWORD },
    type: 'ThingRegistrationAndAuthorizationRequest',
  });
  const [id, token, refresh] = [json._thingID, json._accessToken, json._refreshToken].map(String);
  if (owner !== undefined) {
    await rest(bed, 'PUT', `things/${id}/ownership/user:${owner}`, { token: tokens.admin });
  }
  return { id: id ?? '', token: token ?? '', refresh: refresh ?? '', vendorThingID };
}

function put(thing: string, token: string | undefined, body: object, type: string | undefined = TYPE) {
  return rest(bed, 'PUT', `things/${thing}/vendor-thing-id`, { token, body, type });
}

function logIn(vendorThingID: string, password: string) {
  return postToken(bed, { username: `VENDOR_THING_ID:${vendorThingID}`, password });
}

describe('the vendor’s id of a thing', () => {
  it.each(['thing', 'owner', 'admin'] as const)('is read by its %s, however the thing is named', async (who) => {
    const { id, token, vendorThingID } = await registerThing('user-1');
    const by = { thing: token, owner: tokens.alice, admin: tokens.admin }[who];
    for (const name of [id, `VENDOR_THING_ID:${vendorThingID}`]) {
      const answer = await rest(bed, 'GET', `things/${name}/vendor-thing-id`, { token: by });
      expect([answer.status, answer.json]).toEqual([200, { _vendorThingID: vendorThingID }]);
    }
  });

  it.each(['thing', 'owner', 'admin'] as const)('is moved by its %s, with a new password', async (who) => {
    const thing = await registerThing('user-1');
    const by = { thing: thing.token, owner: tokens.alice, admin: tokens.admin }[who];
    const moved = freshName();
    const answer = await put(thing.id, by, { _vendorThingID: moved, _password: 'p' });
    expect([answer.status, answer.text]).toEqual([204, '']);

    expect((await logIn(moved, 'p')).json.id).toBe(thing.id);
    expect((await logIn(thing.vendorThingID, PASSWORD)).status).toBe(400);
    expect((await logIn(moved, PASSWORD)).status).toBe(400);
    // Who knew the old password may hold tokens.
    expect(told(await rest(bed, 'GET', `things/${thing.id}`, { token: thing.token }))).toBe('403 WRONG_TOKEN');
    expect((await postToken(bed, { refresh_token: thing.refresh })).status).toBe(400);
    // The old id is anybody's.
    const again = { _vendorThingID: thing.vendorThingID, _password: PASSWORD };
    expect((await rest(bed, 'POST', 'things', { body: again })).status).toBe(201);
  });

  it('may stay as it is; the password is new all the same', async () => {
    const { vendorThingID, token } = await registerThing();
    const name = `VENDOR_THING_ID:${vendorThingID}`;
    expect((await put(name, token, { _vendorThingID: vendorThingID, _password: 'p' })).status).toBe(204);
    expect((await logIn(vendorThingID, 'p')).status).toBe(200);
  });

  it('that is taken changes nothing', async () => {
    const { id, token, vendorThingID } = await registerThing();
    const answer = await put(id, token, { _vendorThingID: 'Sensor-1', _password: 'p' });
    expect([answer.status, answer.json]).toMatchObject([
      409,
      { errorCode: 'THING_ALREADY_EXISTS', field: 'vendorThingID', value: 'Sensor-1' },
    ]);
    expect((await rest(bed, 'GET', `things/${id}`, { token })).status).toBe(200);
    expect((await logIn(vendorThingID, PASSWORD)).status).toBe(200);
  });

  it('is nobody else’s to move or read', async () => {
    const [thing, other] = [await registerThing('user-1'), await registerThing('user-2')];
    const body = { _vendorThingID: freshName(), _password: 'p' };
    const outcomes: string[] = [];
    for (const token of [tokens.bob, other.token, tokens.anonymous, undefined, 'x']) {
      outcomes.push(told(await put(thing.id, token, body)));
      outcomes.push(told(await rest(bed, 'GET', `things/${thing.id}/vendor-thing-id`, { token })));
    }
    const no = '401 UNAUTHORIZED';
    const rubbish = '403 WRONG_TOKEN';
    expect(outcomes).toEqual([no, no, no, no, no, no, no, no, rubbish, rubbish]);
    expect((await logIn(thing.vendorThingID, PASSWORD)).status).toBe(200);
    expect(told(await put('th.nothing', tokens.admin, body))).toBe('404 THING_NOT_FOUND');
  });

  it.each([
    [{ _vendorThingID: 'a b', _password: 'p' }, TYPE, '400 INVALID_INPUT_DATA'],
    [{ _vendorThingID: 'v'.repeat(201), _password: 'p' }, TYPE, '400 INVALID_INPUT_DATA'],
    [{ _vendorThingID: 7, _password: 'p' }, TYPE, '400 INVALID_INPUT_DATA'],
    [{ _password: 'p' }, TYPE, '400 INVALID_INPUT_DATA'],
    [{ _vendorThingID: 'fine-1' }, TYPE, '400 INVALID_INPUT_DATA'],
    [{ _vendorThingID: 'fine-1', _password: '' }, TYPE, '400 INVALID_INPUT_DATA'],
    [{ _vendorThingID: 'fine-1', _password: 'ä' }, TYPE, '400 INVALID_INPUT_DATA'],
    [{ _vendorThingID: 'fine-1', _password: 'p' }, 'text/plain', '415 UNSUPPORTED_MEDIA_TYPE'],
    [{ _vendorThingID: 'fine-2', _password: 'p' }, 'application/json', '204'],
  ])('and its password are held to their forms: %j as %s', async (body, type, expected) => {
    const { id, token } = await registerThing();
    expect(told(await put(id, token, body, type))).toBe(expected);
  });

  it('is of this app alone', async () => {
    expect(told(await rest(bed, 'GET', `/api/apps/${APP}x/things/th.1/vendor-thing-id`, { token: tokens.admin }))).toBe(
      '404 APP_NOT_FOUND',
    );
  });
});
