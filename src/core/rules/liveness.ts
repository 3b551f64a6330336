/** Whether a token is live: the one place that says so, for Introspect, Refresh and bearer callers alike. */
import { timingSafeEqual } from 'node:crypto';
import type { Digest, Instant } from '../model.ts';
import { type One, one } from '../plan.ts';
import type { Client, ClientSecret } from '../tables/clients.ts';
import { CONSENT, type Consent } from '../tables/consents.ts';
import { type Family, subjectKindOf } from '../tables/families.ts';
import type { Subject } from '../tables/subjects.ts';
import type { Tenant } from '../tables/tenants.ts';

/** The client of families that belong to none: tokens of a device alone. */
export const NO_CLIENT = '';

/** What only a refresh needs, and what is only listed. */
type NotRead = 'refresh' | 'refreshClientId' | 'keyId' | 'placeAddress' | 'placeAgent' | 'visitTime';

/** A family as far as it decides about its tokens. */
export interface FamilyReading extends Omit<Family, NotRead> {
  /** Until when the last refresh can be repeated; 0 when it can't. */
  readonly repeatUntil: Instant;
}

/** The rows that decide about a family. */
export interface FamilyRows {
  readonly family: Pick<
    Family,
    'tenantId' | 'clientId' | 'revokedRevision' | 'expireTime' | 'kind' | 'issueRevision' | 'consentId'
  >;
  readonly tenant: Pick<Tenant, 'disabled' | 'cutoff'>;
  /** Undefined when it was deleted, and of a family that belongs to none. */
  readonly client: Pick<Client, 'tenantId' | 'disabled' | 'cutoff'> | undefined;
  /** Undefined when it was deleted; says nothing about tokens of a client. */
  readonly subject: Pick<Subject, 'tenantId' | 'disabled' | 'cutoff'> | undefined;
  /** Undefined when it was deleted, and of a family that hangs on none. */
  readonly consent: ConsentState | undefined;
}

/** A consent as far as it decides. */
export type ConsentState = Pick<Consent, 'tenantId' | 'withdrawTime' | 'cutoff'>;

/** What a family hangs on, for who reads the rows that decide about it. */
export function readConsentOf(family: Pick<Family, 'consentId'> | undefined): One<Consent> {
  return one(CONSENT, family?.consentId ? { consentId: family.consentId } : undefined);
}

/** The rows that decide about a token. */
export interface TokenReading extends FamilyRows {
  readonly family: FamilyReading;
}

/**
 * Whether the family may still have live tokens. Cutoffs of all levels combine by max, so that none masks another, and they are
 * compared by revision: two events within one millisecond, or a clock that was set back, let nothing slip through.
 */
export function isFamilyLive({ family, tenant, client, subject, consent }: FamilyRows, now: Instant): boolean {
  if (family.revokedRevision !== null || isOver(family, now) || tenant.disabled) {
    return false;
  }
  if (family.consentId !== null && !isConsented(family, consent)) {
    return false;
  }
  const clientCutoff = cutoffOfClient(family, client);
  if (clientCutoff === undefined) {
    return false;
  }
  if (subjectKindOf(family.kind) === 'client') {
    return family.issueRevision >= Math.max(tenant.cutoff, clientCutoff);
  }
  if (subject === undefined || subject.disabled || subject.tenantId !== family.tenantId) {
    return false;
  }
  return family.issueRevision >= Math.max(tenant.cutoff, clientCutoff, subject.cutoff);
}

/** Undefined: by its client the family is dead. What belongs to no client is a device's, and no client ends it. */
function cutoffOfClient(
  { tenantId, clientId, kind }: FamilyRows['family'],
  client: FamilyRows['client'],
): number | undefined {
  if (clientId === NO_CLIENT) {
    return kind === 'DEVICE' ? 0 : undefined;
  }
  // An id that was deleted here and taken by another tenant names somebody else, whose cutoff counts other revisions.
  return client === undefined || client.disabled || client.tenantId !== tenantId ? undefined : client.cutoff;
}

/** What was granted anew does not revive what hung on it before it was withdrawn. */
function isConsented(
  { tenantId, issueRevision }: Pick<Family, 'tenantId' | 'issueRevision'>,
  consent: ConsentState | undefined,
): boolean {
  return consent?.tenantId === tenantId && consent.withdrawTime === null && issueRevision >= consent.cutoff;
}

function isOver({ expireTime }: Pick<Family, 'expireTime'>, now: Instant): boolean {
  return expireTime !== null && expireTime <= now;
}

/** Whether an access token with this digest opens anything now. The digest decides, whatever the token says of itself. */
export function isLive(reading: TokenReading, digest: Digest, now: Instant): boolean {
  const { family } = reading;
  return timingSafeEqual(family.accessDigest, digest) && family.accessExpireTime > now && isFamilyLive(reading, now);
}

/** The secret with this digest that has not expired; of several, the one that lives longest. */
export function liveSecret(secrets: readonly ClientSecret[], digest: Digest, now: Instant): ClientSecret | undefined {
  let found: ClientSecret | undefined;
  let end = now;
  // All of them, whichever is right.
  for (const secret of secrets) {
    const itsEnd = secret.expireTime ?? Number.POSITIVE_INFINITY;
    if (timingSafeEqual(secret.digest, digest) && itsEnd > end) {
      found = secret;
      end = itsEnd;
    }
  }
  return found;
}

export function matchesSecret(secrets: readonly ClientSecret[], digest: Digest, now: Instant): boolean {
  return liveSecret(secrets, digest, now) !== undefined;
}
