/** Secure device registration: a device with a certificate, the user who types its PIN, and who is neither. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { artikDeviceDialects } from '../../../src/http/artik/dialect.ts';
import { HttpServer } from '../../../src/http/server.ts';
import { temporaryDirectory } from '../../support.ts';
import { type ArtikBed, openArtikBed } from './bed.ts';

const directory = temporaryDirectory();
const at = (name: string) => join(directory.path, name);
const pem = (name: string) => readFileSync(at(name));
const SERVER = {
  certificate: readFileSync(new URL('../fixtures/localhost-cert.pem', import.meta.url)),
  key: readFileSync(new URL('../fixtures/localhost-key.pem', import.meta.url)),
};

let bed: ArtikBed;
let https: HttpServer;

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { stdio: 'ignore' });
}

function makeCa(name: string): void {
  openssl(
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-days',
    '2',
    '-subj',
    `/CN=${name}`,
    '-keyout',
    at(`${name}.key`),
    '-out',
    at(`${name}.pem`),
  );
}

function makeDevice(name: string, ca: string): void {
  openssl(
    'req',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-subj',
    `/CN=${name}`,
    '-keyout',
    at(`${name}.key`),
    '-out',
    at(`${name}.csr`),
  );
  openssl(
    'x509',
    '-req',
    '-in',
    at(`${name}.csr`),
    '-CA',
    at(`${ca}.pem`),
    '-CAkey',
    at(`${ca}.key`),
    '-CAcreateserial',
    '-days',
    '2',
    '-out',
    at(`${name}.pem`),
  );
}

beforeAll(async () => {
  makeCa('ca');
  makeCa('other-ca');
  makeDevice('lamp', 'ca');
  makeDevice('plug', 'ca');
  makeDevice('rogue', 'other-ca');
  bed = await openArtikBed();
  const dialects = artikDeviceDialects('acme');
  const tls = { ...SERVER, clientCa: pem('ca.pem') };
  https = await HttpServer.start({ services: bed.services, log: bed.tape.log, dialects, address: '127.0.0.1:0', tls });
});
afterAll(async () => {
  await https.drain(0);
  await bed.close();
  directory.remove();
});

// biome-ignore lint/suspicious/noExplicitAny: as a test looks into it
type Answered = { status: number; json: any };

function asDevice(
  name: string | undefined,
  method: string,
  path: string,
  body?: object,
  bearer?: string,
): Promise<Answered> {
  const own = name === undefined ? {} : { cert: pem(`${name}.pem`), key: pem(`${name}.key`) };
  const [host, port] = https.address.split(':');
  return new Promise((resolve, reject) => {
    const options = { host, port, path, method, ca: SERVER.certificate, servername: 'localhost', agent: false, ...own };
    const headers = bearer === undefined ? {} : { authorization: `Bearer ${bearer}` };
    const asking = request({ ...options, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, json: JSON.parse(text) }));
    });
    asking.on('error', reject);
    asking.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

const PATH = '/v1.1/cert/devices/registrations';
const begin = (name: string, vendorDeviceId: string) =>
  asDevice(name, 'POST', PATH, { deviceTypeId: 'dtlamp', vendorDeviceId });
const confirm = (bearer: string, pin: string) =>
  bed.ask('PUT', '/v1.1/devices/registrations/pin', { bearer, body: JSON.stringify({ pin, deviceName: 'Lamp' }) });

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
