/** What a browser asks before it lets a page call, and what it lets the page read (the Fetch standard, "CORS protocol"). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SERVED } from '../../../src/http/connect/served.ts';
import { basicHeader, type ConnectBed, METHODS, openConnectBed } from './doors.ts';

let bed: ConnectBed;

beforeAll(async () => {
  bed = await openConnectBed();
});

afterAll(() => bed.close());

/** What connect-web sends besides what a page may always send. */
const ASKED =
  'authorization,connect-protocol-version,connect-timeout-ms,content-type,grpc-timeout,x-grpc-web,x-user-agent';

function preflight(path: string, headers: Record<string, string> = {}) {
  return fetch(`${bed.url}/${path}`, {
    method: 'OPTIONS',
    headers: {
      origin: 'https://page.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': ASKED,
      ...headers,
    },
  });
}

describe('a preflight', () => {
  // Of what is not served too, so that a page is told so.
  it.each([...METHODS.keys(), 'symbolon.v1.Nothing/Issue'])('lets any page call %s', async (path) => {
    const { status, headers } = await preflight(path);
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('access-control-allow-methods')).toBe('POST');
    expect(headers.get('access-control-allow-headers')).toBe(ASKED);
    expect(headers.get('access-control-max-age')).toBe('7200');
    // Cookies and certificates open nothing here.
    expect(headers.get('access-control-allow-credentials')).toBeNull();
  });

  it('is not what every OPTIONS is', async () => {
    const response = await fetch(`${bed.url}/${SERVED[0]?.path}`, { method: 'OPTIONS' });
    expect([response.status, response.headers.get('allow')]).toEqual([204, 'POST, OPTIONS']);
  });
});

describe('an answer', () => {
  const outcomes: [string, string, RequestInit][] = [
    ['a login', 'Issue', { headers: basicHeader('acme'), body: '{"anonymous":{"clientId":"acme"}}' }],
    ['a refusal', 'Issue', { headers: basicHeader('acme'), body: '{' }],
    ['a nobody', 'Issue', { body: '{}' }],
    ['no method', 'Nothing', { body: '{}' }],
    ['another method of HTTP', 'Issue', { method: 'PUT', body: '{}' }],
    ['another type', 'Issue', { headers: { 'content-type': 'text/plain' }, body: '{}' }],
    ['too much', 'Issue', { headers: basicHeader('acme'), body: 'x'.repeat(300_000) }],
  ];

  it.each(outcomes)('to %s can be read by the page', async (_what, name, init) => {
    for (const type of ['application/json', 'application/grpc-web+proto']) {
      const headers = { origin: 'https://page.example', 'content-type': type, ...(init.headers as object) };
      const response = await fetch(`${bed.url}/symbolon.v1.TokenService/${name}`, { method: 'POST', ...init, headers });
      await response.text();
      expect(response.headers.get('access-control-allow-origin')).toBe('*');
      const exposed = response.headers.get('access-control-expose-headers')?.toLowerCase().split(', ');
      expect(exposed).toEqual(
        expect.arrayContaining(['x-request-id', 'grpc-status', 'grpc-message', 'grpc-status-details-bin']),
      );
      expect(response.headers.get('cache-control')).toBe('no-store');
    }
  });
});
