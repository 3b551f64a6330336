/** google.protobuf.Timestamp to epoch milliseconds and back. */
import type { Timestamp } from '../../gen/ts/google/protobuf/timestamp.ts';
import { SymbolonError } from '../core/errors.ts';
import type { Instant } from '../core/model.ts';

/** 9999-12-31T23:59:59Z, the last second that a Timestamp may name. */
const LAST_SECOND = 253_402_300_799;
const FIRST_SECOND = -62_135_596_800;
const NANOS_PER_MS = 1_000_000;

export function timestampOf(instant: Instant): Timestamp {
  const seconds = Math.floor(instant / 1_000);
  return { seconds, nanos: (instant - seconds * 1_000) * NANOS_PER_MS };
}

/** Cuts to the millisecond; refuses what is no valid Timestamp. */
export function instantOf({ seconds, nanos }: Timestamp, field: string): Instant {
  if (seconds < FIRST_SECOND || seconds > LAST_SECOND || nanos < 0 || nanos > 999_999_999) {
    throw new SymbolonError('invalid_argument', `${field} is not a valid Timestamp`);
  }
  return seconds * 1_000 + Math.floor(nanos / NANOS_PER_MS);
}
