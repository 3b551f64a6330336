/**
 * Which locks are recorded in the audit log: each of a user or device that is there, once. Strangers begin locks, so they are bounded for
 * each tenant and hour; the server's log has all.
 */
import { type Change, put } from '../changes.ts';
import type { Instant } from '../model.ts';
import { LOGIN_FAILURES, type LoginFailures } from '../tables/login-failures.ts';
import { isOfFuture } from '../wrong-clock.ts';
import type { FailureCounter } from './counters.ts';

export const MAX_LOCK_RECORDS = 1_000;
const WINDOW_MS = 3_600_000;
/** Said by the last record of an hour. */
const LEFT_OUT = 'more_are_left_out_for_an_hour';

/** What counts them. It locks nothing. */
export const LOCK_RECORDS: FailureCounter = { kind: 'address', key: 'lock_records' };

/** Of the guesses that just ended, the one whose end locks; undefined when none does. */
export function begunLock(
  counters: readonly FailureCounter[],
  failures: readonly LoginFailures[],
  changes: readonly Change[],
): FailureCounter | undefined {
  return counters.find(({ kind, key }) => {
    const before = failures.find((each) => each.key === key)?.lockEndTime ?? null;
    const after = changes.flatMap((change) => ('row' in change && isRowOf(change.row, key) ? [change.row] : []))[0];
    return kind !== 'code' && after !== undefined && after.lockEndTime !== null && after.lockEndTime !== before;
  });
}

function isRowOf(row: object, key: string): row is LoginFailures {
  return 'key' in row && row.key === key;
}

/** Counts a record; undefined when this hour has enough of them. */
export function countLockRecord(
  tenantId: string,
  failures: readonly LoginFailures[],
  now: Instant,
): Change | undefined {
  const { count, windowEndTime } = countedRecords(failures, now);
  if (count >= MAX_LOCK_RECORDS) {
    return undefined;
  }
  const { key } = LOCK_RECORDS;
  return put(LOGIN_FAILURES, {
    ...{ tenantId, key, count: count + 1, pending: 0, windowEndTime },
    ...{ lockEndTime: null, countTime: now },
  });
}

function countedRecords(failures: readonly LoginFailures[], now: Instant) {
  const row = failures.find(({ key }) => key === LOCK_RECORDS.key);
  return row === undefined || row.windowEndTime <= now || isOfFuture(row.countTime, now)
    ? { count: 0, windowEndTime: now + WINDOW_MS }
    : row;
}

/** What the record says besides whom: which lock it is. Undefined where no record was counted. */
export function lockDetails(lock: FailureCounter, changes: readonly Change[]): string[] | undefined {
  const counted = changes.flatMap((change) =>
    'row' in change && isRowOf(change.row, LOCK_RECORDS.key) ? [change.row.count] : [],
  )[0];
  if (counted === undefined) {
    return undefined;
  }
  const what = lock.kind === 'second_factor' ? 'second_factor' : 'password';
  return counted < MAX_LOCK_RECORDS ? [what] : [what, LEFT_OUT];
}
