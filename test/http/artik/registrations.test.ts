/** Secure device registration: a device with a certificate, the user who types its PIN, and who is neither. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { authenticateTokenHolder, type Caller } from '../../../src/core/operations/authenticate.ts';
import { vendorIdOf } from '../../../src/core/operations/certified-devices.ts';
import { registerDevice, updateDevice } from '../../../src/core/operations/devices.ts';
import { one } from '../../../src/core/plan.ts';
import { SUBJECT } from '../../../src/core/tables/subjects.ts';
import { callerOf, make, makeDevice } from '../../support.ts';
import { type ArtikBed, openArtikBed } from './bed.ts';
import { type DeviceBed, openDeviceBed } from './device-bed.ts';

let bed: ArtikBed;
let devices: DeviceBed;

beforeAll(async () => {
  bed = await openArtikBed();
  devices = await openDeviceBed(bed);
});
afterAll(async () => {
  await devices.close();
  await bed.close();
});

const asDevice = (name: string | undefined, method: string, path: string, body?: object, bearer?: string) =>
  devices.ask(name, method, path, {
    body: body === undefined ? undefined : JSON.stringify(body),
    headers: bearer === undefined ? {} : { authorization: `Bearer ${bearer}` },
  });

const PATH = '/v1.1/cert/devices/registrations';
const begin = (name: string, vendorDeviceId: string) =>
  asDevice(name, 'POST', PATH, { deviceTypeId: 'dtlamp', vendorDeviceId });
const confirm = (bearer: string, pin: string, more: object = { deviceName: 'Lamp' }) =>
  bed.ask('PUT', '/v1.1/devices/registrations/pin', { bearer, body: JSON.stringify({ pin, ...more }) });
const complete = (name: string, { rid, nonce }: { rid: string; nonce: string }) =>
  asDevice(name, 'PUT', `${PATH}/${rid}`, { nonce });
const isLive = async (bearer: string) => (await bed.ask('GET', '/tokenInfo', { bearer })).status === 200;
const addDevice = async (bearer: string, dtid: string): Promise<string> =>
  (await bed.ask('POST', '/v1.1/devices', { bearer, body: JSON.stringify({ dtid, name: 'Mine' }) })).json.data.id;
const cutOff = (id: string, cause: 'disabled' | 'deleted') =>
  make(bed.store, { kind: 'cut_off', tenantId: 'acme', target: { kind: 'user', id }, cause });

/** All three steps, by the lamp for the user. */
async function register(bearer: string, vendorDeviceId: string) {
  const begun = (await begin('lamp', vendorDeviceId)).json.data;
  expect((await confirm(bearer, begun.pin)).status).toBe(200);
  return (await complete('lamp', begun)).json.data;
}

it('registers a device: begun, confirmed by its user, completed by itself', async () => {
  const bearer = await bed.own();
  const { status, json } = await begin('lamp', 'a1b2c3d4');
  expect(status).toBe(200);
  const { rid, pin, nonce, expiresOn } = json.data;
  expect([pin, expiresOn > bed.clock.now]).toEqual([expect.stringMatching(/^[A-Z0-9]{8}$/), true]);
  const deviceStatus = async () => (await asDevice('lamp', 'GET', `${PATH}/${rid}/status`)).json.data;
  const userStatus = (by: string) => bed.ask('GET', `/v1.1/devices/registrations/${rid}/status`, { bearer: by });
  expect(await deviceStatus()).toEqual({ status: 'PENDING_USER_CONFIRMATION' });
  expect((await asDevice('lamp', 'PUT', `${PATH}/${rid}`, { nonce })).status).toBe(400);

  expect((await confirm(bearer, pin)).json).toEqual({ data: { rid } });
  expect((await confirm(bearer, pin)).status).toBe(404);
  expect((await userStatus(bearer)).json.data).toEqual({ status: 'PENDING_DEVICE_COMPLETION' });
  expect((await userStatus(await bed.own('user-bob'))).status).toBe(404);

  expect((await asDevice('lamp', 'PUT', `${PATH}/${rid}`, { nonce: 'wrong' })).status).toBe(403);
  expect((await asDevice('plug', 'PUT', `${PATH}/${rid}`, { nonce })).status).toBe(403);
  const done = await asDevice('lamp', 'PUT', `${PATH}/${rid}`, { nonce });
  const { accessToken, uid, did } = done.json.data;
  expect([uid, await deviceStatus()]).toEqual(['user-ann', { status: 'REGISTERED', did }]);
  expect((await asDevice('lamp', 'PUT', `${PATH}/${rid}`, { nonce })).status).toBe(400);

  const own = await asDevice('lamp', 'GET', `/v1.1/devices/${did}`, undefined, accessToken);
  expect(own.json.data).toMatchObject({ id: did, uid: 'user-ann', dtid: 'dtlamp', name: 'Lamp' });
});

