import { answer, insert, refuse } from '../changes.ts';
import type { Refusal } from '../errors.ts';
import { one } from '../plan.ts';
import { refusePolicy, type TenantPolicy } from '../policy.ts';
import { AUDIT_START } from '../rules/audit.ts';
import { refuseBrand } from '../rules/brand.ts';
import { taken } from '../rules/refusals.ts';
import { entry, rule } from '../rules/rule.ts';
import { CLIENT, defaultRegistration } from '../tables/clients.ts';
import { TENANT } from '../tables/tenants.ts';

export interface CreateTenant {
  readonly kind: 'create_tenant';
  readonly tenantId: string;
  readonly displayName: string;
  readonly policy: TenantPolicy;
  /** What the tenant's public client, which bears the tenant's id, may ask for. */
  readonly publicScopes: readonly string[];
  /** Absent: none. */
  readonly logoUri?: string;
  /** Absent: the pages' own. */
  readonly accentColor?: string;
}

/** By a tenant, or by a client of another. */
function idTaken(tenantId: string): Refusal {
  return { ...taken('id', tenantId), about: { field: 'tenant_id', value: tenantId } };
}

/** A tenant comes with a public client of the same id, which is what legacy clients name as their app. */
export const createTenant = rule<CreateTenant>()({
  kind: 'create_tenant',
  plan: ({ tenantId }) => ({
    locks: [],
    reads: { tenant: one(TENANT, { tenantId }), client: one(CLIENT, { clientId: tenantId }) },
  }),
  decide: ({ tenant, client }, { tenantId, displayName, policy, publicScopes, ...look }, now) => {
    const brand = { logoUri: look.logoUri ?? '', accentColor: look.accentColor ?? '' };
    const isFree = tenant === undefined && client === undefined;
    const refusal = isFree ? (refusePolicy(policy) ?? refuseBrand(brand)) : idTaken(tenantId);
    if (refusal !== undefined) {
      return refuse(refusal);
    }
    const common = { tenantId, displayName, disabled: false, cutoff: 0, createTime: now };
    const head = { auditSequence: 0, auditHash: AUDIT_START };
    const own = { ...common, clientId: tenantId, confidential: false, roles: [], scopes: publicScopes };
    return answer({}, [
      insert(TENANT, { ...common, ...brand, policy, revision: 0, clientVersion: 0, ...head }),
      insert(CLIENT, { ...own, ...defaultRegistration(own) }),
    ]);
  },
  audit: ({ tenantId }) => entry(tenantId, 'create_tenant', 'tenant', tenantId),
});
