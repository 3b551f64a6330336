/** Whose guesses count together, how many are too many, and how long that locks. */
import type { Instant } from '../model.ts';
import { type Each, each, type Lock, lockName } from '../plan.ts';
import type { TenantPolicy } from '../policy.ts';
import type { CodePurpose } from '../tables/codes.ts';
import { LOGIN_FAILURES, type LoginFailures } from '../tables/login-failures.ts';
import type { Tenant } from '../tables/tenants.ts';
import { isOfFuture } from '../wrong-clock.ts';

/** Whose guesses count together, and how many are too many. */
export interface FailureCounter {
  readonly key: string;
  /**
   * `name` follows the tenant's policy and answers "locked", `second_factor` has a bound of its own and does too. `code` bounds the
   * guesses at one code, and answers that it is not valid. `user_code` bounds those of one user at the codes of devices; it and `address`
   * answer "too many".
   */
  readonly kind: 'name' | 'second_factor' | 'code' | 'user_code' | 'address';
}

/**
 * What a guess counts to. Those of `own` bound what can be found out, so they are counted before the check. The address bounds what a
 * stranger costs the server, so it counts what failed, and what its caller did not wait for.
 */
export interface GuessCounters {
  readonly own: readonly FailureCounter[];
  /** Whose lock refuses the guess, though it does not count to them. */
  readonly alsoLocked?: readonly FailureCounter[];
  /** None for this machine itself. */
  readonly address: readonly FailureCounter[];
}

/** Failed guesses per minute that one network address may make in one tenant, over all names. */
const MAX_FROM_ADDRESS = 300;
const ADDRESS_WINDOW_MS = 60_000;

/** Wrong one-time passwords per user and hour: with three of a million right at a time, a year of guessing finds one with a chance of 1 in 8. */
const MAX_SECOND_FACTORS = 5;
const SECOND_FACTOR_WINDOW_MS = 3_600_000;

/** Wrong guesses that a code bears. With 8 digits and 5 codes an hour, a year of guessing finds one with a chance of 1 in 450. */
const MAX_CODE_GUESSES = 5;
/** The longest that a code lives. A new code has a new count. */
const CODE_WINDOW_MS = 24 * 3_600_000;

/** Wrong user codes per user and hour: with a thousand devices waiting, a year of guessing finds one with a chance of 1 in 150. */
const MAX_USER_CODES = 20;
const USER_CODE_WINDOW_MS = 3_600_000;

export interface Limit {
  readonly attempts: number;
  readonly windowMs: number;
  readonly lockMs: number;
}

export function limitOf(counter: FailureCounter, policy: TenantPolicy): Limit {
  switch (counter.kind) {
    case 'address':
      return { attempts: MAX_FROM_ADDRESS, windowMs: ADDRESS_WINDOW_MS, lockMs: ADDRESS_WINDOW_MS };
    case 'second_factor':
      return { attempts: MAX_SECOND_FACTORS, windowMs: SECOND_FACTOR_WINDOW_MS, lockMs: SECOND_FACTOR_WINDOW_MS };
    case 'code':
      return { attempts: MAX_CODE_GUESSES, windowMs: CODE_WINDOW_MS, lockMs: CODE_WINDOW_MS };
    case 'user_code':
      return { attempts: MAX_USER_CODES, windowMs: USER_CODE_WINDOW_MS, lockMs: USER_CODE_WINDOW_MS };
    case 'name':
      return { attempts: policy.loginAttempts, windowMs: policy.loginWindowMs, lockMs: policy.loginLockPeriodMs };
  }
}

/** Guesses at the password of one subject, by whatever name: they count together, so that no alias gives more attempts. */
export function nameCounter(subjectId: string): FailureCounter {
  return { kind: 'name', key: `subject:${subjectId}` };
}

export function secondFactorCounter(subjectId: string): FailureCounter {
  return { kind: 'second_factor', key: `second_factor:${subjectId}` };
}

/** Whose guesses a counter bounds; undefined for names that nobody has, codes and addresses. */
export function subjectOfCounter({ kind, key }: FailureCounter): string | undefined {
  const [, prefix, subjectId] = /^([a-z_]+):(.*)$/s.exec(key) ?? [];
  return (kind === 'name' && prefix === 'subject') || kind === 'second_factor' ? subjectId : undefined;
}

/** `whose`: the subject's id, or a name that nobody has. */
export function codeCounter(purpose: CodePurpose, whose: string): FailureCounter {
  return { kind: 'code', key: `code:${purpose}:${whose}` };
}

/** Guesses of a signed-in user at the codes that devices show. */
export function userCodeCounter(subjectId: string): FailureCounter {
  return { kind: 'user_code', key: `user_code:${subjectId}` };
}

/** Of one network address; none of this machine's own. */
export function addressCounters(address: string | undefined): FailureCounter[] {
  return address === undefined ? [] : [{ kind: 'address', key: `address:${address}` }];
}

export function readCounters(tenantId: string, counters: readonly FailureCounter[]): Each<LoginFailures> {
  return each(
    LOGIN_FAILURES,
    counters.map(({ key }) => ({ tenantId, key })),
  );
}

export function lockCounters(tenantId: string, counters: readonly FailureCounter[]): Lock[] {
  return counters.map(({ key }) => lockName(`failures ${tenantId} ${key}`));
}

/** Rows that are counted to; the limits come with their tenant. */
export interface Counted {
  readonly tenant: Tenant | undefined;
  readonly failures: readonly LoginFailures[];
}

export function rowOf({ key }: FailureCounter, failures: readonly LoginFailures[]): LoginFailures | undefined {
  return failures.find((each) => each.key === key);
}

/**
 * When the lock of a counter ends; undefined where it is not locked. The tenant's period is looked at anew: a lock ends with a period that
 * was shortened meanwhile.
 */
export function lockEndOf(counter: FailureCounter, { tenant, failures }: Counted, now: Instant): Instant | undefined {
  const row = countedRow(counter, { tenant, failures }, now);
  if (row === undefined || row.lockEndTime === null) {
    return undefined;
  }
  const longest = tenant === undefined ? row.lockEndTime : row.countTime + limitOf(counter, tenant.policy).lockMs;
  const end = Math.min(row.lockEndTime, longest);
  return end > now ? end : undefined;
}

/**
 * What is counted of a counter. A clock that was ahead would else lock for as long as it was ahead (decision 0074), and no longer than
 * another period by what passes for a difference between clocks.
 */
export function countedRow(
  counter: FailureCounter,
  { tenant, failures }: Counted,
  now: Instant,
): LoginFailures | undefined {
  const row = rowOf(counter, failures);
  if (row === undefined || isOfFuture(row.countTime, now)) {
    return undefined;
  }
  const { windowMs, lockMs } = tenant === undefined ? FOR_EVER : limitOf(counter, tenant.policy);
  return row.countTime - now > (row.lockEndTime === null ? windowMs : lockMs) ? undefined : row;
}

const FOR_EVER = { windowMs: Number.POSITIVE_INFINITY, lockMs: Number.POSITIVE_INFINITY };
