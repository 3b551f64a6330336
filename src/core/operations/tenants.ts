import { SymbolonError } from '../errors.ts';
import { given } from '../given.ts';
import { TENANT_ID_FORM } from '../names.ts';
import { isPermitted, type Permission, requirePermission } from '../permissions.ts';
import { type PolicyProfile, policyOfProfile, requirePolicy, type TenantPolicy } from '../policy.ts';
import { readTenant } from '../services/lookups.ts';
import type { Services } from '../services/services.ts';
import { TENANTS, type Tenant, type TenantBrand } from '../tables/tenants.ts';
import { requireDisplayName } from '../text/fields.ts';
import type { Call } from './authenticate.ts';
import { type Listed, listPage, type PageRequest } from './pages.ts';
import { perform } from './perform.ts';
import { requireScopes } from './validate.ts';

export interface NewTenant {
  readonly tenantId: string;
  /** Empty: its id. */
  readonly displayName: string;
  readonly profile: PolicyProfile;
  /** What is absent is as in the profile. */
  readonly policy: Partial<TenantPolicy>;
  readonly publicScopes: readonly string[];
  /** What pages show. Empty or absent: nothing. */
  readonly logoUri?: string;
  /** `#rrggbb`. Empty or absent: the pages' own. */
  readonly accentColor?: string;
}

export async function createTenant(services: Services, call: Call, request: NewTenant): Promise<Tenant> {
  requirePermission(call.caller, 'manage_tenants');
  const { tenantId } = request;
  if (!TENANT_ID_FORM.test(tenantId)) {
    throw new SymbolonError(
      'invalid_argument',
      'tenant_id must be 1 to 63 of a-z 0-9 - _, beginning with a letter or digit',
    );
  }
  const policy = { ...policyOfProfile(request.profile), ...requirePolicy(request.policy) };
  const displayName = requireDisplayName(request.displayName === '' ? tenantId : request.displayName);
  const publicScopes = requireScopes(request.publicScopes);
  await perform(services, call, 'manage_tenants', {
    kind: 'create_tenant',
    tenantId,
    displayName,
    policy,
    publicScopes,
    ...given({ logoUri: request.logoUri, accentColor: request.accentColor }),
  });
  return requireTenant(services, tenantId);
}

/** Undefined: the caller's own. */
export async function getTenant(services: Services, call: Call, tenantId: string | undefined): Promise<Tenant> {
  requirePermission(call.caller, 'read_tenant');
  return requireTenant(services, tenantOf(call, tenantId));
}

export async function listTenants(services: Services, call: Call, page: PageRequest): Promise<Listed<Tenant>> {
  requirePermission(call.caller, 'manage_tenants');
  return listPage(services, call, { name: ['tenants'], list: TENANTS, by: {} }, page);
}

export interface TenantUpdate extends Partial<TenantBrand> {
  readonly tenantId: string | undefined;
  readonly policy?: Partial<TenantPolicy>;
}

export async function updateTenant(services: Services, call: Call, update: TenantUpdate): Promise<Tenant> {
  requirePermission(call.caller, 'update_tenant');
  const tenantId = tenantOf(call, update.tenantId);
  const { displayName, logoUri, accentColor, policy } = update;
  const { tenant } = await perform(services, call, inTenant(call, tenantId, 'update_tenant'), {
    kind: 'update_tenant',
    tenantId,
    ...(displayName === undefined ? {} : { displayName: requireDisplayName(displayName) }),
    ...given({ logoUri, accentColor }),
    ...(policy === undefined ? {} : { policy: requirePolicy(policy) }),
  });
  return tenant;
}

/** Answers the revision. */
export async function disableTenant(services: Services, call: Call, tenantId: string): Promise<{ revision: number }> {
  requirePermission(call.caller, 'manage_tenants');
  const target = { kind: 'tenant', id: tenantOf(call, tenantId) } as const;
  const command = { kind: 'cut_off', tenantId: target.id, target, cause: 'disabled' } as const;
  const { revision } = await perform(services, call, 'manage_tenants', command);
  return { revision };
}

export async function enableTenant(services: Services, call: Call, tenantId: string): Promise<void> {
  requirePermission(call.caller, 'manage_tenants');
  const target = { kind: 'tenant', id: tenantOf(call, tenantId) } as const;
  await perform(services, call, 'manage_tenants', { kind: 'enable', tenantId: target.id, target });
}

/** The tenant that is named, or the caller's own; another's is as unknown to who is no operator. */
export function tenantOf({ caller }: Call, tenantId: string | undefined): string {
  if (tenantId === undefined || tenantId === '' || tenantId === caller.tenantId) {
    return caller.tenantId;
  }
  if (!isPermitted(caller, 'manage_tenants')) {
    throw tenantNotFound(tenantId);
  }
  return tenantId;
}

/** What a change in a tenant needs: in another than the caller's an operator's right besides. */
export function inTenant({ caller }: Call, tenantId: string, permission: Permission): readonly Permission[] {
  return tenantId === caller.tenantId ? [permission] : [permission, 'manage_tenants'];
}

async function requireTenant({ store }: Services, tenantId: string): Promise<Tenant> {
  const tenant = await readTenant(store, tenantId);
  if (tenant === undefined) {
    throw tenantNotFound(tenantId);
  }
  return tenant;
}

export function tenantNotFound(tenantId: string): SymbolonError {
  return new SymbolonError('not_found', `There is no tenant ${tenantId}`);
}
