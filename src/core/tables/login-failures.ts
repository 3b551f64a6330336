import type { Instant } from '../model.ts';
import { integer, table, text } from '../table.ts';

/** Guesses at what one name has, failures from one address, and codes and notices that were sent to one address. */
export interface LoginFailures {
  readonly tenantId: string;
  /** What is counted, before a colon, and whose: as `subject:<id>`, `code:<purpose>:<id>`, `address:<ip>`. */
  readonly key: string;
  /** Guesses that were wrong. */
  readonly count: number;
  /** Guesses that are being checked, and count until they are given back. */
  readonly pending: number;
  readonly windowEndTime: Instant;
  readonly lockEndTime: Instant | null;
  /** When the last was counted: a row whose time is yet to come was written by a clock that was ahead, and counts for nothing. */
  readonly countTime: Instant;
}

export const LOGIN_FAILURES = table<LoginFailures>(
  'login_failures',
  {
    tenantId: text(),
    key: text(),
    count: integer(),
    pending: integer(),
    windowEndTime: integer(),
    lockEndTime: integer<number | null>(),
    countTime: integer(),
  },
  {
    key: ['tenantId', 'key'],
    forget: { by: 'expire_time' },
    derived: { expire_time: ({ windowEndTime, lockEndTime }) => Math.max(windowEndTime, lockEndTime ?? 0) },
  },
);
