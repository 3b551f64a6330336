import type { Instant, RevocationCause } from '../model.ts';
import { integer, table, text } from '../table.ts';

/** What a revocation event is about. */
export type RevocationScope = 'family' | 'user' | 'device' | 'client' | 'tenant';

/** One event of a tenant's revocation log. */
export interface RevocationEvent {
  readonly tenantId: string;
  readonly revision: number;
  readonly scope: RevocationScope;
  /** The id of the family, user, device, client or tenant. */
  readonly key: string;
  readonly cause: RevocationCause;
  readonly eventTime: Instant;
}

/** For how long events are kept for those who follow the log. */
export const REVOCATION_RETENTION_MS = 30 * 24 * 3_600_000;

export const REVOCATION = table<RevocationEvent>(
  'revocation',
  {
    tenantId: text(),
    revision: integer(),
    scope: text<RevocationScope>(),
    key: text(),
    cause: text<RevocationCause>(),
    eventTime: integer(),
  },
  { key: ['tenantId', 'revision'], forget: { by: 'eventTime', afterMs: REVOCATION_RETENTION_MS } },
);