it('refuses another certificate for a device that is registered, until its owner ends that', async () => {
  const bearer = await bed.own();
  const first = (await begin('lamp', 'taken')).json.data;
  await confirm(bearer, first.pin);
  const { did, accessToken } = (await asDevice('lamp', 'PUT', `${PATH}/${first.rid}`, { nonce: first.nonce })).json
    .data;
  expect((await begin('plug', 'taken')).status).toBe(409);
  expect((await begin('lamp', 'taken')).status).toBe(200);
  const path = `/v1.1/devices/${did}/registrations`;
  expect((await bed.ask('DELETE', path, { bearer: await bed.own('user-bob') })).status).toBe(403);
  expect((await bed.ask('DELETE', path, { bearer })).json.data.id).toBe(did);
  expect((await bed.ask('GET', '/tokenInfo', { bearer: accessToken })).status).toBe(401);
  expect((await begin('plug', 'taken')).status).toBe(200);
});

it('revokes what the same device has begun before, and forgets what is too old', async () => {
  const [first, second] = [(await begin('lamp', 'twice')).json.data, (await begin('lamp', 'twice')).json.data];
  const statusOf = async ({ rid }: { rid: string }) =>
    (await asDevice('lamp', 'GET', `${PATH}/${rid}/status`)).json.data.status;
  expect(await statusOf(first)).toBe('REVOKED');
  expect((await confirm(await bed.own(), first.pin)).status).toBe(404);
  bed.clock.advance(31 * 60_000);
  expect(await statusOf(second)).toBe('EXPIRED');
  expect((await confirm(await bed.own(), second.pin)).status).toBe(404);
});

it('counts guesses at PINs', async () => {
  const bearer = await bed.own('user-bob');
  const statuses: number[] = [];
  for (let i = 0; i < 30; i++) {
    statuses.push((await confirm(bearer, `WRONG${i}`)).status);
  }
  expect(statuses[0]).toBe(404);
  expect(statuses.at(-1)).toBe(429);
});

it('gives no connection to who has no certificate of the right issuer', async () => {
  for (const name of [undefined, 'rogue']) {
    await expect(asDevice(name, 'POST', PATH, {})).rejects.toThrow();
  }
});

it('refuses rubbish in the API’s shape, and is not served where no certificate is asked for', async () => {
  expect((await asDevice('lamp', 'POST', PATH, { deviceTypeId: 'x' })).json.error.code).toBe(4001);
  expect((await asDevice('lamp', 'POST', PATH, { deviceTypeId: 'x', vendorDeviceId: 'a b' })).json.error.code).toBe(
    4001,
  );
  expect((await asDevice('lamp', 'GET', `${PATH}/none/status`)).json.error.code).toBe(404);
  expect((await bed.ask('POST', PATH, { body: '{}' })).status).toBe(404);
});

it('takes a renewed certificate of the same key for the same device, and one of the same name alone for another', async () => {
  const bearer = await bed.own();
  const { did, accessToken } = await register(bearer, 'renewed');
  expect((await begin('named-lamp', 'renewed')).status).toBe(409);
  const begun = (await begin('renewed-lamp', 'renewed')).json.data;
  expect((await confirm(bearer, begun.pin)).status).toBe(200);
  // Either certificate of the key goes on.
  expect((await asDevice('lamp', 'GET', `${PATH}/${begun.rid}/status`)).json.data.status).toBe(
    'PENDING_DEVICE_COMPLETION',
  );
  expect((await asDevice('named-lamp', 'GET', `${PATH}/${begun.rid}/status`)).status).toBe(403);
  const again = (await complete('renewed-lamp', begun)).json.data;
  expect([again.did, await isLive(accessToken), await isLive(again.accessToken)]).toEqual([did, false, true]);
});

it('registers a device that its user has already, in place of a new one', async () => {
  const bearer = await bed.own();
  const id = await addDevice(bearer, 'dtlamp');
  const before = (await bed.ask('PUT', `/v1.1/devices/${id}/tokens`, { bearer })).json.data.accessToken;
  const begun = (await begin('lamp', 'bound')).json.data;
  expect((await confirm(bearer, begun.pin, { deviceId: id })).json).toEqual({ data: { rid: begun.rid } });
  const { did, uid, accessToken } = (await complete('lamp', begun)).json.data;
  expect([did, uid, await isLive(before), await isLive(accessToken)]).toEqual([id, 'user-ann', false, true]);
  expect((await bed.ask('GET', `/v1.1/devices/${id}`, { bearer })).json.data.name).toBe('Mine');
  expect((await begin('plug', 'bound')).status).toBe(409);

  const another = (await begin('lamp', 'bound')).json.data;
  await confirm(bearer, another.pin, { deviceId: await addDevice(bearer, 'dtlamp') });
  expect((await complete('lamp', another)).status).toBe(409);
});

