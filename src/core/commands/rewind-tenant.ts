import { answer, type Decision, refuse } from '../changes.ts';
import { lockRow, one } from '../plan.ts';
import { notFound } from '../rules/refusals.ts';
import { restoreEntry, rewoundTenant } from '../rules/restored.ts';
import { rule } from '../rules/rule.ts';
import { TENANT } from '../tables/tenants.ts';

/** Says that the store lost its end: revisions of the tenant leap, and its tokens end. */
export interface RewindTenant {
  readonly kind: 'rewind_tenant';
  readonly tenantId: string;
  /** Ends no token, though revocations may have been lost. */
  readonly keepTokens: boolean;
}

export const rewindTenant = rule<RewindTenant>()({
  kind: 'rewind_tenant',
  plan: ({ tenantId }) => ({
    locks: [lockRow(TENANT, { tenantId })],
    reads: { tenant: one(TENANT, { tenantId }) },
  }),
  decide: ({ tenant }, { tenantId, keepTokens }, now): Decision<Record<never, never>> =>
    tenant === undefined ? refuse(notFound('tenant', tenantId)) : answer({}, rewoundTenant(tenant, now, keepTokens)),
  audit: ({ tenantId }) => restoreEntry(tenantId),
});
