/** Why a request failed, in the core's words and a few of HTTP's own. Each dialect has a table that says how it writes them. */
import type { FastifyError } from 'fastify';
import { ERROR_TABLE, publicError } from '../calls/errors.ts';
import type { ErrorCode, SymbolonError } from '../core/errors.ts';

/** What the core never sees, because it ends before an operation begins. */
const HTTP_STATUS = {
  malformed_request: 400,
  unsupported_grant_type: 400,
  tenant_not_named: 401,
  tenant_disabled: 403,
  tenant_not_found: 404,
  route_not_found: 404,
  method_not_allowed: 405,
  body_too_large: 413,
  unsupported_media_type: 415,
  draining: 503,
} as const;

export type HttpCode = keyof typeof HTTP_STATUS;
export type FailureCode = ErrorCode | HttpCode;

export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly code: HttpCode;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: HttpCode, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.code = code;
    this.headers = headers;
  }
}

/** `about` and `endedBy` are for dialects that tell them. */
export interface Failure extends Partial<Pick<SymbolonError, 'about' | 'endedBy'>> {
  readonly code: FailureCode;
  readonly status: number;
  /** For people; holds no secret and no driver text. */
  readonly message: string;
  readonly headers: Readonly<Record<string, string>>;
  /** When repeating helps. */
  readonly retryAfterMs: number | undefined;
  /** For the log. */
  readonly cause: unknown;
}

/** Fastify's own refusals, in words of ours: its messages may quote the request. */
const FRAMEWORK_ERRORS: ReadonlyMap<string, HttpError> = new Map([
  [
    'FST_ERR_CTP_INVALID_MEDIA_TYPE',
    new HttpError('unsupported_media_type', 'The Content-Type is not supported. Send application/json'),
  ],
  [
    'FST_ERR_CTP_INVALID_CONTENT_LENGTH',
    new HttpError('malformed_request', 'The body is not as long as Content-Length says'),
  ],
  ['FST_ERR_ROUTE_MISSING_CONTENT_TYPE', new HttpError('malformed_request', 'The Content-Type header is missing')],
  ['FST_ERR_BAD_URL', new HttpError('malformed_request', 'The path is not a valid URL')],
]);

const BODY_LOST = new HttpError('malformed_request', 'The body did not arrive. Repeat the request');

const DEFAULT_RETRY_AFTER_MS = 1_000;
const KIB = 1_024;

/** What a caller may be told of anything that was thrown. `maxBody`: how many bytes the route takes. */
export function failureOf(thrown: unknown, requestId: string, maxBody: number): Failure {
  const error = frameworkError(thrown, maxBody) ?? thrown;
  if (error instanceof HttpError) {
    const { code, message } = error;
    const status = HTTP_STATUS[code];
    return {
      code,
      status,
      message,
      headers: { ...standardHeaders(status, undefined), ...error.headers },
      retryAfterMs: undefined,
      cause: undefined,
    };
  }
  const { code, message, retryAfterMs, about, endedBy, cause } = publicError(error, requestId);
  const status = ERROR_TABLE[code].http;
  const headers = standardHeaders(status, retryAfterMs);
  return { code, status, message, headers, retryAfterMs, about, endedBy, cause };
}

function frameworkError(thrown: unknown, maxBody: number): HttpError | undefined {
  const { code, statusCode } = (thrown ?? {}) as Partial<FastifyError>;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return new HttpError('body_too_large', `The body is longer than ${maxBody / KIB} KiB. Send a shorter one`);
  }
  // The client went away while it sent its body; Fastify gives this status to no other error of a socket.
  return code === 'ECONNRESET' && statusCode === 400 ? BODY_LOST : FRAMEWORK_ERRORS.get(code ?? '');
}

/** RFC 9110 sections 10.2.3 and 11.6.1. */
function standardHeaders(status: number, retryAfterMs: number | undefined): Record<string, string> {
  switch (status) {
    case 401:
      return { 'WWW-Authenticate': 'Basic realm="symbolon"' };
    case 429:
    case 503:
      return retryAfter(retryAfterMs ?? DEFAULT_RETRY_AFTER_MS);
    default:
      // A login that is locked, for how long.
      return retryAfterMs === undefined ? {} : retryAfter(retryAfterMs);
  }
}

function retryAfter(ms: number): Record<string, string> {
  return { 'Retry-After': String(Math.max(1, Math.ceil(ms / 1_000))) };
}
