/** Whether a token is live: the one place that says so, for Introspect, Refresh and bearer callers alike. */
import type { Client, Family, Instant, Subject, Tenant, Token } from './model.ts';

/** A family without what only a refresh needs. */
export interface FamilyReading extends Omit<Family, 'lastRefresh' | 'refreshClientId' | 'issueTime'> {
  /** Until when the last refresh can be repeated; null when it can't. */
  readonly repeatUntil: Instant | null;
}

/** The rows that decide about a family. */
export interface FamilyStanding {
  readonly family: Pick<Family, 'tenantId' | 'revokedRevision' | 'expireTime' | 'subjectKind' | 'issueRevision'>;
  readonly tenant: Pick<Tenant, 'disabled' | 'cutoff'>;
  /** Undefined when it was deleted. */
  readonly client: Pick<Client, 'tenantId' | 'disabled' | 'cutoff'> | undefined;
  /** Undefined when it was deleted; says nothing about tokens of a client. */
  readonly subject: Pick<Subject, 'tenantId' | 'disabled' | 'cutoff'> | undefined;
}

/** The rows that decide about a token. */
export interface TokenReading extends FamilyStanding {
  readonly token: Omit<Token, 'digest'>;
  readonly family: FamilyReading;
}

/**
 * Whether the family may still have live tokens. Cutoffs of all levels combine by max, so that none masks another, and they are
 * compared by revision: two events within one millisecond, or a clock that was set back, let nothing slip through.
 */
export function isFamilyLive(reading: FamilyStanding, now: Instant): boolean {
  const { family, tenant, client, subject } = reading;
  if (family.revokedRevision !== null || family.expireTime <= now || tenant.disabled) {
    return false;
  }
  // An id that was deleted here and taken by another tenant names somebody else, whose cutoff counts other revisions.
  if (client === undefined || client.disabled || client.tenantId !== family.tenantId) {
    return false;
  }
  if (family.subjectKind === 'client') {
    return family.issueRevision >= Math.max(tenant.cutoff, client.cutoff);
  }
  if (subject === undefined || subject.disabled || subject.tenantId !== family.tenantId) {
    return false;
  }
  return family.issueRevision >= Math.max(tenant.cutoff, client.cutoff, subject.cutoff);
}

/** Whether an access token opens anything now. */
export function isLive(reading: TokenReading, now: Instant): boolean {
  const { token, family } = reading;
  return (
    token.use === 'access' &&
    token.expireTime > now &&
    token.generation === family.generation &&
    isFamilyLive(reading, now)
  );
}
