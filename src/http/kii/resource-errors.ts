/** The one table of errors of everything but the token endpoint (docs/kii-wire.md section 3.2), and what becomes one of them. */
import type { ErrorCode } from '../../core/errors.ts';
import { type NamedValue, SymbolonError } from '../../core/errors.ts';
import { MIN_PASSWORD } from '../../core/text/passwords.ts';
import type { Answer } from '../answer.ts';
import type { Failure, FailureCode } from '../failure.ts';
import { kiiBody, kiiHeaders } from './headers.ts';
import { fieldInWords, messageInWords, type Words } from './words.ts';

interface Row {
  readonly status: number;
  /** For the log. */
  readonly code: ErrorCode;
  /** `<Name>` of `application/vnd.kii.<Name>Exception+json`, where it is not the error code in another case. */
  readonly name?: string;
}

const ERRORS = {
  UNAUTHORIZED: { status: 401, code: 'permission_denied', name: 'UnauthorizedAccess' },
  WRONG_TOKEN: { status: 403, code: 'caller_unauthenticated' },
  WRONG_PASSWORD: { status: 401, code: 'invalid_credentials' },
  AUTHENTICATION_FAILED: { status: 401, code: 'login_locked' },
  APP_NOT_FOUND: { status: 404, code: 'not_found' },
  APP_DISABLED: { status: 403, code: 'permission_denied' },
  USER_NOT_FOUND: { status: 404, code: 'not_found' },
  USER_ADDRESS_NOT_FOUND: { status: 404, code: 'not_found', name: 'UserWithoutAddress' },
  THING_NOT_FOUND: { status: 404, code: 'not_found' },
  THING_OWNERSHIP_NOT_FOUND: { status: 404, code: 'not_found' },
  NOT_FOUND: { status: 404, code: 'not_found' },
  USER_ALREADY_EXISTS: { status: 409, code: 'already_exists' },
  THING_ALREADY_EXISTS: { status: 409, code: 'already_exists' },
  THING_OWNERSHIP_ALREADY_EXISTS: { status: 409, code: 'already_exists' },
  INVALID_INPUT_DATA: { status: 400, code: 'invalid_argument', name: 'Validation' },
  INVALID_JSON: { status: 400, code: 'invalid_argument' },
  PASSWORD_TOO_SHORT: { status: 400, code: 'invalid_argument' },
  INVALID_ACCOUNT_STATUS: { status: 400, code: 'precondition_failed' },
  INVALID_VERIFICATION_CODE: { status: 403, code: 'invalid_code' },
  PIN_CODE_EXPIRED: { status: 410, code: 'code_expired', name: 'PINCodeExpired' },
  PHONE_NUMBER_VERIFICATION_CODE_EXPIRED: { status: 410, code: 'code_expired' },
  OPERATION_NOT_SUPPORTED: { status: 403, code: 'permission_denied' },
  OPERATION_NOT_ALLOWED: { status: 409, code: 'already_exists' },
  METHOD_NOT_ALLOWED: { status: 405, code: 'invalid_argument' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, code: 'invalid_argument' },
  REQUEST_TOO_LARGE: { status: 413, code: 'invalid_argument' },
  TOO_MANY_REQUESTS: { status: 429, code: 'overloaded' },
  SERVICE_UNAVAILABLE: { status: 503, code: 'store_unavailable' },
  REQUEST_TIMEOUT: { status: 504, code: 'deadline_exceeded' },
  UNDEFINED_ERROR: { status: 500, code: 'internal' },
} as const satisfies Record<string, Row>;

export type ResourceErrorCode = keyof typeof ERRORS;

