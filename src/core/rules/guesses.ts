/**
 * Counting guesses at what has little entropy, and locking. A guess is counted before it is checked, so that no deadline, no crash and
 * no other server lets one by; a right one is given back. The counts are in the store, so that a restart opens no gap.
 */
import { type Change, drop, put } from '../changes.ts';
import { INVALID_CODE, LOGIN_LOCKED, type Refusal } from '../errors.ts';
import type { Instant } from '../model.ts';
import { LOGIN_FAILURES, type LoginFailures } from '../tables/login-failures.ts';
import type { Tenant } from '../tables/tenants.ts';
import { type Counted, countedRow, type FailureCounter, limitOf, lockEndOf, rowOf } from './counters.ts';

const RETRY_AFTER_MS = 1_000;

/** More at once than may be wrong: some of them would not be counted in time. */
const TOO_MANY_AT_ONCE: Refusal = {
  code: 'overloaded',
  message: 'Too many logins or codes of this name are being checked. Repeat this one later',
  retryAfterMs: RETRY_AFTER_MS,
};

/** Why nothing of these counters is checked now, however right it is. */
export function lockRefusal(counters: readonly FailureCounter[], counted: Counted, now: Instant): Refusal | undefined {
  for (const counter of counters) {
    const lockEndTime = lockEndOf(counter, counted, now);
    if (lockEndTime !== undefined) {
      return refusalOf(counter, lockEndTime - now);
    }
  }
  return undefined;
}

/**
 * The rows of locks that begin in the future: the clock was set back since, or it is another server's. They begin now, so that what a caller
 * is told to wait is never more than a period, and enough.
 */
export function withoutFuture(
  tenant: Tenant,
  counters: readonly FailureCounter[],
  failures: readonly LoginFailures[],
  now: Instant,
): LoginFailures[] {
  return failures.map((row) => {
    const counter = counters.find(({ key }) => key === row.key);
    const counted = counter && countedRow(counter, { tenant, failures: [row] }, now);
    if (counter === undefined || counted === undefined || row.countTime <= now || row.lockEndTime === null) {
      return row;
    }
    const { lockMs } = limitOf(counter, tenant.policy);
    return { ...row, countTime: now, lockEndTime: Math.min(row.lockEndTime, now + lockMs) };
  });
}

function refusalOf({ kind }: FailureCounter, retryAfterMs: number): Refusal {
  switch (kind) {
    case 'address':
      return { code: 'too_many_failed_logins', message: 'Too many failed logins from this address', retryAfterMs };
    case 'user_code':
      return { code: 'too_many_failed_logins', message: 'Too many wrong codes were typed', retryAfterMs };
    case 'code':
      return INVALID_CODE;
    case 'name':
    case 'second_factor':
      return { ...LOGIN_LOCKED, retryAfterMs };
  }
}

/** Counts one guess that is about to be checked; refused where the counted ones could all be wrong, and would be too many. */
export function beginGuess(
  tenant: Tenant,
  counters: readonly FailureCounter[],
  failures: readonly LoginFailures[],
  now: Instant,
): Change[] | { readonly refusal: Refusal } {
  const { tenantId, policy } = tenant;
  const changes: Change[] = [];
  for (const counter of counters) {
    const { attempts, windowMs } = limitOf(counter, policy);
    const open = openRow(countedRow(counter, { tenant, failures }, now), now, windowMs);
    const { pending, windowEndTime, ...wrong } = open ?? {
      count: 0,
      pending: 0,
      windowEndTime: now + windowMs,
    };
    // Where fewer are allowed than were wrong already, the next wrong one locks. Else nothing would, and no right one would be taken either.
    const count = Math.min(wrong.count, attempts - 1);
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
  tenant: Tenant,
  counter: FailureCounter,
  failures: readonly LoginFailures[],
  end: GuessEnd,
  now: Instant,
): Change[] {
  const { tenantId, policy } = tenant;
  const { attempts, windowMs, lockMs } = limitOf(counter, policy);
  const before = countedRow(counter, { tenant, failures }, now);
  // What is locked counts anew when the lock has ended.
  if (before !== undefined && lockEndOf(counter, { tenant, failures }, now) !== undefined) {
    return [put(LOGIN_FAILURES, before)];
  }
  const open = openRow(before, now, windowMs) ?? { count: 0, pending: 0, windowEndTime: now + windowMs };
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

/** The row while it counts: neither its window nor its lock has ended. A window that began in the future ends a window from now. */
function openRow(row: LoginFailures | undefined, now: Instant, windowMs: number): LoginFailures | undefined {
  return row !== undefined && row.lockEndTime === null && row.windowEndTime > now
    ? { ...row, windowEndTime: Math.min(row.windowEndTime, now + windowMs) }
    : undefined;
}
