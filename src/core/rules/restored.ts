/** What a restored backup does to the tokens that it holds. */
import { SERVER } from '../actor.ts';
import { type Change, merged, set } from '../changes.ts';
import type { Instant } from '../model.ts';
import { TENANT, type Tenant } from '../tables/tenants.ts';
import { appendAudit } from './audit.ts';
import { logRevocation } from './revoking.ts';
import { entry } from './rule.ts';

/** More revocations than a tenant has between two backups. */
const REVISION_LEAP = 1_000_000_000;

/**
 * Ends every token of the tenant, for a backup does not know which of them were revoked after it. The revision leaps over all that
 * were answered since, for callers give those as the least that they will read. The clock is in it because one backup may be
 * restored twice, and the second must leap over what was answered after the first.
 */
export function endRestored(tenant: Tenant, now: Instant): readonly Change[] {
  const cutoff = Math.max(tenant.revision + REVISION_LEAP, now);
  const { tenantId } = tenant;
  const { changes } = logRevocation({ ...tenant, revision: cutoff - 1 }, 'tenant', tenantId, 'restored', now);
  const record = { ...entry(tenantId, 'restore', 'tenant', tenantId), result: 'ok' };
  const audit = appendAudit(tenant, { ...record, actor: { ...SERVER, kind: 'operator' } }, now);
  return merged([...changes, set(TENANT, { tenantId }, { cutoff }), ...audit]);
}
