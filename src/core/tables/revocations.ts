import type { Instant, RevocationCause } from '../model.ts';
import { integer, table, text } from '../table.ts';

/** What a revocation event is about. */
export type RevocationScope = 'family' | 'user' | 'device' | 'client' | 'tenant' | 'consent';

/** One event of a tenant's revocation log. */
export interface RevocationEvent {
  readonly tenantId: string;
  readonly revision: number;
  readonly scope: RevocationScope;
  /** The id of the family, user, device, client or tenant; of a consent `consentKeyOf` of both. */
  readonly key: string;
  readonly cause: RevocationCause;
  readonly eventTime: Instant;
}

/** Whose tokens a consent's end is about: ids of clients have no spaces in them. */
export function consentKeyOf({ subjectId, clientId }: ConsentPair): string {
  return `${subjectId} ${clientId}`;
}

export function consentPairOf(key: string): ConsentPair {
  const end = key.lastIndexOf(' ');
  return { subjectId: key.slice(0, end), clientId: key.slice(end + 1) };
}

export interface ConsentPair {
  readonly subjectId: string;
  readonly clientId: string;
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
