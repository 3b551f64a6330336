/** Counting failed logins, and locking. The counts are in the store, so that a restart opens no gap. */
import { type Change, drop, put } from '../changes.ts';
import { LOGIN_LOCKED, type Refusal } from '../errors.ts';
import type { Instant } from '../model.ts';
import { type Each, each, type Lock, lockName } from '../plan.ts';
import type { TenantPolicy } from '../policy.ts';
import { LOGIN_FAILURES, type LoginFailures } from '../tables/login-failures.ts';
import type { Tenant } from '../tables/tenants.ts';

/** Whose failed logins count together, and how many are too many. */
export interface FailureCounter {
  readonly key: string;
  /**
   * `name` follows the tenant's policy and answers "locked", `second_factor` has a bound of its own and does too; `address` has one
   * and answers "overloaded".
   */
  readonly kind: 'name' | 'second_factor' | 'address';
}

/** Failed logins per minute that one network address may make in one tenant, over all names. */
const MAX_FROM_ADDRESS = 300;
const ADDRESS_WINDOW_MS = 60_000;

/** Wrong one-time passwords per user and hour: with three of a million right at a time, a year of guessing finds one with a chance of 1 in 8. */
const MAX_SECOND_FACTORS = 5;
const SECOND_FACTOR_WINDOW_MS = 3_600_000;

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
    case 'name':
      return { attempts: policy.loginAttempts, windowMs: policy.loginWindowMs, lockMs: policy.loginLockPeriodMs };
  }
}

/** Failed logins of one subject, by whatever name: they count together, so that no alias gives more attempts. */
export function nameCounter(subjectId: string): FailureCounter {
  return { kind: 'name', key: `subject:${subjectId}` };
}

/** Of one network address; none of this machine's own. */
export function addressCounters(address: string | undefined): FailureCounter[] {
  return address === undefined ? [] : [{ kind: 'address', key: `address:${address}` }];
}

export function secondFactorCounters(subjectId: string, address: string | undefined): FailureCounter[] {
  return [{ kind: 'second_factor', key: `second_factor:${subjectId}` }, ...addressCounters(address)];
}

export function readCounters(tenantId: string, counters: readonly FailureCounter[]): Each<LoginFailures> {
  return each(
    LOGIN_FAILURES,
    counters.map(({ key }) => ({ tenantId, key })),
  );
}

/** For what succeeds: it forgets the failures of its name, and only reads whether those of its address are too many. */
export function lockCounters(tenantId: string, counters: readonly FailureCounter[]): Lock[] {
  return counters.map(({ kind, key }) => lockName(nameOf(tenantId, key), { isShared: kind === 'address' }));
}

/** For what fails, which counts to all of them. */
export function lockAllCounters(tenantId: string, counters: readonly FailureCounter[]): Lock[] {
  return counters.map(({ key }) => lockName(nameOf(tenantId, key)));
}

function nameOf(tenantId: string, key: string): string {
  return `failures ${tenantId} ${key}`;
}

/** Why a login with these counters is refused now, whatever its password. */
export function lockRefusal(
  counters: readonly FailureCounter[],
  failures: readonly LoginFailures[],
  now: Instant,
): Refusal | undefined {
  for (const counter of counters) {
    const lockEndTime = failures.find((each) => each.key === counter.key)?.lockEndTime ?? 0;
    if (lockEndTime > now) {
      return counter.kind === 'address' ? tooManyFrom(lockEndTime - now) : LOGIN_LOCKED;
    }
  }
  return undefined;
}

function tooManyFrom(retryAfterMs: number): Refusal {
  return { code: 'too_many_failed_logins', message: 'Too many failed logins from this address', retryAfterMs };
}

/** One failure more; a lock begins with the failure that makes the number full, and counting begins anew after it. */
export function countFailure(
  tenant: Tenant,
  counter: FailureCounter,
  failures: readonly LoginFailures[],
  now: Instant,
): Change {
  const limit = limitOf(counter, tenant.policy);
  const before = failures.find((each) => each.key === counter.key);
  const continues = before !== undefined && before.lockEndTime === null && before.windowEndTime > now;
  const count = continues ? before.count + 1 : 1;
  return put(LOGIN_FAILURES, {
    tenantId: tenant.tenantId,
    key: counter.key,
    count,
    windowEndTime: continues ? before.windowEndTime : now + limit.windowMs,
    lockEndTime: count >= limit.attempts ? now + limit.lockMs : null,
  });
}

/** A successful login forgets the failures of its name, not those of its address. */
export function forgetFailures(
  tenantId: string,
  counters: readonly FailureCounter[],
  failures: readonly LoginFailures[],
): Change[] {
  return counters
    .filter((counter) => counter.kind !== 'address' && failures.some((each) => each.key === counter.key))
    .map(({ key }) => drop(LOGIN_FAILURES, { tenantId, key }));
}
