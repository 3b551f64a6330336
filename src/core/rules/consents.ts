/** What a user granted to a client: one row for both, whose id follows from them. */
import { hash } from 'node:crypto';
import { encodeBytes } from '../base62.ts';
import { type Change, put } from '../changes.ts';
import { ID_BYTES } from '../ids.ts';
import type { Instant } from '../model.ts';
import { CONSENT, type Consent } from '../tables/consents.ts';
import type { Tenant } from '../tables/tenants.ts';
import { firstCutoff } from './revoking.ts';
import { type AuditEntry, entry } from './rule.ts';

/** Each text with its length, so that no two pairs read alike. Public: it proves nothing. */
export function consentIdOf(tenantId: string, subjectId: string, clientId: string): string {
  const texts = [tenantId, subjectId, clientId].map((text) => `${text.length}:${text}`).join('');
  return `co_${encodeBytes(hash('sha256', texts, 'buffer').subarray(0, ID_BYTES))}`;
}

/** Whose consent it is. */
export interface Granted {
  readonly tenantId: string;
  readonly subjectId: string;
  readonly clientId: string;
}

/** Whether what stands covers all scopes that are asked for. */
export function covers(
  consent: Pick<Consent, 'scopes' | 'withdrawTime'> | undefined,
  scopes: readonly string[],
): boolean {
  return consent?.withdrawTime === null && scopes.every((scope) => consent.scopes.includes(scope));
}

/**
 * Adds scopes to what stands; nothing where it covers them. After a withdrawal only these are granted, and what hung on the consent before
 * stays dead.
 */
export function consentChange(
  { tenantId, subjectId, clientId }: Granted,
  before: Consent | undefined,
  scopes: readonly string[],
  tenant: Tenant,
  now: Instant,
): readonly Change[] {
  if (covers(before, scopes)) {
    return [];
  }
  const standing = before?.withdrawTime === null ? before : undefined;
  const consent: Consent = {
    consentId: consentIdOf(tenantId, subjectId, clientId),
    tenantId,
    subjectId,
    clientId,
    scopes: [...new Set([...(standing?.scopes ?? []), ...scopes])],
    cutoff: standing?.cutoff ?? firstCutoff(tenant),
    grantTime: now,
    withdrawTime: null,
  };
  return [put(CONSENT, consent)];
}

/** The record of a grant. */
export function consentEntry({ tenantId, subjectId, clientId }: Granted, scopes: readonly string[]): AuditEntry {
  const consentId = consentIdOf(tenantId, subjectId, clientId);
  return entry(tenantId, 'grant_consent', 'consent', consentId, [`client ${clientId}`, ...scopes]);
}
