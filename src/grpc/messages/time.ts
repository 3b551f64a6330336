/** google.protobuf.Timestamp to epoch milliseconds and back, and google.protobuf.Duration to milliseconds. */
import type { Duration } from '../../../gen/ts/google/protobuf/duration.ts';
import type { Timestamp } from '../../../gen/ts/google/protobuf/timestamp.ts';
import { SymbolonError } from '../../core/errors.ts';
import type { Instant } from '../../core/model.ts';

/** 9999-12-31T23:59:59Z, the last second that a Timestamp may name. */
const LAST_SECOND = 253_402_300_799;
const FIRST_SECOND = -62_135_596_800;
const NANOS_PER_MS = 1_000_000;

export function toTimestamp(instant: Instant): Timestamp {
  const seconds = Math.floor(instant / 1_000);
  return { seconds, nanos: (instant - seconds * 1_000) * NANOS_PER_MS };
}

export function optional(instant: Instant | undefined): Timestamp | undefined {
  return instant === undefined ? undefined : toTimestamp(instant);
}

/** Cuts to the millisecond; refuses what is no valid Timestamp. */
export function parseInstant({ seconds, nanos }: Timestamp, field: string): Instant {
  if (seconds < FIRST_SECOND || seconds > LAST_SECOND || nanos < 0 || nanos > 999_999_999) {
    throw new SymbolonError('invalid_argument', `${field} is not a valid Timestamp`);
  }
  return seconds * 1_000 + Math.floor(nanos / NANOS_PER_MS);
}

const MAX_STALENESS_MS = 3_600_000;

/** Refuses what is longer than an hour. */
export function parseStaleness(duration: Duration, field: string): number {
  return parseMilliseconds(duration, field, MAX_STALENESS_MS);
}

/** Cuts to the millisecond; refuses what is no valid Duration, is negative, or is longer than `most`. */
export function parseMilliseconds(duration: Duration, field: string, most: number): number {
  const ms = millisecondsIn(duration);
  if (!(ms >= 0 && ms <= most)) {
    throw new SymbolonError('invalid_argument', `${field} must be from 0 to ${most / 1_000} seconds`);
  }
  return ms;
}

/** Cuts to the millisecond; NaN where it is not a valid Duration: the check of the bounds refuses that. */
export function millisecondsIn({ seconds, nanos }: Duration): number {
  return nanos < 0 || nanos > 999_999_999 ? Number.NaN : seconds * 1_000 + Math.floor(nanos / NANOS_PER_MS);
}

export function toDuration(ms: number): Duration {
  const seconds = Math.floor(ms / 1_000);
  return { seconds, nanos: (ms - seconds * 1_000) * NANOS_PER_MS };
}
