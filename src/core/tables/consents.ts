import type { Instant } from '../model.ts';
import { integer, type List, table, text, words } from '../table.ts';

/** What a user granted to a client: the scopes, until it is withdrawn. Its row stays after that, for its cutoff. */
export interface Consent {
  /** Follows from the user and the client, so that there is one of both. */
  readonly consentId: string;
  readonly tenantId: string;
  readonly subjectId: string;
  readonly clientId: string;
  /** Empty once it is withdrawn. Those that are for one resource server alone have its id behind them: rules/consents.ts reads them. */
  readonly scopes: readonly string[];
  /** Families that hang on it and were issued at an earlier revision than this are dead. */
  readonly cutoff: number;
  /** When scopes were granted last. */
  readonly grantTime: Instant;
  /** Null while it stands. */
  readonly withdrawTime: Instant | null;
}

export const CONSENT = table<Consent>(
  'consent',
  {
    consentId: text(),
    tenantId: text(),
    subjectId: text(),
    clientId: text(),
    scopes: words(),
    cutoff: integer(),
    grantTime: integer(),
    withdrawTime: integer<number | null>(),
  },
  { key: ['consentId'], diesWith: ['subjectId', 'clientId'] },
);

export const CONSENTS: List<Consent> = { table: CONSENT, by: ['tenantId', 'subjectId'], order: ['consentId'] };
