import type { Instant } from '../model.ts';
import { integer, table, text } from '../table.ts';

/** Failed logins of one name or from one address, and codes that were sent to one address. */
export interface LoginFailures {
  readonly tenantId: string;
  /** `subject:<id>`, `name:<kind>:<name>` when nobody has that name, or `address:<ip>`. */
  readonly key: string;
  readonly count: number;
  readonly windowEndTime: Instant;
  readonly lockEndTime: Instant | null;
}

export const LOGIN_FAILURES = table<LoginFailures>(
  'login_failures',
  { tenantId: text(), key: text(), count: integer(), windowEndTime: integer(), lockEndTime: integer<number | null>() },
  {
    key: ['tenantId', 'key'],
    forget: { by: 'expire_time' },
    derived: { expire_time: ({ windowEndTime, lockEndTime }) => Math.max(windowEndTime, lockEndTime ?? 0) },
  },
);
