import { describe, expect, it } from 'vitest';
import { parseStaleness } from '../../../src/grpc/messages/time.ts';

describe('max_staleness', () => {
  it.each([
    [{ seconds: 0, nanos: 0 }, 0],
    [{ seconds: 0, nanos: 999_999 }, 0],
    [{ seconds: 0, nanos: 1_000_000 }, 1],
    [{ seconds: 2, nanos: 500_000_000 }, 2_500],
    [{ seconds: 3_600, nanos: 0 }, 3_600_000],
  ])('%j is %i ms', (duration, ms) => {
    expect(parseStaleness(duration, 'max_staleness')).toBe(ms);
  });

  it.each([
    { seconds: -1, nanos: 0 },
    { seconds: 0, nanos: -1 },
    { seconds: 0, nanos: 1_000_000_000 },
    { seconds: 3_600, nanos: 1_000_000 },
    { seconds: Number.MAX_SAFE_INTEGER, nanos: 0 },
    { seconds: Number.NaN, nanos: 0 },
  ])('%j is refused', (duration) => {
    expect(() => parseStaleness(duration, 'max_staleness')).toThrow('max_staleness must be from 0 to 3600 seconds');
  });
});
