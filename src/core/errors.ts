/** The one error type of the core, with a closed set of codes. `src/wire/errors.ts` tells what each becomes on the wire. */

export const ERROR_CODES = [
  'caller_unauthenticated',
  'permission_denied',
  'invalid_argument',
  'invalid_credentials',
  'login_locked',
  'invalid_refresh_token',
  'expire_time_out_of_range',
  'scope_not_allowed',
  'request_id_reused',
  'already_exists',
  'precondition_failed',
  'invalid_code',
  'code_expired',
  'too_many_codes',
  'not_found',
  'overloaded',
  'too_many_failed_logins',
  'store_unavailable',
  'store_full',
  'revision_not_reached',
  'deadline_exceeded',
  'internal',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** Why a command was refused: part of its answer, not an exception, so that what it changed can still be committed. */
export interface Refusal {
  readonly code: ErrorCode;
  /** For people; holds no secret and no driver text. */
  readonly message: string;
  readonly retryAfterMs?: number;
  /** Which field it is about, such as `login_name`, and what that holds, where a dialect tells. Never a secret. */
  readonly about?: NamedValue;
}

/** A field and its value. */
export interface NamedValue {
  readonly field: string;
  readonly value: string;
}

/** An operation that did not take place, or whose outcome is unknown. Its message may be shown to the caller. */
export class SymbolonError extends Error {
  override readonly name = 'SymbolonError';
  readonly code: ErrorCode;
  readonly retryAfterMs: number | undefined;
  readonly about: NamedValue | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { retryAfterMs?: number | undefined; about?: NamedValue | undefined; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
    this.about = options.about;
  }

  static of(refusal: Refusal): SymbolonError {
    const { retryAfterMs, about } = refusal;
    return new SymbolonError(refusal.code, refusal.message, { retryAfterMs, about });
  }
}

/** One text for unknown, wrong, unverified and disabled, so that nobody learns which half was wrong. */
export const INVALID_CREDENTIALS: Refusal = {
  code: 'invalid_credentials',
  message: 'The user was not found or a wrong password was provided',
};

/** One text for a wrong code, a code that was used before, and a first step that has ended. */
export const INVALID_SECOND_FACTOR: Refusal = {
  code: 'invalid_credentials',
  message: 'The code is not valid, or the login that it belongs to has ended',
};

/** Exactly as legacy clients expect it. */
export const LOGIN_LOCKED: Refusal = { code: 'login_locked', message: 'The login name is locked' };

export const INVALID_REFRESH_TOKEN: Refusal = {
  code: 'invalid_refresh_token',
  message: 'The refresh token is not valid',
};

export const CALLER_UNAUTHENTICATED: Refusal = {
  code: 'caller_unauthenticated',
  message: 'The call names no client that could be authenticated',
};
