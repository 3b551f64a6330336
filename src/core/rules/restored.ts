/** What a restored backup does to its tenants. */
import { SERVER } from '../actor.ts';
import { type Change, merged, set } from '../changes.ts';
import type { Instant } from '../model.ts';
import { TENANT, type Tenant } from '../tables/tenants.ts';
import { appendAudit } from './audit.ts';
import { logRevocation } from './revoking.ts';
import { entry } from './rule.ts';

/** Where the clock went back since the backup: more revocations than a tenant has between two backups. */
const MIN_LEAP = 1_000_000_000;
/** No tenant has a revocation each microsecond. */
const REVISIONS_PER_MS = 1_000;

/**
 * Makes the revision leap over all that were given since the backup, so that none is given twice. Microseconds since 1970 are ahead of every
 * revision that was given before now, in this history and in those that other restores began: none of them grew by one in each.
 *
 * The log has a gap then, also where tokens are kept: who follows it can't go on from before, and begins afresh. Unless they are kept, every
 * token of the tenant ends, for a backup does not know which of them were revoked after it.
 */
export function restoredTenant(tenant: Tenant, now: Instant, keepTokens: boolean): readonly Change[] {
  const revision = Math.max(tenant.revision + MIN_LEAP, now * REVISIONS_PER_MS);
  const { tenantId } = tenant;
  const record = { ...entry(tenantId, 'restore', 'tenant', tenantId), result: 'ok' };
  const audit = appendAudit(tenant, { ...record, actor: { ...SERVER, kind: 'operator' } }, now);
  if (keepTokens) {
    return merged([set(TENANT, { tenantId }, { revision }), ...audit]);
  }
  const { changes } = logRevocation({ ...tenant, revision: revision - 1 }, 'tenant', tenantId, 'restored', now);
  return merged([...changes, set(TENANT, { tenantId }, { cutoff: revision }), ...audit]);
}
