/** Whatever is sent: an answer in JSON, never a fault of the server, and nothing of what was sent in it. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openMemoryTestBed } from '../../support.ts';
import { basic, FORM, type OAuthBed, openOAuthBed } from './bed.ts';

let bed: OAuthBed;

beforeAll(async () => {
  bed = await openOAuthBed({ open: openMemoryTestBed });
});

afterAll(() => bed.close());

const NAMES = [
  ...[
    'grant_type',
    'client_id',
    'client_secret',
    'scope',
    'resource',
    'refresh_token',
    'username',
    'password',
    'token',
  ],
  ...['token_type_hint', 'code', 'code_verifier', 'redirect_uri', 'device_code', 'mfa_token', 'otp', 'recovery_code'],
];
const MARKUP = '<script>alert(1)</script>';
const GRANT_TYPES = [
  ...['client_credentials', 'refresh_token', 'password', 'authorization_code', 'implicit'],
  ...['urn:ietf:params:oauth:grant-type:device_code', 'urn:symbolon:grant-type:second-factor'],
];

const value = fc.oneof(
  fc.constantFrom(...GRANT_TYPES, 'app', 'page', 'ann', 'read', 'read write', '', '\0', MARKUP, 'https://api.example'),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('a', 'x').map((letter) => letter.repeat(5_000)),
);
const pair = fc.tuple(fc.oneof(fc.constantFrom(...NAMES), fc.string({ maxLength: 20 })), value);
const escaped = fc.array(pair, { maxLength: 12 }).map((pairs) => new URLSearchParams(pairs).toString());
const body = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom(...GRANT_TYPES), escaped)
      .map(([g, rest]) => `grant_type=${encodeURIComponent(g)}&${rest}`),
  },
  { weight: 2, arbitrary: escaped },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
);
const path = fc.constantFrom(
  ...['/t/acme/oauth2/token', '/t/acme/oauth2/introspect', '/t/acme/oauth2/revoke', '/oauth2/token'],
  '/t/acme/oauth2/device_authorization',
  ...['/t/nothing/oauth2/token', `/t/${encodeURIComponent(MARKUP)}/oauth2/token`, '/t/acme/oauth2/nothing'],
);
const query = fc.constantFrom('', '', '', '?', '?client_secret=x', `?x=${MARKUP}`, '?%');
const type = fc.constantFrom(FORM, FORM, FORM, FORM, 'application/json', 'text/html', 'x', '');
const authorization = fc.oneof(
  fc.constantFrom('', '', 'Basic', 'Basic !', 'Bearer x', 'Bearer', 'Digest x'),
  fc.constantFrom('app', 'page', 'bare', 'gate', 'boss', 'stranger'),
  fc.string({ maxLength: 30 }).map((text) => `Basic ${Buffer.from(text).toString('base64')}`),
);

const STATUSES = [200, 400, 401, 403, 404, 405, 413, 415, 429];

it('is answered in JSON and without markup', async () => {
  const requests = fc.record({
    path,
    query,
    body,
    type,
    authorization,
    method: fc.constantFrom('POST', 'POST', 'POST', 'GET'),
  });
  await fc.assert(
    fc.asyncProperty(requests, async (asked) => {
      const header = bed.secrets.has(asked.authorization)
        ? basic(bed, asked.authorization).authorization
        : asked.authorization;
      const response = await fetch(bed.url + asked.path + asked.query, {
        method: asked.method,
        redirect: 'manual',
        headers: {
          ...(asked.type === '' ? {} : { 'content-type': asked.type }),
          ...(header ? { authorization: header } : {}),
        },
        ...(asked.method === 'GET' ? {} : { body: Buffer.from(asked.body) }),
      });
      const text = await response.text();
      expect(STATUSES).toContain(response.status);
      expect(response.headers.get('content-type')).toBe('application/json;charset=UTF-8');
      const json = JSON.parse(text);
      expect(text).not.toContain('<');
      if (response.status !== 200) {
        expect(json.error).toMatch(/^[a-z_]+$/);
        // RFC 6749 section 5.2.
        expect(json.error_description).toMatch(/^[\x20-\x21\x23-\x5B\x5D-\x7E]+$/);
      }
    }),
    { numRuns: 500 },
  );
});
