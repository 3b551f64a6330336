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

/** What a user agreed to. */
export interface Agreed {
  readonly scopes: readonly string[];
  /** The resource server that they are for alone; null: any. */
  readonly audience: string | null;
}

/** Between a scope and the resource server that it was granted for alone: neither has the character (RFC 6749 section 3.3, RFC 8707). */
const FOR = '"';

function keptOf({ scopes, audience }: Agreed): readonly string[] {
  return audience === null ? scopes : scopes.map((scope) => scope + FOR + audience);
}

/** What of it holds for tokens of this audience: what was granted for one resource server alone gives nothing at others. */
export function scopesAt({ scopes }: Pick<Consent, 'scopes'>, audience: string | null): readonly string[] {
  return scopes.flatMap((kept) => {
    const [scope = '', only = audience] = kept.split(FOR);
    return only === audience ? [scope] : [];
  });
}

/** All of it, for who is told what was granted. */
export function scopesOf({ scopes }: Pick<Consent, 'scopes'>): readonly string[] {
  return [...new Set(scopes.map((kept) => kept.split(FOR, 1)[0] ?? ''))];
}

/** All of it by what it is for: what is for any resource server first. */
export function grantsOf({ scopes }: Pick<Consent, 'scopes'>): readonly Agreed[] {
  const by = Map.groupBy(scopes, (kept) => kept.split(FOR)[1] ?? null);
  const grants = [...by].map(([audience, those]) => ({ audience, scopes: scopesAt({ scopes: those }, audience) }));
  return grants.sort((a, b) => Number(a.audience !== null) - Number(b.audience !== null));
}

/** What is left of it where the client is registered for less by now. */
export function registeredOf<C extends Pick<Consent, 'scopes'>>(consent: C, registered: readonly string[]): C {
  return { ...consent, scopes: consent.scopes.filter((kept) => registered.includes(kept.split(FOR, 1)[0] ?? '')) };
}

/** Whether what stands covers all that is asked for. */
export function covers(
  consent: Pick<Consent, 'scopes' | 'withdrawTime'> | undefined,
  { scopes, audience }: Agreed,
): boolean {
  if (consent?.withdrawTime !== null) {
    return false;
  }
  const granted = scopesAt(consent, audience);
  return scopes.every((scope) => granted.includes(scope));
}

/**
 * Adds scopes to what stands; nothing where it covers them. After a withdrawal only these are granted, and what hung on the consent before
 * stays dead.
 */
export function consentChange(
  { tenantId, subjectId, clientId }: Granted,
  before: Consent | undefined,
  agreed: Agreed,
  tenant: Tenant,
  now: Instant,
): readonly Change[] {
  if (covers(before, agreed)) {
    return [];
  }
  const standing = before?.withdrawTime === null ? before : undefined;
  const consent: Consent = {
    consentId: consentIdOf(tenantId, subjectId, clientId),
    tenantId,
    subjectId,
    clientId,
    scopes: [...new Set([...(standing?.scopes ?? []), ...keptOf(agreed)])],
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
