/** Whatever is sent: an answer in the shape that was spoken, never a fault of the server. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SERVED } from '../../../src/http/connect/served.ts';
import { spokenOf } from '../../../src/http/connect/spoken.ts';
import { basicHeader, type ConnectBed, openConnectBed } from './doors.ts';

let bed: ConnectBed;

beforeAll(async () => {
  bed = await openConnectBed();
});

afterAll(() => bed.close());

const json = fc.oneof(
  fc.json(),
  fc.string(),
  fc.constantFrom('{"user":{"accessToken":"x"}}', '{"userPassword":{"username":"ann","password":"x"}}', '{}'),
  // The names of fields with values that do not belong to them.
  fc
    .dictionary(
      fc.constantFrom('user', 'userPassword', 'token', 'attributes', 'updateMask', 'scopes', 'expireTime', 'withToken'),
      fc.jsonValue(),
    )
    .map((value) => JSON.stringify(value)),
);
const bytes = fc.oneof(
  json.map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 100 }).map((array) => Buffer.from(array)),
);
const framed = bytes.map((content) => Buffer.concat([Buffer.from([0, 0, 0, 0, content.length % 256]), content]));
const contentType = fc.constantFrom(
  'application/json',
  'application/proto',
  'application/grpc-web',
  'application/grpc-web+json',
  'application/grpc-web-text',
);
const headers = fc.record(
  {
    'connect-timeout-ms': fc.constantFrom('1', '1000', 'x', ''),
    'grpc-timeout': fc.constantFrom('1S', '99999999H', 'x'),
    'connect-protocol-version': fc.constantFrom('1', '2'),
    'x-request-id': fc.constantFrom('a', 'ü', 'x'.repeat(200)),
  },
  { requiredKeys: [] },
);

it('is answered in the shape that was spoken', async () => {
  const requests = fc.record({
    path: fc.constantFrom(...SERVED.map(({ path }) => path)),
    type: contentType,
    body: fc.oneof(bytes, framed),
    headers,
    isText: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(requests, async ({ path, type, body, headers, isText }) => {
      const response = await fetch(`${bed.url}/${path}`, {
        method: 'POST',
        headers: { ...basicHeader('acme'), ...headers, 'content-type': type },
        body: isText ? body.toString('base64') : new Uint8Array(body),
      });
      const answer = Buffer.from(await response.arrayBuffer());
      const spoken = spokenOf(type);
      expect([200, 400, 401, 403, 404, 409, 429, 504]).toContain(response.status);
      if (spoken?.protocol === 'connect') {
        const isJson = response.headers.get('content-type') === 'application/json';
        expect(isJson || response.status === 200).toBe(true);
        expect(isJson ? typeof JSON.parse(answer.toString()) : 'object').toBe('object');
      } else {
        const frames = spoken?.isText === true ? Buffer.from(answer.toString(), 'base64') : answer;
        expect(response.status).toBe(200);
        expect(frames.toString('latin1')).toMatch(/grpc-status: (0|3|4|5|6|7|8|9|16)\r\n/);
      }
    }),
    { numRuns: 600 },
  );
  expect(bed.tape.lines.filter(({ code }) => code === 'internal')).toEqual([]);
}, 120_000);
