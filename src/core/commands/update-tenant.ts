import { answer, refuse, set } from '../changes.ts';
import { given } from '../given.ts';
import { lockRow, one } from '../plan.ts';
import { refusePolicy, type TenantPolicy } from '../policy.ts';
import { refuseBrand } from '../rules/brand.ts';
import { notFound } from '../rules/refusals.ts';
import { entry, namesOf, rule } from '../rules/rule.ts';
import { TENANT, type TenantBrand } from '../tables/tenants.ts';

/** Changes what is given of a tenant; what is absent stays as it is. */
export interface UpdateTenant extends Partial<TenantBrand> {
  readonly kind: 'update_tenant';
  readonly tenantId: string;
  readonly policy?: Partial<TenantPolicy> | undefined;
}

/** What of a command is seen by people. */
function lookOf({ displayName, logoUri, accentColor }: Partial<TenantBrand>): Partial<TenantBrand> {
  return given({ displayName, logoUri, accentColor });
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
    const { displayName, logoUri, accentColor } = { ...tenant, ...lookOf(command) };
    const fields = { displayName, logoUri, accentColor, policy: { ...tenant.policy, ...command.policy } };
    const refusal = refusePolicy(fields.policy) ?? refuseBrand(fields);
    if (refusal !== undefined) {
      return refuse(refusal);
    }
    const { tenantId } = tenant;
    return answer({ tenant: { ...tenant, ...fields } }, [set(TENANT, { tenantId }, fields)]);
  },
  audit: ({ tenantId, policy, ...command }) =>
    entry(tenantId, 'update_tenant', 'tenant', tenantId, [...namesOf(lookOf(command)), ...namesOf(policy ?? {})]),
});
