/** What it does to a tenant that its store lost its end: a backup was restored, or a standby promoted that lacked something. */
import { SERVER } from '../actor.ts';
import { type Change, merged, set } from '../changes.ts';
import type { Instant } from '../model.ts';
import { TENANT, type Tenant } from '../tables/tenants.ts';
import { appendAudit } from './audit.ts';
import { leapOf } from './leap.ts';
import { logRevocation } from './revoking.ts';
import { type AuditEntry, entry } from './rule.ts';

/**
 * Revisions leap, and so does the number that remembered clients are compared by.
 *
 * The log has a gap then, also where tokens are kept: who follows it can't go on from before, and begins afresh. Unless they are kept, every
 * token of the tenant ends, for the store does not know which of them were revoked in what it lost.
 */
export function rewoundTenant(tenant: Tenant, now: Instant, keepTokens: boolean): readonly Change[] {
  const { tenantId } = tenant;
  const { revision, clientVersion } = leapOf(tenant, now);
  if (keepTokens) {
    return [set(TENANT, { tenantId }, { revision, clientVersion })];
  }
  const { changes } = logRevocation({ ...tenant, revision: revision - 1 }, 'tenant', tenantId, 'restored', now);
  return merged([...changes, set(TENANT, { tenantId }, { cutoff: revision, clientVersion })]);
}

export function restoreEntry(tenantId: string): AuditEntry {
  return entry(tenantId, 'restore', 'tenant', tenantId);
}

/** With its record for the audit log. */
export function restoredTenant(tenant: Tenant, now: Instant, keepTokens: boolean): readonly Change[] {
  const record = { ...restoreEntry(tenant.tenantId), result: 'ok', actor: { ...SERVER, kind: 'operator' } as const };
  return merged([...rewoundTenant(tenant, now, keepTokens), ...appendAudit(tenant, record, now)]);
}
