/** Counting failed logins, and locking. The counts are in the store, so that a restart opens no gap. */
import type { Change, Decision } from '../changes.ts';
import type { FailLogin, FailureCounter } from '../commands.ts';
import { LOGIN_LOCKED, type Refusal } from '../errors.ts';
import type { Instant, LoginFailures, TenantPolicy } from '../model.ts';
import type { State } from '../state.ts';
import { refuse } from './decision.ts';

/** Failed logins per minute that one network address may make in one tenant, over all names. */
const ADDRESS_ATTEMPTS = 300;
const ADDRESS_WINDOW_MS = 60_000;

/** Wrong one-time passwords per user and hour: with three of a million right at a time, a year of guessing finds one with a chance of 1 in 8. */
const SECOND_FACTOR_ATTEMPTS = 5;
const SECOND_FACTOR_WINDOW_MS = 3_600_000;

interface Limit {
  readonly attempts: number;
  readonly windowMs: number;
  readonly lockMs: number;
}

function limitOf(counter: FailureCounter, policy: TenantPolicy): Limit {
  switch (counter.kind) {
    case 'address':
      return { attempts: ADDRESS_ATTEMPTS, windowMs: ADDRESS_WINDOW_MS, lockMs: ADDRESS_WINDOW_MS };
    case 'second_factor':
      return {
        attempts: SECOND_FACTOR_ATTEMPTS,
        windowMs: SECOND_FACTOR_WINDOW_MS,
        lockMs: SECOND_FACTOR_WINDOW_MS,
      };
    case 'name':
      return { attempts: policy.loginAttempts, windowMs: policy.loginWindowMs, lockMs: policy.loginLockPeriodMs };
  }
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

/** Counts one failure; a lock begins with the failure that makes the number full, and counting begins anew after it. */
export function failLogin(state: State, command: FailLogin, now: Instant): Decision<FailLogin> {
  const { tenant } = state;
  if (tenant === undefined) {
    return { changes: [], outcome: { answer: {} } };
  }
  const locked = lockRefusal(command.counters, state.loginFailures, now);
  if (locked !== undefined) {
    return refuse(locked);
  }
  const changes = command.counters.map((counter): Change => {
    const limit = limitOf(counter, tenant.policy);
    const before = state.loginFailures.find((each) => each.key === counter.key);
    const continues = before !== undefined && before.lockEndTime === null && before.windowEndTime > now;
    const count = continues ? before.count + 1 : 1;
    const failures: LoginFailures = {
      tenantId: tenant.tenantId,
      key: counter.key,
      count,
      windowEndTime: continues ? before.windowEndTime : now + limit.windowMs,
      lockEndTime: count >= limit.attempts ? now + limit.lockMs : null,
    };
    return { change: 'put_login_failures', failures };
  });
  return { changes, outcome: { answer: {} } };
}

/** A successful login forgets the failures of its name, not those of its address. */
export function forgetFailures(
  tenantId: string,
  counters: readonly FailureCounter[],
  failures: readonly LoginFailures[],
): Change[] {
  return counters
    .filter((counter) => counter.kind !== 'address' && failures.some((each) => each.key === counter.key))
    .map((counter) => ({ change: 'clear_login_failures', tenantId, key: counter.key }));
}
