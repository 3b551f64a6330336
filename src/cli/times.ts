/** Times and durations of messages, as they are printed and given. */
import type { Duration } from '../../gen/ts/google/protobuf/duration.ts';
import type { Timestamp } from '../../gen/ts/google/protobuf/timestamp.ts';

const SECOND_MS = 1_000;
const NANOS_PER_MS = 1_000_000;

/** ISO 8601; null where there is none. */
export function timeText(time: Timestamp | undefined): string | null {
  return time === undefined ? null : new Date(time.seconds * SECOND_MS + time.nanos / NANOS_PER_MS).toISOString();
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
