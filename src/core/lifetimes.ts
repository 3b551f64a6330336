/** How long tokens live. Lifetimes count from the time of issue, not from the last use. */
import type { Refusal } from './errors.ts';
import type { Instant, TokenKind } from './model.ts';
import type { TenantPolicy } from './policy.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** For how long the answer to an Issue with a request id can be had again. */
export const KEPT_ANSWER_LIFETIME_MS = 10 * MINUTE;

/** For how long a login waits for its second factor. */
export const PENDING_LOGIN_LIFETIME_MS = 5 * MINUTE;

/** Of what never expires: the last millisecond that a Timestamp of the contract can name. */
export const NEVER: Instant = 253_402_300_799_999;

/** For how long an authorization code can be redeemed (RFC 6749 section 4.1.2 asks for 10 minutes at most). */
export const AUTHORIZATION_CODE_LIFETIME_MS = MINUTE;

/** For how long a used code is known as such, and ends what it gave when it comes back. */
export const USED_CODE_MEMORY_MS = 24 * 60 * MINUTE;

const OUT_OF_RANGE = 'expire_time_out_of_range';

/** What a family is, as far as its lifetimes depend on it. */
export interface LifetimeOf {
  readonly kind: TokenKind;
  /** Null or absent: it comes by no consent. */
  readonly consentId?: string | null | undefined;
}

/** When an access token expires that is issued now, or why it can't be. */
export function accessExpiry(
  policy: TenantPolicy,
  of: LifetimeOf,
  requested: Instant | undefined,
  now: Instant,
): { expireTime: Instant } | { refusal: Refusal } {
  const { standard, longest } = boundsOf(policy, of);
  if (requested === undefined) {
    return { expireTime: now + standard };
  }
  if (requested <= now) {
    return { refusal: { code: OUT_OF_RANGE, message: 'The expiration time is in the past' } };
  }
  if (requested > now + longest) {
    const seconds = Math.floor(longest / SECOND);
    return { refusal: { code: OUT_OF_RANGE, message: `The expiration time is more than ${seconds} seconds ahead` } };
  }
  return { expireTime: requested };
}

/** Lifetimes of their own are not cut by the longest that a call may ask for of the rest. */
function boundsOf(
  policy: TenantPolicy,
  { kind, consentId }: LifetimeOf,
): { readonly standard: number; readonly longest: number } {
  const { defaultTokenLifetimeMs, longestTokenLifetimeMs, consentTokenLifetimeMs, applicationTokenLifetimeMs } = policy;
  if (isByConsent({ consentId })) {
    return { standard: consentTokenLifetimeMs, longest: consentTokenLifetimeMs };
  }
  if (kind === 'APPLICATION') {
    return {
      standard: applicationTokenLifetimeMs,
      longest: Math.max(longestTokenLifetimeMs, applicationTokenLifetimeMs),
    };
  }
  return { standard: Math.min(defaultTokenLifetimeMs, longestTokenLifetimeMs), longest: longestTokenLifetimeMs };
}

/** When a family expires whose first access token expires at `accessExpireTime`. */
export function familyExpiry(
  policy: TenantPolicy,
  of: Pick<LifetimeOf, 'consentId'>,
  accessExpireTime: Instant,
  withRefresh: boolean,
  now: Instant,
): Instant {
  const refreshLifetime = isByConsent(of) ? policy.consentRefreshLifetimeMs : policy.refreshLifetimeMs;
  return withRefresh ? Math.max(accessExpireTime, now + refreshLifetime) : accessExpireTime;
}

/** Whether the tenant lets such a family be refreshed. Kii's clients never refresh, those of OAuth do. */
export function mayBeRefreshed(policy: TenantPolicy, of: Pick<LifetimeOf, 'consentId'>): boolean {
  return policy.refreshEnabled || isByConsent(of);
}

function isByConsent({ consentId }: Pick<LifetimeOf, 'consentId'>): boolean {
  return consentId !== undefined && consentId !== null;
}