/** What is thrown elsewhere, and tells nothing that `inKiiWords` could say better. */
const BY_CODE = {
  invalid_argument: 'INVALID_INPUT_DATA',
  expire_time_out_of_range: 'INVALID_INPUT_DATA',
  scope_not_allowed: 'INVALID_INPUT_DATA',
  malformed_request: 'INVALID_INPUT_DATA',
  unsupported_grant_type: 'INVALID_INPUT_DATA',
  unsupported_media_type: 'UNSUPPORTED_MEDIA_TYPE',
  invalid_credentials: 'WRONG_PASSWORD',
  login_locked: 'AUTHENTICATION_FAILED',
  invalid_refresh_token: 'WRONG_TOKEN',
  caller_unauthenticated: 'UNAUTHORIZED',
  permission_denied: 'UNAUTHORIZED',
  tenant_not_named: 'UNAUTHORIZED',
  tenant_not_found: 'APP_NOT_FOUND',
  tenant_disabled: 'APP_DISABLED',
  route_not_found: 'NOT_FOUND',
  not_found: 'NOT_FOUND',
  method_not_allowed: 'METHOD_NOT_ALLOWED',
  request_id_reused: 'OPERATION_NOT_ALLOWED',
  already_exists: 'OPERATION_NOT_ALLOWED',
  precondition_failed: 'INVALID_ACCOUNT_STATUS',
  invalid_code: 'INVALID_VERIFICATION_CODE',
  code_expired: 'PIN_CODE_EXPIRED',
  // Of the standard endpoints: nothing of Kii's leads to them.
  invalid_grant: 'INVALID_INPUT_DATA',
  unauthorized_client: 'INVALID_INPUT_DATA',
  invalid_target: 'INVALID_INPUT_DATA',
  authorization_pending: 'INVALID_INPUT_DATA',
  slow_down: 'INVALID_INPUT_DATA',
  access_denied: 'INVALID_INPUT_DATA',
  expired_token: 'INVALID_INPUT_DATA',
  too_many_codes: 'TOO_MANY_REQUESTS',
  too_many_failed_logins: 'TOO_MANY_REQUESTS',
  overloaded: 'TOO_MANY_REQUESTS',
  body_too_large: 'REQUEST_TOO_LARGE',
  token_unproven: 'WRONG_TOKEN',
  store_unavailable: 'SERVICE_UNAVAILABLE',
  store_full: 'SERVICE_UNAVAILABLE',
  revision_not_reached: 'SERVICE_UNAVAILABLE',
  // Of streams, which Kii has none of.
  position_lost: 'OPERATION_NOT_ALLOWED',
  watcher_too_slow: 'OPERATION_NOT_ALLOWED',
  watcher_replaced: 'OPERATION_NOT_ALLOWED',
  draining: 'SERVICE_UNAVAILABLE',
  deadline_exceeded: 'REQUEST_TIMEOUT',
  internal: 'UNDEFINED_ERROR',
} as const satisfies Record<FailureCode, ResourceErrorCode>;

