/** How a command ends, for scripts: one table from the errors of the core. A code that is missing here does not compile. */
import type { ErrorCode } from '../../core/errors.ts';

export const EXIT = { done: 0, other: 1, usage: 2, notFound: 3, refused: 4, unavailable: 5, unknown: 6 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What each means, for help and documents. */
export const EXIT_MEANINGS: readonly (readonly [ExitCode, string])[] = [
  [EXIT.done, 'done'],
  [EXIT.other, 'something else went wrong'],
  [EXIT.usage, 'a flag, an argument, or a file or setting that it names is wrong; nothing was done'],
  [EXIT.notFound, 'what was named is not there'],
  [EXIT.refused, 'refused: no right to it, or what is there stands against it'],
  [EXIT.unavailable, 'the server or the store can’t answer now; try again later'],
  [EXIT.unknown, 'no answer came, and it may have been done: look before you repeat it'],
];

export const EXIT_OF: Readonly<Record<ErrorCode, ExitCode>> = {
  invalid_argument: EXIT.usage,
  expire_time_out_of_range: EXIT.usage,
  scope_not_allowed: EXIT.usage,
  not_found: EXIT.notFound,
  caller_unauthenticated: EXIT.refused,
  permission_denied: EXIT.refused,
  invalid_credentials: EXIT.refused,
  login_locked: EXIT.refused,
  invalid_refresh_token: EXIT.refused,
  token_unproven: EXIT.refused,
  request_id_reused: EXIT.refused,
  already_exists: EXIT.refused,
  precondition_failed: EXIT.refused,
  invalid_code: EXIT.refused,
  code_expired: EXIT.refused,
  too_many_codes: EXIT.refused,
  invalid_grant: EXIT.refused,
  unauthorized_client: EXIT.refused,
  invalid_target: EXIT.usage,
  authorization_pending: EXIT.unavailable,
  slow_down: EXIT.unavailable,
  access_denied: EXIT.refused,
  expired_token: EXIT.refused,
  too_many_failed_logins: EXIT.refused,
  overloaded: EXIT.unavailable,
  store_unavailable: EXIT.unavailable,
  store_full: EXIT.unavailable,
  revision_not_reached: EXIT.unavailable,
  position_lost: EXIT.refused,
  watcher_too_slow: EXIT.unavailable,
  watcher_replaced: EXIT.refused,
  deadline_exceeded: EXIT.unavailable,
  internal: EXIT.other,
};
