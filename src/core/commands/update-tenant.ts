import { answer, refuse, set } from '../changes.ts';
import { lockRow, one } from '../plan.ts';
import { refusePolicy, type TenantPolicy } from '../policy.ts';
import { notFound } from '../rules/refusals.ts';
import { entry, namesOf, rule } from '../rules/rule.ts';
import { TENANT } from '../tables/tenants.ts';

/** Changes what is given of a tenant; what is absent stays as it is. */
export interface UpdateTenant {
  readonly kind: 'update_tenant';
  readonly tenantId: string;
  readonly displayName?: string | undefined;
  readonly policy?: Partial<TenantPolicy> | undefined;
}

export const updateTenant = rule<UpdateTenant>()({
  kind: 'update_tenant',
  plan: ({ tenantId }) => ({
    locks: [lockRow(TENANT, { tenantId })],
    reads: { tenant: one(TENANT, { tenantId }) },
  }),
  decide: ({ tenant }, command) => {
    if (tenant === undefined) {
      return refuse(notFound('tenant', command.tenantId));
    }
    const policy = { ...tenant.policy, ...command.policy };
    const refusal = refusePolicy(policy);
    if (refusal !== undefined) {
      return refuse(refusal);
    }
    const { tenantId } = tenant;
    const fields = { displayName: command.displayName ?? tenant.displayName, policy };
    return answer({ tenant: { ...tenant, ...fields } }, [set(TENANT, { tenantId }, fields)]);
  },
  audit: ({ tenantId, displayName, policy }) =>
    entry(tenantId, 'update_tenant', 'tenant', tenantId, [...namesOf({ displayName }), ...namesOf(policy ?? {})]),
});
