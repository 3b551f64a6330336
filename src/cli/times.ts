/** Times and durations of messages, as they are printed and given. */
import { InvalidArgumentError } from 'commander';
import type { Duration } from '../../gen/ts/google/protobuf/duration.ts';
import type { Timestamp } from '../../gen/ts/google/protobuf/timestamp.ts';
import { parseDuration } from '../config/flags.ts';
import { NEVER } from '../core/lifetimes.ts';

const SECOND_MS = 1_000;
const NANOS_PER_MS = 1_000_000;
const LAST_TIME = new Date(NEVER).toISOString();
const ISO_TIME = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/;

/** A time, or how long ago: answers epoch milliseconds. A day alone begins at midnight UTC. */
export function parseSince(text: string, now = Date.now()): number {
  if (ISO_TIME.test(text) && !Number.isNaN(Date.parse(text))) {
    return Date.parse(text);
  }
  if (/^[0-9]{1,9}(ms|s|m|h|d)$/.test(text)) {
    return Math.max(0, now - parseDuration(text));
  }
  throw new InvalidArgumentError(
    'It must be a time with its zone, such as 2026-01-31T08:00:00Z, a day, or how long ago: 90s, 15m, 2h or 7d.',
  );
}

/** ISO 8601; null where there is none. */
export function timeText(time: Timestamp | undefined): string | null {
  return time === undefined ? null : new Date(time.seconds * SECOND_MS + time.nanos / NANOS_PER_MS).toISOString();
}

/** Of what may never expire: `never`, for the last time that the contract can name. */
export function expiryText(time: Timestamp | undefined): string | null {
  const text = timeText(time);
  return text === LAST_TIME ? 'never' : text;
}

export function secondsOf({ seconds, nanos }: Duration): number {
  return seconds + nanos / (SECOND_MS * NANOS_PER_MS);
}

export function toDuration(ms: number): Duration {
  const seconds = Math.floor(ms / SECOND_MS);
  return { seconds, nanos: (ms - seconds * SECOND_MS) * NANOS_PER_MS };
}

/** Of epoch milliseconds. */
export const toTimestamp: (instant: number) => Timestamp = toDuration;
