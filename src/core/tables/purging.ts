import type { Instant } from '../model.ts';
import { integer, table } from '../table.ts';

/** How far the purge has come; one row at most. */
export interface PurgeHorizon {
  readonly id: 1;
  /** What had expired by then may be deleted. */
  readonly horizon: Instant;
}

export const PURGE_HORIZON = table<PurgeHorizon>(
  'purge_horizon',
  { id: integer<1>(), horizon: integer() },
  { key: ['id'] },
);
