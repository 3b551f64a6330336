/** The headers of every answer, as the live service sent them in 2018. */
import type { FastifyCorsOptions } from '@fastify/cors';

const EXPOSED_HEADERS =
  'Content-Type, Authorization, Content-Length, X-Requested-With, ETag, X-Step-Count, X-Environment-version, X-HTTP-Status-Code';

/** For how long a browser need not ask again: the most that Chromium honours. */
const PREFLIGHT_MAX_AGE_S = 7_200;

/** Any origin and any header: what opens something here is in the body, and no cookie is read. */
export const CORS: FastifyCorsOptions = {
  origin: '*',
  methods: ['POST', 'GET', 'PUT', 'PATCH', 'DELETE'],
  exposedHeaders: EXPOSED_HEADERS,
  maxAge: PREFLIGHT_MAX_AGE_S,
  // An OPTIONS that is no browser's preflight is answered too.
  strictPreflight: false,
};

export function kiiHeaders(status: number): Record<string, string> {
  return {
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Expose-Headers': EXPOSED_HEADERS,
    'Cache-Control': 'max-age=0, no-cache, no-store, no-cache, no-store',
    'Content-Type': 'application/json;charset=UTF-8',
    'X-HTTP-Status-Code': String(status),
  };
}

/** The JS SDK puts bodies through `decodeURIComponent`, which a bare percent sign breaks. */
export function kiiBody(body: object): string {
  return JSON.stringify(body).replaceAll('%', '\\u0025');
}
