/** The headers of every answer, and what lets pages of other origins call. */
import type { FastifyCorsOptions } from '@fastify/cors';
import type { Answer } from '../answer.ts';

const EXPOSED_HEADERS = 'X-Request-Id, Retry-After, WWW-Authenticate';
/** For how long a browser need not ask again: the most that Chromium honours. */
const PREFLIGHT_MAX_AGE_S = 7_200;

/** Any origin and the headers that it asks for: no cookie is read here, so a page can do no more than what it knows itself. */
export const CORS: FastifyCorsOptions = {
  origin: '*',
  methods: ['GET', 'POST'],
  exposedHeaders: EXPOSED_HEADERS,
  maxAge: PREFLIGHT_MAX_AGE_S,
  // An OPTIONS that is not a browser's preflight is answered too.
  strictPreflight: false,
};

/** RFC 6749 section 5.1. */
export const JSON_HEADERS: Readonly<Record<string, string>> = {
  'Content-Type': 'application/json;charset=UTF-8',
  'Cache-Control': 'no-store',
  Pragma: 'no-cache',
};

/** Also where a request is refused before CORS is looked at: a page could else not read why. */
export const CORS_HEADERS: Readonly<Record<string, string>> = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': EXPOSED_HEADERS,
};

export function answerOf(body: object): Answer {
  return { status: 200, headers: JSON_HEADERS, body: JSON.stringify(body) };
}

/** RFC 7009 section 2.2: what is in the body is ignored. */
export const DONE: Answer = { status: 200, headers: JSON_HEADERS, body: '{}' };
