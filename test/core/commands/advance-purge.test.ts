import { expect, it } from 'vitest';
import { advancePurge } from '../../../src/core/commands/advance-purge.ts';

const NOW = 1_900_000_000_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const YEAR = 365 * 24 * HOUR;

it.each([
  ['of a new store', undefined, 0, NOW, true],
  ['that is where it was', NOW, 30_000, NOW, false],
  ['that is behind by less than is written down', NOW - 9 * MINUTE, 30_000, NOW, false],
  ['that is behind by as much', NOW - 10 * MINUTE, 30_000, NOW, true],
  ['right after a start', NOW - HOUR, 0, NOW - HOUR, false],
  ['that makes up for what it missed', NOW - YEAR, MINUTE, NOW - YEAR + 24 * MINUTE, true],
  ['whose caller has looked away for long', NOW - YEAR, YEAR, NOW - YEAR + 4 * HOUR, true],
  ['of a clock that is behind', NOW + YEAR, MINUTE, NOW, false],
] as const)('the horizon %s', (_, horizon, elapsedMs, expected, kept) => {
  const before = horizon === undefined ? undefined : ({ id: 1, horizon } as const);
  const { outcome, changes } = advancePurge.decide({ before }, { kind: 'advance_purge', elapsedMs }, NOW);
  expect(outcome).toEqual({ answer: { horizon: expected, kept } });
  expect(changes).toHaveLength(kept ? 1 : 0);
});
