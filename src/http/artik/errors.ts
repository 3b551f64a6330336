/** How failures read in ARTIK's words. The accounts paths have RFC 6749's strings, and those below /v1.1 an object with a code. */
import { type ErrorCode, SymbolonError } from '../../core/errors.ts';
import type { Answer } from '../answer.ts';
import type { Failure, FailureCode } from '../failure.ts';
import { JSON_HEADERS } from './answers.ts';

/** Which of the two shapes a path has. */
export type Shape = 'accounts' | 'api';

/** What ARTIK calls it: a word of RFC 6749, or a number below /v1.1. */
interface ArtikWords {
  readonly status: number;
  readonly error: string;
  readonly code: number | string;
}

const ROWS = {
  invalid_request: { status: 400, error: 'invalid_request', code: 400 },
  unauthorized_client: { status: 400, error: 'unauthorized_client', code: 400 },
  invalid_client: { status: 401, error: 'invalid_client', code: 401 },
  invalid_grant: { status: 400, error: 'invalid_grant', code: 400 },
  unsupported_grant_type: { status: 400, error: 'unsupported_grant_type', code: 400 },
  /** Recorded in 2016: with a word for a code. */
  only_implicit: { status: 400, error: 'invalid_request', code: 'invalid_request' },
  validation: { status: 400, error: 'invalid_request', code: 4001 },
  unauthorized: { status: 401, error: 'invalid_token', code: 401 },
  forbidden: { status: 403, error: 'access_denied', code: 403 },
  not_found: { status: 404, error: 'invalid_request', code: 404 },
  no_such_user: { status: 404, error: 'invalid_request', code: 1201 },
} as const satisfies Record<string, ArtikWords>;

/** For the log and the counts: the core's word. */
const CORE_CODES = {
  invalid_request: 'invalid_argument',
  unauthorized_client: 'permission_denied',
  invalid_client: 'caller_unauthenticated',
  invalid_grant: 'invalid_credentials',
  unsupported_grant_type: 'invalid_argument',
  only_implicit: 'permission_denied',
  validation: 'invalid_argument',
  unauthorized: 'caller_unauthenticated',
  forbidden: 'permission_denied',
  not_found: 'not_found',
  no_such_user: 'not_found',
} as const satisfies Record<keyof typeof ROWS, ErrorCode>;

/** A refusal in ARTIK's words. */
export class ArtikError extends SymbolonError {
  readonly words: ArtikWords;

  constructor(row: keyof typeof ROWS, message: string) {
    super(CORE_CODES[row], message);
    this.words = ROWS[row];
  }
}

export function unauthorized(): ArtikError {
  return new ArtikError('unauthorized', 'Please provide a valid authorization header');
}

export function invalid(message: string): ArtikError {
  return new ArtikError('invalid_request', message);
}

export function notFound(): ArtikError {
  return new ArtikError('not_found', 'Not Found');
}

/** Where a code of the core is not `invalid_request` at the accounts paths. */
const ERRORS: Readonly<Partial<Record<FailureCode | string, string>>> = {
  caller_unauthenticated: 'invalid_client',
  permission_denied: 'unauthorized_client',
  unauthorized_client: 'unauthorized_client',
  invalid_credentials: 'invalid_grant',
  invalid_grant: 'invalid_grant',
  invalid_refresh_token: 'invalid_grant',
  scope_not_allowed: 'invalid_scope',
  unsupported_grant_type: 'unsupported_grant_type',
  authorization_pending: 'authorization_pending',
  slow_down: 'slow_down',
  access_denied: 'access_denied',
  expired_token: 'expired_token',
  overloaded: 'temporarily_unavailable',
  too_many_failed_logins: 'temporarily_unavailable',
  store_unavailable: 'temporarily_unavailable',
  store_full: 'temporarily_unavailable',
  deadline_exceeded: 'temporarily_unavailable',
  draining: 'temporarily_unavailable',
  internal: 'server_error',
};

/** All that is wrong with a grant is 400 at the token endpoint, whatever the core's own status is. */
const GRANT_ERRORS: readonly string[] = [
  'invalid_grant',
  'invalid_request',
  'unauthorized_client',
  'authorization_pending',
  'slow_down',
  'access_denied',
  'expired_token',
  'invalid_scope',
];

export function artikFailure(shape: Shape) {
  return (failure: Failure, thrown?: unknown): Answer => {
    const words = thrown instanceof ArtikError ? thrown.words : wordsOf(failure, shape);
    const { 'WWW-Authenticate': challenge, ...headers } = failure.headers;
    // A browser must not ask the visitor of a page for a secret: who sent none is not challenged at the accounts paths.
    const asked = words.status === 401 && shape === 'accounts' && challenge ? { 'WWW-Authenticate': challenge } : {};
    return {
      status: words.status,
      headers: { ...JSON_HEADERS, ...headers, ...asked },
      body: JSON.stringify(bodyOf(shape, words, failure.message)),
    };
  };
}

function bodyOf(shape: Shape, { error, code }: ArtikWords, message: string): object {
  return shape === 'accounts' ? { error, error_description: message } : { error: { code, message } };
}

function wordsOf({ code, status }: Failure, shape: Shape): ArtikWords {
  const error = ERRORS[code] ?? (status >= 500 ? 'server_error' : 'invalid_request');
  const isOfGrant = shape === 'accounts' && GRANT_ERRORS.includes(error) && (status === 401 || status === 403);
  return { status: isOfGrant ? 400 : status, error, code: status };
}
