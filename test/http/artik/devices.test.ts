/** Users' devices, and the one token that each device has. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { make, makeUser } from '../../support.ts';
import { type ArtikBed, openArtikBed, PASSWORD } from './bed.ts';

let bed: ArtikBed;

beforeAll(async () => {
  bed = await openArtikBed();
});
afterAll(() => bed.close());

const DTID = `dt${'a'.repeat(32)}`;
const NOT_FOUND = { error: { code: 404, message: 'Not Found' } };

async function addDevice(bearer: string, uid = 'user-ann', dtid = DTID): Promise<string> {
  const body = JSON.stringify({ uid, dtid, name: 'Lamp', manifestVersion: 1 });
  const { json } = await bed.ask('POST', '/v1.1/devices', {
    bearer,
    body,
    headers: { 'content-type': 'application/json' },
  });
  return json.data.id;
}

const tokenOf = (method: string, id: string, bearer: string) =>
  bed.ask(method, `/v1.1/devices/${id}/tokens`, { bearer, headers: { 'content-type': 'text/plain' } });

async function application(basic = 'web'): Promise<string> {
  const form = { grant_type: 'client_credentials' };
  return (await bed.ask('POST', '/token', { basic, form })).json.access_token;
}

it('tells who the user is', async () => {
  const { access_token: bearer } = await bed.consented();
  expect((await bed.ask('GET', '/v1.1/users/self', { bearer })).json.data).toEqual({
    id: 'user-ann',
    name: 'ann',
    createdOn: expect.any(Number),
  });
  expect((await bed.ask('GET', '/v1.1/users/self', { bearer: await application() })).status).toBe(403);
  const { access_token: few } = await bed.consented('web', 'user-ann', ['read']);
  expect((await bed.ask('GET', '/v1.1/users/self', { bearer: few })).status).toBe(403);
});

it('adds devices for the user, of any type, and lists them in pages', async () => {
  const bearer = await bed.own('user-bob');
  const types = [DTID, 'cloud.artik.scene', 'ü'.repeat(64)];
  const ids: string[] = [];
  for (const dtid of types) {
    ids.push(await addDevice(bearer, 'user-bob', dtid));
    bed.clock.advance(1);
  }
  const all = await bed.ask('GET', '/v1.1/users/user-bob/devices', { bearer });
  expect(all.json).toMatchObject({ total: 3, offset: 0, count: 3 });
  expect(all.json.data.devices.map((device: { dtid: string }) => device.dtid)).toEqual(types);
  const second = await bed.ask('GET', '/v1.1/users/user-bob/devices?offset=1&count=1', { bearer });
  expect(second.json.data.devices).toEqual([
    { id: ids[1], uid: 'user-bob', dtid: types[1], name: 'Lamp', createdOn: expect.any(Number) },
  ]);
});

it('refuses a type of 65 characters, another user, and who has no token', async () => {
  const bearer = await bed.own();
  const add = (fields: object) => bed.ask('POST', '/v1.1/devices', { bearer, body: JSON.stringify(fields) });
  expect((await add({ dtid: 'x'.repeat(65) })).json.error.code).toBe(4001);
  expect((await add({ name: 'Lamp' })).json.error.code).toBe(4001);
  expect((await add({ dtid: DTID, uid: 'user-bob' })).status).toBe(403);
  expect((await bed.ask('POST', '/v1.1/devices', { body: '{}' })).status).toBe(401);
  expect((await bed.ask('GET', '/v1.1/users/user-bob/devices', { bearer })).status).toBe(403);
});

it('gives a device one token: none at first, then the same again, then another in its place', async () => {
  const { access_token: bearer } = await bed.consented();
  const id = await addDevice(bearer);
  const none = await tokenOf('GET', id, bearer);
  expect([none.status, none.json]).toEqual([404, NOT_FOUND]);

  const first = await tokenOf('PUT', id, bearer);
  expect(first.json).toEqual({
    data: { accessToken: expect.stringMatching(/^syd_/), uid: 'user-ann', did: id, cid: 'web' },
  });
  expect((await tokenOf('GET', id, bearer)).json).toEqual(first.json);

  const second = await tokenOf('PUT', id, bearer);
  const isLive = async (token: string) => (await bed.ask('GET', '/tokenInfo', { bearer: token })).status === 200;
  expect([await isLive(first.json.data.accessToken), await isLive(second.json.data.accessToken)]).toEqual([
    false,
    true,
  ]);

  expect((await tokenOf('DELETE', id, bearer)).json).toEqual(second.json);
  expect(await isLive(second.json.data.accessToken)).toBe(false);
  expect((await tokenOf('GET', id, bearer)).json).toEqual(NOT_FOUND);
  expect((await tokenOf('DELETE', id, bearer)).json).toEqual(NOT_FOUND);
});

it('lets a device’s token see that device alone, for as long as it lives', async () => {
  const bearer = await bed.own();
  const [lamp, other] = [await addDevice(bearer), await addDevice(bearer)];
  const { json } = await tokenOf('PUT', lamp, bearer);
  const device = json.data.accessToken;
  bed.clock.advance(50 * 366 * 24 * 3_600_000);
  expect((await bed.ask('GET', '/tokenInfo', { bearer: device })).json).toEqual({
    data: { device_id: lamp, user_id: 'user-ann' },
  });
  expect((await bed.ask('GET', `/v1.1/devices/${lamp}`, { bearer: device })).json.data.id).toBe(lamp);
  for (const path of [`/v1.1/devices/${other}`, '/v1.1/users/self', '/v1.1/users/user-ann/devices']) {
    expect((await bed.ask('GET', path, { bearer: device })).status).toBe(403);
  }
  expect((await tokenOf('PUT', lamp, device)).status).toBe(403);
  expect((await bed.ask('PUT', '/revokeToken', { bearer: device })).status).toBe(200);
  expect((await tokenOf('GET', lamp, await bed.own())).status).toBe(404);
});

it('keeps strangers, apps without the scope and unknown devices away from tokens', async () => {
  const bearer = await bed.own();
  const id = await addDevice(bearer);
  await tokenOf('PUT', id, bearer);
  const { access_token: reader } = await bed.consented('web', 'user-ann', ['read']);
  for (const [by, status] of [
    [await bed.own('user-bob'), 403],
    [reader, 403],
    [await application(), 403],
  ] as const) {
    for (const method of ['GET', 'PUT', 'DELETE']) {
      expect((await tokenOf(method, id, by)).status).toBe(status);
    }
  }
  expect((await tokenOf('GET', 'th.nobody', bearer)).json).toEqual(NOT_FOUND);
  expect((await tokenOf('GET', id, bearer)).status).toBe(200);
});

it('lets an application see the devices of those alone who granted its client that', async () => {
  await addDevice(await bed.own('user-bob'), 'user-bob');
  const bearer = await application();
  const list = () => bed.ask('GET', '/v1.1/users/user-bob/devices', { bearer });
  expect((await list()).status).toBe(403);
  await bed.consented('web', 'user-bob');
  const seen = await list();
  expect(seen.status).toBe(200);
  const [{ id }] = seen.json.data.devices;
  expect((await tokenOf('PUT', id, bearer)).json.error.message).toContain('Ask by a token of the owner');
  expect((await bed.ask('GET', '/v1.1/users/user-eve/devices', { bearer })).json.error.code).toBe(1201);
});

it('refuses methods and paths that are not served, in the API’s shape', async () => {
  const bearer = await bed.own();
  expect((await bed.ask('PATCH', '/v1.1/devices', { bearer })).json.error.code).toBe(405);
  expect((await bed.ask('GET', '/v1.1/rules', { bearer })).json.error.code).toBe(404);
});

it('tells no address that is not proven', async () => {
  const mia = { subjectId: 'user-mia', loginName: 'mia', password: PASSWORD, email: 'mia@example.com' };
  await makeUser(bed.services, 'acme', mia);
  const { data } = (await bed.ask('GET', '/v1.1/users/self', { bearer: await bed.own('user-mia') })).json;
  expect([data.id, 'email' in data]).toEqual(['user-mia', false]);
});

it('refuses fields of the wrong kind, bodies that are no object, and pages that are no numbers', async () => {
  const bearer = await bed.own();
  const add = (body: string) => bed.ask('POST', '/v1.1/devices', { bearer, body });
  for (const dtid of [7, ['x'], { x: 1 }, true]) {
    expect((await add(JSON.stringify({ dtid }))).json.error.code).toBe(4001);
  }
  for (const body of ['{"dtid":"a\\u0000b"}', '{"dtid":"a\\ud800"}', '{"dtid":"x","name":"a\\nb"}']) {
    expect((await add(body)).json.error.code).toBe(4001);
  }
  for (const body of ['[]', 'null', '7', '"x"']) {
    expect((await add(body)).json.error).toEqual({ code: 400, message: 'The body must be a JSON object' });
  }
  for (const query of ['offset=x', 'count=-1', 'count=1.5']) {
    const { status, json } = await bed.ask('GET', `/v1.1/users/self/devices?${query}`, { bearer });
    expect([status, json.error.code]).toEqual([400, 4001]);
  }
});

it('answers a hundred devices at most at once', async () => {
  await makeUser(bed.services, 'acme', { subjectId: 'user-max', loginName: 'max', password: PASSWORD });
  const device = { tenantId: 'acme', kind: 'device', passwordHash: null, loginName: null, email: null } as const;
  const unproven = { emailVerified: false, phone: null, phoneVerified: false, ownerIds: ['user-max'] } as const;
  for (let i = 0; i < 101; i++) {
    const subject = { ...device, ...unproven, subjectId: `th.max-${i}`, vendorId: `max-${i}` };
    await make(bed.store, { kind: 'create_subject', subject });
  }
  const path = '/v1.1/users/self/devices?count=1000';
  const { json } = await bed.ask('GET', path, { bearer: await bed.own('user-max') });
  expect([json.total, json.count]).toEqual([101, 100]);
});

it('lets an app with scopes for a type add devices of that type alone', async () => {
  const { access_token: bearer } = await bed.consented('typed');
  const add = (dtid: string) => bed.ask('POST', '/v1.1/devices', { bearer, body: JSON.stringify({ dtid }) });
  expect([(await add('lamp')).status, (await add('plug')).status]).toEqual([200, 403]);
});

it('lets an application see no device by what was granted to another app, or by who is disabled', async () => {
  const id = await addDevice(await bed.own('user-cyd'), 'user-cyd');
  await bed.consented('web', 'user-cyd');
  const read = async (app: string) =>
    (await bed.ask('GET', `/v1.1/devices/${id}`, { bearer: await application(app) })).status;
  expect([await read('web'), await read('rival')]).toEqual([200, 403]);
  const target = { kind: 'user', id: 'user-cyd' } as const;
  await make(bed.store, { kind: 'cut_off', tenantId: 'acme', target, cause: 'disabled' });
  await make(bed.store, { kind: 'enable', tenantId: 'acme', target });
  await bed.consented('web', 'user-cyd');
  expect(await read('web')).toBe(200);
  await make(bed.store, { kind: 'cut_off', tenantId: 'acme', target, cause: 'disabled' });
  expect(await read('web')).toBe(403);
});
