/** How a failure reads at the standard endpoints (RFC 6749 section 5.2), and the one table of what each is there. */
import { type ErrorCode, SymbolonError } from '../../core/errors.ts';
import type { Answer } from '../answer.ts';
import type { FailedRequest } from '../dialect.ts';
import type { Failure } from '../failure.ts';
import { CORS_HEADERS, JSON_HEADERS } from './headers.ts';

interface Row {
  readonly status: number;
  /** For the log. */
  readonly code: ErrorCode;
  /** Where it is not the name. */
  readonly error?: string;
}

/** What is refused here, before the core is asked. */
const REFUSALS = {
  invalid_request: { status: 400, code: 'invalid_argument' },
  invalid_client: { status: 401, code: 'caller_unauthenticated' },
  /** A token of a client that is not good for this (RFC 6750 section 3.1). */
  invalid_token: { status: 401, code: 'permission_denied' },
  invalid_grant: { status: 400, code: 'invalid_credentials' },
  invalid_scope: { status: 400, code: 'scope_not_allowed' },
  invalid_target: { status: 400, code: 'invalid_argument' },
  unauthorized_client: { status: 400, code: 'permission_denied' },
  not_permitted: { status: 403, code: 'permission_denied', error: 'unauthorized_client' },
  unsupported_grant_type: { status: 400, code: 'invalid_argument' },
  /** The password was right: the client goes on with `mfa_token`. */
  mfa_required: { status: 400, code: 'precondition_failed' },
} as const satisfies Record<string, Row>;

type Refusal = keyof typeof REFUSALS;

/** A refusal in the words of the standard. */
export class OAuthError extends SymbolonError {
  readonly refusal: Refusal;
  /** Members beside `error` and `error_description`. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(
    refusal: Refusal,
    message: string,
    members: Readonly<Record<string, unknown>> = {},
    code: ErrorCode = REFUSALS[refusal].code,
  ) {
    super(code, message);
    this.refusal = refusal;
    this.members = members;
  }
}

const REQUEST = 'invalid_request';
const GRANT = 'invalid_grant';
const LATER = 'temporarily_unavailable';

/** What the core and the server refuse. What is not here is `invalid_request`. */
const ERRORS: Readonly<Record<string, string>> = {
  caller_unauthenticated: 'invalid_client',
  permission_denied: 'unauthorized_client',
  invalid_credentials: GRANT,
  invalid_grant: GRANT,
  invalid_refresh_token: GRANT,
  login_locked: GRANT,
  precondition_failed: GRANT,
  token_unproven: REQUEST,
  scope_not_allowed: 'invalid_scope',
  invalid_target: 'invalid_target',
  unauthorized_client: 'unauthorized_client',
  unsupported_grant_type: 'unsupported_grant_type',
  // RFC 8628 section 3.5.
  authorization_pending: 'authorization_pending',
  slow_down: 'slow_down',
  access_denied: 'access_denied',
  expired_token: 'expired_token',
  overloaded: LATER,
  too_many_failed_logins: LATER,
  store_unavailable: LATER,
  store_full: LATER,
  revision_not_reached: LATER,
  deadline_exceeded: LATER,
  draining: LATER,
  internal: 'server_error',
};

/** As a route writes it. */
export function oauthFailure(failure: Failure, thrown: unknown, request: FailedRequest): Answer {
  if (!(thrown instanceof OAuthError)) {
    return standardFailure(failure, request);
  }
  const { refusal, message, members } = thrown;
  const { status, error = refusal }: Row = REFUSALS[refusal];
  const challenge = refusal === 'invalid_token' ? BEARER : isBasic(request) ? BASIC : {};
  return failureAnswer(failure, { status, error, message, members, challenge: status === 401 ? challenge : {} });
}

/** Of what no route was found for, too. */
export function standardFailure(failure: Failure, request: FailedRequest): Answer {
  const { status, code, message } = failure;
  if (status === 401 && /^bearer/i.test(request.headers.authorization ?? '')) {
    return failureAnswer(failure, { status, error: 'invalid_token', message, challenge: BEARER });
  }
  const challenge = status === 401 && isBasic(request) ? BASIC : {};
  return failureAnswer(failure, { status, error: ERRORS[code] ?? REQUEST, message, challenge });
}

type Challenge = Readonly<Record<string, string>>;

const BASIC: Challenge = { 'WWW-Authenticate': 'Basic realm="symbolon", charset="UTF-8"' };
const BEARER: Challenge = { 'WWW-Authenticate': 'Bearer realm="symbolon", error="invalid_token"' };

/**
 * Who used the header is challenged by its scheme, which is a MUST (RFC 6749 section 5.2). Others are not: a browser would ask the visitor
 * of a page for the secret of a client.
 */
function isBasic({ headers }: FailedRequest): boolean {
  return headers.authorization !== undefined;
}

interface Told {
  readonly status: number;
  readonly error: string;
  readonly message: string;
  readonly challenge: Challenge;
  readonly members?: Readonly<Record<string, unknown>>;
}

function failureAnswer(failure: Failure, { status, error, message, challenge, members = {} }: Told): Answer {
  const { 'WWW-Authenticate': _, ...headers } = failure.headers;
  return {
    status,
    headers: { ...JSON_HEADERS, ...CORS_HEADERS, ...headers, ...challenge },
    body: JSON.stringify({ error, error_description: inAscii(message), ...members }),
  };
}

/** RFC 6749 section 5.2 allows no other characters in a description. */
function inAscii(message: string): string {
  return message.replaceAll('’', "'").replace(/[^\x20-\x21\x23-\x5B\x5D-\x7E]/g, "'");
}
