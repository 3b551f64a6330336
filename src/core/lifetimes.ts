/** How long tokens live. Lifetimes count from the time of issue, not from the last use. */
import type { Refusal } from './errors.ts';
import type { Instant, TokenKind } from './model.ts';
import type { TenantPolicy } from './policy.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** A client can have another APPLICATION token at any time, so one for which no expiry was asked is short. */
export const APPLICATION_DEFAULT_LIFETIME_MS = HOUR;

/** For how long the answer to an Issue with a request id can be had again. */
export const KEPT_ANSWER_LIFETIME_MS = 10 * MINUTE;

/** For how long a login waits for its second factor. */
export const PENDING_LOGIN_LIFETIME_MS = 5 * MINUTE;

const OUT_OF_RANGE = 'expire_time_out_of_range';

/** When an access token expires that is issued now, or why it can't be. */
export function accessExpiry(
  policy: TenantPolicy,
  kind: TokenKind,
  requested: Instant | undefined,
  now: Instant,
): { expireTime: Instant } | { refusal: Refusal } {
  if (requested === undefined) {
    const standard =
      kind === 'APPLICATION'
        ? Math.min(policy.defaultTokenLifetimeMs, APPLICATION_DEFAULT_LIFETIME_MS)
        : policy.defaultTokenLifetimeMs;
    return { expireTime: now + Math.min(standard, policy.longestTokenLifetimeMs) };
  }
  if (requested <= now) {
    return { refusal: { code: OUT_OF_RANGE, message: 'The expiration time is in the past' } };
  }
  if (requested > now + policy.longestTokenLifetimeMs) {
    const seconds = Math.floor(policy.longestTokenLifetimeMs / SECOND);
    return { refusal: { code: OUT_OF_RANGE, message: `The expiration time is more than ${seconds} seconds ahead` } };
  }
  return { expireTime: requested };
}

/** When a family expires whose first access token expires at `accessExpireTime`. */
export function familyExpiry(
  policy: TenantPolicy,
  accessExpireTime: Instant,
  withRefresh: boolean,
  now: Instant,
): Instant {
  return withRefresh ? Math.max(accessExpireTime, now + policy.refreshLifetimeMs) : accessExpireTime;
}
