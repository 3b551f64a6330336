/** The one error type of the core, with a closed set of codes. `src/calls/errors.ts` tells what each becomes on the wire. */
import type { EndedBy } from './model.ts';

export const ERROR_CODES = [
  'caller_unauthenticated',
  'permission_denied',
  'invalid_argument',
  'invalid_credentials',
  'login_locked',
  'invalid_refresh_token',
  'token_unproven',
  'expire_time_out_of_range',
  'scope_not_allowed',
  'request_id_reused',
  'already_exists',
  'precondition_failed',
  'invalid_code',
  'code_expired',
  'too_many_codes',
  'invalid_grant',
  'unauthorized_client',
  'invalid_target',
  'authorization_pending',
  'slow_down',
  'access_denied',
  'expired_token',
  'not_found',
  'overloaded',
  'too_many_failed_logins',
  'store_unavailable',
  'store_full',
  'revision_not_reached',
  'position_lost',
  'watcher_too_slow',
  'watcher_replaced',
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
  /** Why the token ended that was presented, where the caller may know. */
  readonly endedBy?: EndedBy | undefined;
  /** For the log alone. */
  readonly cause?: string;
}

/** A field and its value. */
export interface NamedValue {
  readonly field: string;
  readonly value: string;
}

/** What an error may tell besides its code and message. */
interface ErrorOptions {
  readonly retryAfterMs?: number | undefined;
  readonly about?: NamedValue | undefined;
  readonly endedBy?: EndedBy | undefined;
  readonly cause?: unknown;
}

/** An operation that did not take place, or whose outcome is unknown. Its message may be shown to the caller. */
export class SymbolonError extends Error {
  override readonly name = 'SymbolonError';
  readonly code: ErrorCode;
  readonly retryAfterMs: number | undefined;
  readonly about: NamedValue | undefined;
  readonly endedBy: EndedBy | undefined;

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
    this.about = options.about;
    this.endedBy = options.endedBy;
  }

  static of(refusal: Refusal): SymbolonError {
    const { retryAfterMs, about, endedBy, cause } = refusal;
    return new SymbolonError(refusal.code, refusal.message, {
      retryAfterMs,
      about,
      endedBy,
      ...(cause === undefined ? {} : { cause: new Error(cause) }),
    });
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

/** One text for a wrong code, one that is dead, and one that was never sent. */
export const INVALID_CODE: Refusal = { code: 'invalid_code', message: 'The code is not valid' };

/** One text for a code that was made up, is another client's, came too late, or does not fit its request. */
export const INVALID_GRANT: Refusal = {
  code: 'invalid_grant',
  message: 'The code is not valid. Ask for authorization again',
};

/** A used code came back (RFC 6749 section 4.1.2). Told apart in the log alone. */
export const CODE_REUSE: Refusal = {
  ...INVALID_GRANT,
  cause: 'a used code came back: somebody else has it too, and the login that it gave was ended',
};

/** Exactly as legacy clients expect it. */
export const LOGIN_LOCKED: Refusal = { code: 'login_locked', message: 'The login name is locked' };

export const INVALID_REFRESH_TOKEN: Refusal = {
  code: 'invalid_refresh_token',
  message: 'refresh_token is not valid. Log in again',
};

/** One text for a token that was made up, is of another tenant, or has ended. */
export const DEAD_TOKEN: Refusal = { code: 'invalid_credentials', message: 'The access token is not live' };

export const CALLER_UNAUTHENTICATED: Refusal = {
  code: 'caller_unauthenticated',
  message: 'The authorization does not name a client, or its secret is wrong',
};

/** An old refresh token came back. Told apart in the log alone. */
export const REFRESH_REUSE: Refusal = {
  ...INVALID_REFRESH_TOKEN,
  cause: 'an old refresh token came back: somebody else has it too, and its login was ended',
};

/** Its tag key is listed, and this server can't open it: another may. */
export const TAG_KEY_CLOSED: Refusal = {
  code: 'store_unavailable',
  message: 'This server can’t tell whether the token is genuine',
  retryAfterMs: 1_000,
  cause: 'the key that the token was made with can’t be opened by this server: give every server the same --key-file',
};

/** Its tag key is lost or untrusted, and the token is not of the current pair. */
export const TAG_KEY_LOST: Refusal = {
  code: 'token_unproven',
  message: 'Nothing proves any more that the token is genuine. Name its login by family_id, or revoke all of its user',
};

/** Right after the servers' key was replaced, or where this server has another. */
export const NO_TAG_KEY: Refusal = {
  code: 'store_unavailable',
  message: 'This server can’t make tokens yet',
  retryAfterMs: 1_000,
  cause: 'there is no tag key that this server can open and that is old enough for every server to know it',
};