it('registers no device of somebody else, of another type, or none, and the PIN stays good', async () => {
  const bearer = await bed.own();
  const foreign = await addDevice(await bed.own('user-bob'), 'dtlamp');
  const plug = await addDevice(bearer, 'dtplug');
  const begun = (await begin('lamp', 'unbound')).json.data;
  for (const [deviceId, status] of [
    [foreign, 403],
    [plug, 400],
    ['th.nobody', 404],
  ] as const) {
    expect((await confirm(bearer, begun.pin, { deviceId })).status).toBe(status);
  }
  expect((await confirm(bearer, begun.pin)).status).toBe(200);
});

it('tells and confirms by a token that may do that: of a user, and with the scope', async () => {
  const bearer = await bed.own();
  const begun = (await begin('lamp', 'scoped')).json.data;
  const { access_token: reader } = await bed.consented('web', 'user-ann', ['read']);
  const form = { grant_type: 'client_credentials' };
  const application = (await bed.ask('POST', '/token', { basic: 'web', form })).json.access_token;
  const { accessToken: device } = await register(bearer, 'the-device');
  for (const by of [reader, application, device]) {
    expect((await confirm(by, begun.pin)).status).toBe(403);
    expect((await bed.ask('GET', `/v1.1/devices/registrations/${begun.rid}/status`, { bearer: by })).status).toBe(403);
  }
  expect((await bed.ask('GET', `/v1.1/devices/registrations/${begun.rid}/status`)).status).toBe(401);
  expect((await bed.ask('PUT', '/v1.1/devices/registrations/pin', { body: '{}' })).status).toBe(401);
});

it('lets nobody else take the vendor’s id of a device that is to register', async () => {
  const vendorId = vendorIdOf({ deviceType: 'dtlamp', vendorId: 'squatted' });
  const caller = await callerOf(bed.services, 'acme');
  await expect(registerDevice(bed.services, { caller }, { vendorId, password: 'long enough' })).rejects.toThrow(
    'vendor_id must not be',
  );
  const id = await addDevice(await bed.own(), 'dtlamp');
  const owner = await authenticateTokenHolder(bed.services, 'acme', await bed.own());
  const ref = { by: 'device_id', deviceId: id } as const;
  await expect(updateDevice(bed.services, { caller: owner as Caller }, ref, { vendorId })).rejects.toThrow(
    'vendor_id must not be',
  );
  expect((await begin('lamp', 'squatted')).status).toBe(200);
});

it('ends no registration of a device that has none, which keeps the vendor’s id that it has', async () => {
  const bearer = await bed.own();
  const subject = { subjectId: 'th.own-name', vendorId: 'own-name', password: 'long enough' };
  await makeDevice(bed.services, 'acme', subject);
  const named = { tenantId: 'acme', subjectKind: 'device', subjectId: 'th.own-name' } as const;
  await make(bed.store, { kind: 'update_subject', ...named, set: {}, addOwnerId: 'user-ann' });
  expect((await bed.ask('DELETE', '/v1.1/devices/th.own-name/registrations', { bearer })).status).toBe(404);
  const { device } = await bed.store.read({ device: one(SUBJECT, { subjectId: 'th.own-name' }) });
  expect(device?.vendorId).toBe('own-name');
});

it('ends a registration by an owner with the scope alone', async () => {
  const bearer = await bed.own();
  const { did, accessToken } = await register(bearer, 'ended');
  const path = `/v1.1/devices/${did}/registrations`;
  const { access_token: reader } = await bed.consented('web', 'user-ann', ['read']);
  for (const [by, status] of [
    [reader, 403],
    [accessToken, 403],
  ] as const) {
    expect((await bed.ask('DELETE', path, { bearer: by })).status).toBe(status);
  }
  expect((await bed.ask('DELETE', path)).status).toBe(401);
  expect(await isLive(accessToken)).toBe(true);
});

it('gives no token for a user who is gone, and ends that of a device whose owner is deleted', async () => {
  const bearer = await bed.own('user-cyd');
  const { accessToken } = await register(bearer, 'left-behind');
  const begun = (await begin('lamp', 'too-late')).json.data;
  expect((await confirm(bearer, begun.pin)).status).toBe(200);
  await cutOff('user-cyd', 'disabled');
  expect([(await complete('lamp', begun)).status, await isLive(accessToken)]).toEqual([400, true]);
  await cutOff('user-cyd', 'deleted');
  expect([(await complete('lamp', begun)).status, await isLive(accessToken)]).toEqual([400, false]);
});
