/** The one table: what each error of the core is on gRPC and HTTP. A code that is missing here does not compile. */
import { status } from '@grpc/grpc-js';
import { ErrorReason } from '../../gen/ts/symbolon/v1/error_reason.ts';
import { type ErrorCode, SymbolonError } from '../core/errors.ts';

export interface WireError {
  readonly grpc: status;
  readonly reason: ErrorReason;
  readonly http: number;
}

export const ERROR_TABLE = {
  caller_unauthenticated: { grpc: status.UNAUTHENTICATED, reason: ErrorReason.CALLER_UNAUTHENTICATED, http: 401 },
  permission_denied: { grpc: status.PERMISSION_DENIED, reason: ErrorReason.PERMISSION_DENIED, http: 403 },
  invalid_argument: { grpc: status.INVALID_ARGUMENT, reason: ErrorReason.INVALID_ARGUMENT, http: 400 },
  invalid_credentials: { grpc: status.FAILED_PRECONDITION, reason: ErrorReason.INVALID_CREDENTIALS, http: 400 },
  login_locked: { grpc: status.FAILED_PRECONDITION, reason: ErrorReason.LOGIN_LOCKED, http: 400 },
  invalid_refresh_token: { grpc: status.FAILED_PRECONDITION, reason: ErrorReason.INVALID_REFRESH_TOKEN, http: 400 },
  expire_time_out_of_range: { grpc: status.INVALID_ARGUMENT, reason: ErrorReason.EXPIRE_TIME_OUT_OF_RANGE, http: 400 },
  scope_not_allowed: { grpc: status.INVALID_ARGUMENT, reason: ErrorReason.SCOPE_NOT_ALLOWED, http: 400 },
  request_id_reused: { grpc: status.ALREADY_EXISTS, reason: ErrorReason.REQUEST_ID_REUSED, http: 409 },
  already_exists: { grpc: status.ALREADY_EXISTS, reason: ErrorReason.ALREADY_EXISTS, http: 409 },
  precondition_failed: { grpc: status.FAILED_PRECONDITION, reason: ErrorReason.PRECONDITION_FAILED, http: 400 },
  token_unproven: { grpc: status.FAILED_PRECONDITION, reason: ErrorReason.TOKEN_UNPROVEN, http: 400 },
  invalid_code: { grpc: status.FAILED_PRECONDITION, reason: ErrorReason.INVALID_CODE, http: 403 },
  code_expired: { grpc: status.FAILED_PRECONDITION, reason: ErrorReason.CODE_EXPIRED, http: 410 },
  too_many_codes: { grpc: status.RESOURCE_EXHAUSTED, reason: ErrorReason.TOO_MANY_CODES, http: 429 },
  invalid_grant: { grpc: status.FAILED_PRECONDITION, reason: ErrorReason.INVALID_GRANT, http: 400 },
  unauthorized_client: { grpc: status.PERMISSION_DENIED, reason: ErrorReason.UNAUTHORIZED_CLIENT, http: 400 },
  invalid_target: { grpc: status.INVALID_ARGUMENT, reason: ErrorReason.INVALID_TARGET, http: 400 },
  authorization_pending: { grpc: status.FAILED_PRECONDITION, reason: ErrorReason.AUTHORIZATION_PENDING, http: 400 },
  slow_down: { grpc: status.RESOURCE_EXHAUSTED, reason: ErrorReason.SLOW_DOWN, http: 400 },
  access_denied: { grpc: status.FAILED_PRECONDITION, reason: ErrorReason.ACCESS_DENIED, http: 400 },
  expired_token: { grpc: status.FAILED_PRECONDITION, reason: ErrorReason.EXPIRED_TOKEN, http: 400 },
  not_found: { grpc: status.NOT_FOUND, reason: ErrorReason.NOT_FOUND, http: 404 },
  overloaded: { grpc: status.RESOURCE_EXHAUSTED, reason: ErrorReason.OVERLOADED, http: 429 },
  too_many_failed_logins: { grpc: status.RESOURCE_EXHAUSTED, reason: ErrorReason.TOO_MANY_FAILED_LOGINS, http: 429 },
  store_unavailable: { grpc: status.UNAVAILABLE, reason: ErrorReason.STORE_UNAVAILABLE, http: 503 },
  store_full: { grpc: status.RESOURCE_EXHAUSTED, reason: ErrorReason.STORE_FULL, http: 503 },
  revision_not_reached: { grpc: status.UNAVAILABLE, reason: ErrorReason.REVISION_NOT_REACHED, http: 503 },
  position_lost: { grpc: status.OUT_OF_RANGE, reason: ErrorReason.POSITION_LOST, http: 400 },
  watcher_too_slow: { grpc: status.ABORTED, reason: ErrorReason.WATCHER_TOO_SLOW, http: 409 },
  watcher_replaced: { grpc: status.ABORTED, reason: ErrorReason.WATCHER_REPLACED, http: 409 },
  deadline_exceeded: { grpc: status.DEADLINE_EXCEEDED, reason: ErrorReason.DEADLINE_EXCEEDED, http: 504 },
  internal: { grpc: status.INTERNAL, reason: ErrorReason.INTERNAL, http: 500 },
} as const satisfies Record<ErrorCode, WireError>;

const REASON_NAMES = new Map<ErrorReason, string>(Object.entries(ErrorReason).map(([name, number]) => [number, name]));

/** The name of a reason as ErrorInfo carries it: without the prefix of the enum. */
export function reasonName(reason: ErrorReason): string {
  return REASON_NAMES.get(reason) ?? 'UNSPECIFIED';
}

/** The name of the gRPC status of a call's code: of `ok` and `aborted` too, and UNKNOWN of what is none of the core's. */
export function statusName(code: string): string {
  if (code === 'aborted') {
    return status[status.CANCELLED];
  }
  const known: Readonly<Record<string, WireError>> = ERROR_TABLE;
  return status[code === 'ok' ? status.OK : (known[code]?.grpc ?? status.UNKNOWN)];
}

const MAX_CAUSES = 5;

/** Why something failed, down to what the driver said: for the log alone. */
export function causesOf(cause: unknown): string {
  const texts: string[] = [];
  for (let each = cause; each !== undefined && texts.length < MAX_CAUSES; ) {
    texts.push(String(each));
    each = each instanceof Error ? each.cause : undefined;
  }
  return texts.join(', caused by ');
}

/**
 * What a caller may be told of anything that was thrown. Whatever is not one of ours, and our own internal faults, tell nothing
 * but the id of the request; the cause is for the log.
 */
export function publicError(error: unknown, requestId: string): SymbolonError {
  if (error instanceof SymbolonError && error.code !== 'internal') {
    return error;
  }
  return new SymbolonError('internal', `The server failed; its log knows the request ${requestId}`, { cause: error });
}
