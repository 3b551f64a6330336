/**
 * Counting guesses at what has little entropy, and locking. A guess is counted before it is checked, so that no deadline, no crash and
 * no other server lets one by; a right one is given back. The counts are in the store, so that a restart opens no gap.
 */
import { type Change, drop, put } from '../changes.ts';
import { INVALID_CODE, LOGIN_LOCKED, type Refusal } from '../errors.ts';
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
   * guesses at one code, and answers that it is not valid. `address` has one and answers "too many".
   */
  readonly kind: 'name' | 'second_factor' | 'code' | 'address';
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

const RETRY_AFTER_MS = 1_000;

/** More at once than may be wrong: some of them would not be counted in time. */
const TOO_MANY_AT_ONCE: Refusal = {
  code: 'overloaded',
  message: 'Too many logins or codes of this name are being checked. Repeat this one later',
  retryAfterMs: RETRY_AFTER_MS,
};

interface Limit {
  readonly attempts: number;
  readonly windowMs: number;
  readonly lockMs: number;
}

function limitOf(counter: FailureCounter, policy: TenantPolicy): Limit {
  switch (counter.kind) {
    case 'address':
      return { attempts: MAX_FROM_ADDRESS, windowMs: ADDRESS_WINDOW_MS, lockMs: ADDRESS_WINDOW_MS };
    case 'second_factor':
      return { attempts: MAX_SECOND_FACTORS, windowMs: SECOND_FACTOR_WINDOW_MS, lockMs: SECOND_FACTOR_WINDOW_MS };
    case 'code':
      return { attempts: MAX_CODE_GUESSES, windowMs: CODE_WINDOW_MS, lockMs: CODE_WINDOW_MS };
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

/** `whose`: the subject's id, or a name that nobody has. */
export function codeCounter(purpose: CodePurpose, whose: string): FailureCounter {
  return { kind: 'code', key: `code:${purpose}:${whose}` };
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

/** Why nothing of these counters is checked now, however right it is. */
export function lockRefusal(
  counters: readonly FailureCounter[],
  failures: readonly LoginFailures[],
  now: Instant,
): Refusal | undefined {
  for (const counter of counters) {
    const lockEndTime = countedRow(counter, failures, now)?.lockEndTime ?? 0;
    if (lockEndTime > now) {
      return refusalOf(counter, lockEndTime - now);
    }
  }
  return undefined;
}

function refusalOf({ kind }: FailureCounter, retryAfterMs: number): Refusal {
  switch (kind) {
    case 'address':
      return { code: 'too_many_failed_logins', message: 'Too many failed logins from this address', retryAfterMs };
    case 'code':
      return INVALID_CODE;
    case 'name':
    case 'second_factor':
      return LOGIN_LOCKED;
  }
}

/** Counts one guess that is about to be checked; refused where the counted ones could all be wrong, and would be too many. */
export function beginGuess(
  { tenantId, policy }: Tenant,
  counters: readonly FailureCounter[],
  failures: readonly LoginFailures[],
  now: Instant,
): Change[] | { readonly refusal: Refusal } {
  const changes: Change[] = [];
  for (const counter of counters) {
    const { attempts, windowMs } = limitOf(counter, policy);
    const { count, pending, windowEndTime } = openRow(countedRow(counter, failures, now), now) ?? {
      count: 0,
      pending: 0,
      windowEndTime: now + windowMs,
    };
    if (count + pending >= attempts) {
      return { refusal: TOO_MANY_AT_ONCE };
    }
    const counted = { count, pending: pending + 1, windowEndTime, lockEndTime: null, countTime: now };
    changes.push(put(LOGIN_FAILURES, { tenantId, key: counter.key, ...counted }));
  }
  return changes;
}

/** `wrong`: it stays counted. `given_back`: it was right, or nothing was checked. */
export type GuessEnd = 'wrong' | 'given_back';

/** The counter after the end of a guess; a lock begins with the wrong one that makes the number full. */
export function endGuess(
  { tenantId, policy }: Tenant,
  counter: FailureCounter,
  failures: readonly LoginFailures[],
  end: GuessEnd,
  now: Instant,
): Change[] {
  const { attempts, windowMs, lockMs } = limitOf(counter, policy);
  const before = countedRow(counter, failures, now);
  // What is locked counts anew when the lock has ended.
  if (before?.lockEndTime !== undefined && before.lockEndTime !== null && before.lockEndTime > now) {
    return [put(LOGIN_FAILURES, before)];
  }
  const open = openRow(before, now) ?? { count: 0, pending: 0, windowEndTime: now + windowMs };
  const pending = Math.max(0, open.pending - 1);
  const count = end === 'wrong' ? open.count + 1 : open.count;
  const { key } = counter;
  if (count + pending === 0) {
    return before === undefined ? [] : [drop(LOGIN_FAILURES, { tenantId, key })];
  }
  const lockEndTime = count >= attempts ? now + lockMs : null;
  const { windowEndTime } = open;
  return [put(LOGIN_FAILURES, { tenantId, key, count, pending, windowEndTime, lockEndTime, countTime: now })];
}

/** A right guess ends, and forgets the wrong ones before it. Others that are being checked meanwhile stay counted. */
export function forgetFailures(
  tenantId: string,
  counters: readonly FailureCounter[],
  failures: readonly LoginFailures[],
): Change[] {
  return forget(tenantId, counters, failures, 1);
}

/** Forgets the wrong guesses of a step before this one, which ended then. */
export function forgetEarlier(
  tenantId: string,
  counters: readonly FailureCounter[],
  failures: readonly LoginFailures[],
): Change[] {
  return forget(tenantId, counters, failures, 0);
}

function forget(
  tenantId: string,
  counters: readonly FailureCounter[],
  failures: readonly LoginFailures[],
  ended: number,
): Change[] {
  return counters.flatMap((counter) => {
    const row = rowOf(counter, failures);
    if (row === undefined) {
      return [];
    }
    const pending = Math.max(0, row.pending - ended);
    return [
      pending === 0
        ? drop(LOGIN_FAILURES, { tenantId, key: counter.key })
        : put(LOGIN_FAILURES, { ...row, count: 0, pending, lockEndTime: null }),
    ];
  });
}

function rowOf({ key }: FailureCounter, failures: readonly LoginFailures[]): LoginFailures | undefined {
  return failures.find((each) => each.key === key);
}

/** What is counted of a counter. A clock that was ahead would else lock for as long as it was ahead (decision 0074). */
function countedRow(
  counter: FailureCounter,
  failures: readonly LoginFailures[],
  now: Instant,
): LoginFailures | undefined {
  const row = rowOf(counter, failures);
  return row === undefined || isOfFuture(row.countTime, now) ? undefined : row;
}

/** The row while it counts: neither its window nor its lock has ended. */
function openRow(row: LoginFailures | undefined, now: Instant): LoginFailures | undefined {
  return row !== undefined && row.lockEndTime === null && row.windowEndTime > now ? row : undefined;
}
