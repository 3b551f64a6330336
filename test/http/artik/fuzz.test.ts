/** Whatever is sent in whichever place: never a 5xx, never a redirect elsewhere, and never what was sent as markup. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ArtikBed, openArtikBed, WEB_REDIRECT } from './bed.ts';

let bed: ArtikBed;
let bearer: string;

beforeAll(async () => {
  bed = await openArtikBed();
  bearer = await bed.own();
});
afterAll(() => bed.close());

const PATHS = [
  ...['/authorize', '/signin', '/token', '/device/code', '/tokenInfo', '/checkToken', '/revokeToken'],
  ...['/revokeAccessToken', '/logout', '/signout', '/v1.1/accounts/token', '/v1.1/users/self'],
  ...['/v1.1/users/%00/devices', '/v1.1/devices', '/v1.1/devices/x/tokens', '/v1.1/devices/%ff/tokens'],
];
const NAMES = [
  ...['grant_type', 'code', 'client_id', 'client_secret', 'redirect_uri', 'state', 'scope', 'refresh_token'],
  ...['response_type', 'code_verifier', 'code_challenge', 'token', 'client_credentials', 'dtid', 'uid', 'name', 'pin'],
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

it('answers every request of every path', async () => {
  const asked = fc.record({
    method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH'),
    path: fc.constantFrom(...PATHS),
    query: fc.array(pair, { maxLength: 5 }),
    body: text,
    authorization,
    contentType: fc.constantFrom(...CONTENT_TYPES),
  });
  await fc.assert(
    fc.asyncProperty(asked, async (request) => {
      const query = new URLSearchParams(request.query.map(([...each]) => each));
      const { method } = request;
      const header = request.authorization === 'bearer' ? `bearer ${bearer}` : request.authorization;
      const answer = await bed.ask(method, `${request.path}?${query}`, {
        headers: {
          'content-type': request.contentType,
          ...(request.authorization === 'none' ? {} : { authorization: header }),
        },
        ...(method === 'GET' ? {} : { body: request.body }),
      });
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