/** An error in Kii's words. */
export class ResourceError extends SymbolonError {
  readonly errorCode: ResourceErrorCode;
  /** The keys beside errorCode and message. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(errorCode: ResourceErrorCode, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(ERRORS[errorCode].code, message);
    this.errorCode = errorCode;
    this.details = details;
  }
}

export function invalidInput(field: string, message: string): ResourceError {
  return new ResourceError('INVALID_INPUT_DATA', `There are validation errors: ${message}`, {
    invalidFields: { [field]: message },
  });
}

export function passwordTooShort(): ResourceError {
  const message = `The password has to be at least ${MIN_PASSWORD} characters long`;
  return new ResourceError('PASSWORD_TOO_SHORT', message, { minimumLength: MIN_PASSWORD });
}

/** Who was refused what, as the documented bodies tell it. */
export interface ErrorContext {
  readonly appID: string;
  /** Whose token it was; absent for the app itself. */
  readonly principalID?: string;
}

export function unauthorized({ appID, principalID }: ErrorContext, message: string): ResourceError {
  return new ResourceError('UNAUTHORIZED', message, {
    authenticatedAppID: appID,
    ...(principalID === undefined ? {} : { authenticatedPrincipalID: principalID }),
  });
}

const THING_FIELDS: readonly string[] = ['device_id', 'vendor_id'];

/** What the core threw, with the keys that Kii's documents give to it, and its fields by the names that the request has for them. */
export function inKiiWords(error: unknown, context: ErrorContext, words: Words = {}): unknown {
  if (!(error instanceof SymbolonError) || error instanceof ResourceError) {
    return error;
  }
  const { code, about, retryAfterMs, cause } = error;
  const message = messageInWords(error.message, words);
  switch (code) {
    case 'permission_denied':
      return unauthorized(context, message);
    case 'invalid_argument':
      return about === undefined
        ? new ResourceError('INVALID_INPUT_DATA', message)
        : invalidField(about, message, words);
    case 'not_found':
      return about === undefined ? new ResourceError('NOT_FOUND', message) : notFound(about, context);
    case 'already_exists':
      return about === undefined ? new ResourceError('OPERATION_NOT_ALLOWED', message) : alreadyExists(about, context);
    case 'invalid_credentials':
      return new ResourceError('WRONG_PASSWORD', WRONG_PASSWORD, { appID: context.appID, suppressed: [] });
    case 'precondition_failed':
    case 'invalid_code':
    case 'code_expired':
      return new ResourceError(BY_CODE[code], message, { appID: context.appID });
    default:
      return new SymbolonError(code, message, { about, retryAfterMs, cause });
  }
}

export const WRONG_PASSWORD = 'The provided password is wrong';

function invalidField({ field }: NamedValue, message: string, words: Words): ResourceError {
  return field === 'password' ? passwordTooShort() : invalidInput(fieldInWords(field, words), message);
}

function notFound({ field, value }: NamedValue, { appID }: ErrorContext): ResourceError {
  if (field === 'owner_id') {
    return new ResourceError('THING_OWNERSHIP_NOT_FOUND', 'The user does not own the thing', { appID });
  }
  return THING_FIELDS.includes(field)
    ? notFoundAs('THING_NOT_FOUND', 'Thing', fieldInWords(field), value, appID)
    : notFoundAs('USER_NOT_FOUND', 'User', userField(field), value, appID);
}

/** A user that a token names has no other name. */
function userField(field: string): string {
  const name = fieldInWords(field);
  return name === field ? 'userID' : name;
}

function notFoundAs(
  errorCode: ResourceErrorCode,
  what: string,
  field: string,
  value: string,
  appID: string,
): ResourceError {
  const message = `${what} with ${field} ${value} was not found`;
  return new ResourceError(errorCode, message, { field, value, appID, suppressed: [] });
}

function alreadyExists({ field, value }: NamedValue, { appID }: ErrorContext): ResourceError {
  if (field === 'owner_id') {
    return new ResourceError('THING_OWNERSHIP_ALREADY_EXISTS', 'The user owns the thing already', {
      appID,
      userID: value,
    });
  }
  return THING_FIELDS.includes(field)
    ? existsAs('THING_ALREADY_EXISTS', 'Thing', fieldInWords(field), value)
    : existsAs('USER_ALREADY_EXISTS', 'User', userField(field), value);
}

function existsAs(errorCode: ResourceErrorCode, what: string, field: string, value: string): ResourceError {
  const message = `${what} with ${field} ${value} already exists`;
  return new ResourceError(errorCode, message, { field, value, suppressed: [] });
}

/** What else Kii has at this path, such as groups and buckets, is not here. */
export const NOT_SERVED = 'This path is not served here. Check it';

/** Writes a failure of any of these endpoints, and of paths that are none. */
export function resourceFailure({ code, message, headers }: Failure, thrown?: unknown): Answer {
  const text = code === 'route_not_found' ? NOT_SERVED : message;
  const error = thrown instanceof ResourceError ? thrown : new ResourceError(BY_CODE[code], text);
  const { errorCode, details } = error;
  const { status, name = pascalCase(errorCode) }: Row = ERRORS[errorCode];
  // No Basic challenge: a browser would ask its user for a password.
  const { 'WWW-Authenticate': _basic, ...others } = headers as Record<string, string>;
  return {
    status,
    headers: {
      ...kiiHeaders(status),
      ...others,
      ...(status === 401 ? { 'WWW-Authenticate': 'Bearer realm="symbolon"' } : {}),
      'Content-Type': `application/vnd.kii.${name}Exception+json;charset=UTF-8`,
    },
    body: kiiBody({ errorCode, message: error.message, ...details }),
  };
}

/** `THING_NOT_FOUND` is `ThingNotFound`. */
function pascalCase(errorCode: string): string {
  return errorCode.toLowerCase().replace(/(?:^|_)([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}
