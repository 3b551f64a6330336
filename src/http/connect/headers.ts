/** What a browser needs to let a page of another origin call, and what every answer says. */
import type { FastifyCorsOptions } from '@fastify/cors';

/** What a page may read besides what it always may. */
const EXPOSED_HEADERS = 'X-Request-Id, Retry-After, Grpc-Status, Grpc-Message, Grpc-Status-Details-Bin';
/** For how long a browser need not ask again: the most that Chromium honours. */
const PREFLIGHT_MAX_AGE_S = 7_200;

/**
 * Any origin, and the headers that it asks for: no cookie and nothing else that a browser adds by itself is read here, so a page can do
 * no more than what the page itself knows.
 */
export const CORS: FastifyCorsOptions = {
  origin: '*',
  methods: ['POST'],
  exposedHeaders: EXPOSED_HEADERS,
  maxAge: PREFLIGHT_MAX_AGE_S,
  // An OPTIONS that is not a browser's preflight is answered too.
  strictPreflight: false,
};

/** Also where a request is refused before CORS is looked at: a page could else not read why. */
export function headersOf(contentType: string): Record<string, string> {
  return {
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Expose-Headers': EXPOSED_HEADERS,
    'Cache-Control': 'no-store',
    'Content-Type': contentType,
  };
}
