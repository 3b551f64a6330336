/** How a failure reads in Kii's words. Where its own answer is not known, the name is from the JS SDK's table or in its style. */
import type { Answer } from '../answer.ts';
import type { Failure, FailureCode } from '../failure.ts';
import { kiiBody, kiiHeaders } from './headers.ts';

interface KiiError {
  readonly errorCode: string;
  /** RFC 6749 section 5.2, for clients that know no Kii. */
  readonly error: string;
  /** Where it is not the one that other dialects answer. */
  readonly status?: number;
}

/** All that is wrong with a grant or with the form of the request; clients take it to mean that the login failed. */
const INVALID_GRANT: KiiError = { errorCode: 'invalid_grant', error: 'invalid_grant', status: 400 };
const TOO_MANY: KiiError = { errorCode: 'TOO_MANY_REQUESTS', error: 'temporarily_unavailable' };
const UNAVAILABLE: KiiError = { errorCode: 'SERVICE_UNAVAILABLE', error: 'temporarily_unavailable' };
const NOT_ALLOWED: KiiError = { errorCode: 'OPERATION_NOT_ALLOWED', error: 'invalid_request' };
const UNAUTHORIZED: KiiError = { errorCode: 'UNAUTHORIZED', error: 'invalid_client' };

const KII_ERRORS = {
  invalid_argument: INVALID_GRANT,
  invalid_credentials: INVALID_GRANT,
  login_locked: INVALID_GRANT,
  invalid_refresh_token: INVALID_GRANT,
  expire_time_out_of_range: INVALID_GRANT,
  scope_not_allowed: INVALID_GRANT,
  malformed_request: INVALID_GRANT,
  unsupported_media_type: INVALID_GRANT,
  unsupported_grant_type: { errorCode: 'unsupported_grant_type', error: 'unsupported_grant_type' },
  caller_unauthenticated: UNAUTHORIZED,
  tenant_not_named: UNAUTHORIZED,
  tenant_not_found: { errorCode: 'APP_NOT_FOUND', error: 'invalid_client' },
  tenant_disabled: { errorCode: 'APP_DISABLED', error: 'invalid_client' },
  permission_denied: { errorCode: 'OPERATION_NOT_SUPPORTED', error: 'unauthorized_client' },
  route_not_found: { errorCode: 'NOT_FOUND', error: 'invalid_request' },
  not_found: { errorCode: 'NOT_FOUND', error: 'invalid_request' },
  method_not_allowed: { errorCode: 'METHOD_NOT_ALLOWED', error: 'invalid_request' },
  request_id_reused: NOT_ALLOWED,
  already_exists: NOT_ALLOWED,
  precondition_failed: { errorCode: 'INVALID_ACCOUNT_STATUS', error: 'invalid_request' },
  invalid_code: { errorCode: 'INVALID_VERIFICATION_CODE', error: 'invalid_request' },
  token_unproven: { errorCode: 'INVALID_ACCOUNT_STATUS', error: 'invalid_request' },
  code_expired: { errorCode: 'PIN_CODE_EXPIRED', error: 'invalid_request' },
  too_many_codes: TOO_MANY,
  // Of the standard endpoints: nothing of Kii's leads to them.
  invalid_grant: INVALID_GRANT,
  unauthorized_client: INVALID_GRANT,
  invalid_target: INVALID_GRANT,
  authorization_pending: INVALID_GRANT,
  slow_down: INVALID_GRANT,
  access_denied: INVALID_GRANT,
  expired_token: INVALID_GRANT,
  body_too_large: { errorCode: 'REQUEST_TOO_LARGE', error: 'invalid_request' },
  overloaded: TOO_MANY,
  too_many_failed_logins: TOO_MANY,
  store_unavailable: UNAVAILABLE,
  store_full: UNAVAILABLE,
  revision_not_reached: UNAVAILABLE,
  // Of streams, which Kii has none of.
  position_lost: NOT_ALLOWED,
  watcher_too_slow: NOT_ALLOWED,
  watcher_replaced: NOT_ALLOWED,
  draining: UNAVAILABLE,
  deadline_exceeded: { errorCode: 'REQUEST_TIMEOUT', error: 'temporarily_unavailable' },
  internal: { errorCode: 'UNDEFINED_ERROR', error: 'server_error' },
} as const satisfies Record<FailureCode, KiiError>;

/** Three keys and no more: a `message` beside them changes what the SDKs report. */
export function kiiFailure({ code, message, status, headers }: Failure): Answer {
  const kii: KiiError = KII_ERRORS[code];
  const kiiStatus = kii.status ?? status;
  return {
    status: kiiStatus,
    headers: { ...kiiHeaders(kiiStatus), ...headers },
    body: kiiBody({ errorCode: kii.errorCode, error_description: message, error: kii.error }),
  };
}
