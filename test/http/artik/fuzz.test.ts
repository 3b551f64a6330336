/** Whatever is sent in whichever place: never a 5xx, never a redirect elsewhere, and never what was sent as markup. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ArtikBed, openArtikBed, WEB_REDIRECT } from './bed.ts';
import { type DeviceBed, openDeviceBed } from './device-bed.ts';

let bed: ArtikBed;
let devices: DeviceBed;
let bearer: string;

beforeAll(async () => {
  bed = await openArtikBed();
  devices = await openDeviceBed(bed);
  bearer = await bed.own();
});
afterAll(async () => {
  await devices.close();
  await bed.close();
});

const PATHS = [
  ...['/authorize', '/signin', '/token', '/device/code', '/tokenInfo', '/checkToken', '/revokeToken'],
  ...['/revokeAccessToken', '/logout', '/signout', '/v1.1/accounts/token', '/v1.1/users/self'],
  ...['/v1.1/users/%00/devices', '/v1.1/devices', '/v1.1/devices/x/tokens', '/v1.1/devices/%ff/tokens'],
  ...['/v1.1/devices/registrations/pin', '/v1.1/devices/registrations/%00/status', '/v1.1/devices/x/registrations'],
];
const CERT_PATH = '/v1.1/cert/devices/registrations';
/** Where devices show a certificate. */
const DEVICE_PATHS = [
  ...[CERT_PATH, `${CERT_PATH}/x`, `${CERT_PATH}/x/status`, `${CERT_PATH}/%00`, `${CERT_PATH}/%ff/status`],
  ...['/V1.1/cert/devices/registrations', '/v1.1/users/self', '/v1.1/accounts/token', '/token', '/authorize'],
];
const NAMES = [
  ...['grant_type', 'code', 'client_id', 'client_secret', 'redirect_uri', 'state', 'scope', 'refresh_token'],
  ...['response_type', 'code_verifier', 'code_challenge', 'token', 'client_credentials', 'dtid', 'uid', 'name', 'pin'],
  ...['deviceTypeId', 'vendorDeviceId', 'nonce', 'deviceId', 'deviceName'],
];
const VALUES = [
  ...['', 'web', 'mobile', 'refresh_token', 'authorization_code', 'client_credentials', 'device_code', 'token'],
  ...[WEB_REDIRECT, 'https://evil.example/', '//evil.example', 'javascript:alert(1)', '<script>x</script>'],
  ...['\u0000', '\r\nX-Evil: 1', 'é', '%', '%zz', 'a'.repeat(5_000), 'code', 'read,write'],
];
const pair = fc.tuple(
  fc.oneof(fc.constantFrom(...NAMES), fc.string()),
  fc.oneof(fc.constantFrom(...VALUES), fc.string({ unit: 'binary' })),
);
const text = fc.oneof(
  fc.array(pair, { maxLength: 6 }).map((pairs) => new URLSearchParams(pairs.map(([...each]) => each)).toString()),
  fc.array(pair, { maxLength: 6 }).map((pairs) => JSON.stringify(Object.fromEntries(pairs))),
  fc.json(),
  fc.string(),
);
const authorization = fc.oneof(
  fc.constantFrom('none', 'bearer', 'Basic d2ViOng=', 'Bearer x', 'Basic', 'Basic =', 'Basic AAAA'),
  fc.string({ unit: fc.constantFrom('a', 'B', ' ', '=', ':', '1'), maxLength: 40 }),
);
const CONTENT_TYPES = [
  ...['application/json', 'application/x-www-form-urlencoded', 'text/plain', 'nonsense', ''],
  'multipart/form-data; boundary=x',
];

const requestTo = (paths: readonly string[]) =>
  fc
    .record({
      method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH'),
      path: fc.constantFrom(...paths),
      query: fc.array(pair, { maxLength: 5 }),
      body: text,
      authorization,
      cookie: fc.constantFrom('', 'symbolon-acme=', 'symbolon-acme=x', 'symbolon-acme=\u00e9; symbolon-acme=y', '=;;='),
      contentType: fc.constantFrom(...CONTENT_TYPES),
    })
    .map(({ method, path, query, body, authorization: given, cookie, contentType }) => ({
      method,
      path: `${path}?${new URLSearchParams(query.map(([...each]) => each))}`,
      asking: {
        headers: {
          'content-type': contentType,
          ...(cookie === '' ? {} : { cookie }),
          ...(given === 'none' ? {} : { authorization: given === 'bearer' ? `bearer ${bearer}` : given }),
        },
        ...(method === 'GET' ? {} : { body }),
      },
    }));

it('answers every request of every path', async () => {
  await fc.assert(
    fc.asyncProperty(requestTo(PATHS), async ({ method, path, asking }) => {
      const answer = await bed.ask(method, path, asking);
      expect(answer.status).toBeLessThan(500);
      const location = answer.headers.get('location');
      const isOurs = [null, '/t/acme/oauth2/authorize?', WEB_REDIRECT, 'my-uri://', 'https://page.example/'].some(
        (start) => (start === null ? location === null : location?.startsWith(start)),
      );
      expect(isOurs).toBe(true);
      expect(answer.headers.get('x-evil')).toBeNull();
      expect(answer.headers.get('content-type') ?? '').not.toContain('html');
    }),
    { numRuns: 400 },
  );
});

it('answers every request of a device with a certificate', async () => {
  const body = fc.oneof(
    text,
    fc
      .record({ deviceTypeId: fc.string(), vendorDeviceId: fc.stringMatching(/^[\w-]{0,70}$/), nonce: fc.string() })
      .map((fields) => JSON.stringify(fields)),
  );
  await fc.assert(
    fc.asyncProperty(requestTo(DEVICE_PATHS), body, async ({ method, path, asking: { headers } }, sent) => {
      const answer = await devices.ask('lamp', method, path, { headers, ...(method === 'GET' ? {} : { body: sent }) });
      expect(answer.status).toBeLessThan(500);
      expect([answer.headers.location, answer.headers['x-evil']]).toEqual([undefined, undefined]);
      expect(answer.headers['content-type'] ?? '').not.toContain('html');
      expect(answer.json).toBeDefined();
    }),
    { numRuns: 200 },
  );
});
