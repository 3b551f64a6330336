/** What clients find out by themselves (RFC 8414), and what browsers may ask (CORS). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../../src/http/pages/texts/languages.ts';
import { make, openMemoryTestBed } from '../../support.ts';
import { basic, INTROSPECT, type OAuthBed, openOAuthBed, post, REVOKE, TOKEN } from './bed.ts';

let bed: OAuthBed;

beforeAll(async () => {
  bed = await openOAuthBed({ open: openMemoryTestBed });
});

afterAll(() => bed.close());

const WELL_KNOWN = '/.well-known/oauth-authorization-server';

// biome-ignore lint/suspicious/noExplicitAny: as a test looks into it
type Metadata = Record<string, any>;

async function metadataAt(at: OAuthBed, path: string) {
  const response = await fetch(at.url + path);
  return { status: response.status, headers: response.headers, json: (await response.json()) as Metadata };
}

describe('the metadata', () => {
  it.each([
    [WELL_KNOWN, ''],
    [`${WELL_KNOWN}/t/acme`, '/t/acme'],
    [`${WELL_KNOWN}/t/other`, '/t/other'],
    [`/t/acme${WELL_KNOWN}`, '/t/acme'],
  ])('at %s names the issuer that it belongs to', async (path, issuer) => {
    const { status, headers, json } = await metadataAt(bed, path);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json;charset=UTF-8');
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(json.issuer).toBe(bed.url + issuer);
    for (const [name, value] of Object.entries(json).filter(([key]) => key.endsWith('_endpoint'))) {
      expect(value, name).toMatch(new RegExp(`^${bed.url}${issuer}/oauth2/[a-z_]+$`));
    }
  });

  it('names endpoints that are there', async () => {
    for (const path of [WELL_KNOWN, `${WELL_KNOWN}/t/acme`]) {
      const { json } = await metadataAt(bed, path);
      const endpoints = Object.entries(json).filter(([key]) => key.endsWith('_endpoint'));
      expect(endpoints.length).toBeGreaterThan(2);
      for (const [name, url] of endpoints.filter(([key]) => key !== 'authorization_endpoint')) {
        const response = await fetch(url as string, { method: 'GET' });
        expect([name, response.status, response.headers.get('allow')]).toEqual([name, 405, 'POST, OPTIONS']);
      }
    }
  });

  it('has the public address where the operator said one', async () => {
    await using own = await openOAuthBed({ open: openMemoryTestBed, publicUrl: 'https://login.example' });
    expect((await metadataAt(own, WELL_KNOWN)).json.issuer).toBe('https://login.example');
    expect((await metadataAt(own, `${WELL_KNOWN}/t/other`)).json.issuer).toBe('https://login.example/t/other');
  });

  it('has no line without a value', async () => {
    const { json } = await metadataAt(bed, WELL_KNOWN);
    // RFC 8414 section 3.2: claims with zero elements must be left out.
    const empty = Object.entries(json).filter(([, value]) => Array.isArray(value) && value.length === 0);
    expect(empty).toEqual([]);
  });

  it('names the languages of the pages', async () => {
    const { json } = await metadataAt(bed, WELL_KNOWN);
    expect(json.ui_locales_supported).toEqual(LANGUAGES.map(({ tag }) => tag));
  });

  it('says that answers name the issuer', async () => {
    const { json } = await metadataAt(bed, WELL_KNOWN);
    expect(json.authorization_response_iss_parameter_supported).toBe(true);
    expect(json.code_challenge_methods_supported).toEqual(['S256']);
    expect(json.response_types_supported).toEqual(['code', 'token']);
  });
});

it.each([
  `${WELL_KNOWN}/t/nothing`,
  `${WELL_KNOWN}/t/UPPER`,
  `/t/nothing${WELL_KNOWN}`,
  `${WELL_KNOWN}/x`,
  '/.well-known/openid-configuration',
  '/t/acme/.well-known/openid-configuration',
  '/t/acme/oauth2/nothing',
  '/t/acme/nothing',
])('%s is 404 in JSON', async (path) => {
  const { status, json } = await metadataAt(bed, path);
  expect([status, typeof json.error]).toEqual([404, 'string']);
});

it('is 404 where a tenant is disabled, as every endpoint is', async () => {
  await using own = await openOAuthBed({ open: openMemoryTestBed });
  await make(own.store, {
    kind: 'cut_off',
    tenantId: 'acme',
    target: { kind: 'tenant', id: 'acme' },
    cause: 'disabled',
  });
  expect((await metadataAt(own, WELL_KNOWN)).status).toBe(404);
  expect((await metadataAt(own, `${WELL_KNOWN}/t/acme`)).status).toBe(404);
  for (const path of [TOKEN, REVOKE, INTROSPECT]) {
    const { status, json } = await post(own, path, { token: 'x' }, basic(own, 'gate'));
    expect([status, json.error]).toEqual([404, 'invalid_request']);
  }
});

describe('a page of another origin', () => {
  const preflight = (path: string) =>
    fetch(bed.url + path, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://page.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    });

  it.each(['/t/acme/oauth2/token', '/t/acme/oauth2/revoke', '/oauth2/token'])('may call %s', async (path) => {
    const { status, headers } = await preflight(path);
    expect([status, headers.get('access-control-allow-origin')]).toEqual([204, '*']);
    expect(headers.get('access-control-allow-headers')).toBe('authorization,content-type');
    expect(headers.get('access-control-allow-credentials')).toBeNull();
    const refused = await fetch(bed.url + path, { method: 'POST', headers: { origin: 'https://page.example' } });
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([400, '*']);
  });

  it('may not introspect', async () => {
    const { headers } = await preflight('/t/acme/oauth2/introspect');
    expect(headers.get('access-control-allow-methods')).toBeNull();
  });
});

describe('a method that an endpoint has not', () => {
  it.each(['GET', 'PUT', 'DELETE', 'PATCH', 'HEAD'])('%s is 405 with Allow', async (method) => {
    for (const name of ['token', 'introspect', 'revoke']) {
      const { status, headers } = await fetch(`${bed.url}/t/acme/oauth2/${name}`, { method });
      expect([status, headers.get('allow')]).toEqual([405, 'POST, OPTIONS']);
    }
  });

  it('is told by OPTIONS', async () => {
    const { status, headers } = await fetch(`${bed.url}/t/acme/oauth2/introspect`, { method: 'OPTIONS' });
    expect([status, headers.get('allow')]).toEqual([204, 'POST, OPTIONS']);
  });
});
