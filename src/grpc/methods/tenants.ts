import {
  createTenant,
  disableTenant,
  enableTenant,
  getTenant,
  listTenants,
  updateTenant,
} from '../../core/operations/directory/tenants.ts';
import { idOf } from '../messages/fields.ts';
import { newTenantOf, tenantIdOf, tenantMessageOf, tenantUpdateOf } from '../messages/tenants.ts';
import { change, type Methods, read } from './method.ts';

export const TENANT_METHODS: Methods<
  'createTenant' | 'getTenant' | 'listTenants' | 'updateTenant' | 'disableTenant' | 'enableTenant'
> = {
  createTenant: change(async (services, call, request) => ({
    tenant: tenantMessageOf(await createTenant(services, call, newTenantOf(request))),
  })),
  getTenant: read(async (services, call, { tenantId }) => ({
    tenant: tenantMessageOf(await getTenant(services, call, tenantIdOf(tenantId))),
  })),
  listTenants: read(async (services, call, request) => {
    const { items, nextPageToken } = await listTenants(services, call, request);
    return { tenants: items.map(tenantMessageOf), nextPageToken };
  }),
  updateTenant: change(async (services, call, request) => ({
    tenant: tenantMessageOf(await updateTenant(services, call, tenantUpdateOf(request))),
  })),
  // Not the caller's own by mistake.
  disableTenant: change((services, call, { tenantId }) => disableTenant(services, call, idOf(tenantId, 'tenant_id'))),
  enableTenant: change(async (services, call, { tenantId }) => {
    await enableTenant(services, call, idOf(tenantId, 'tenant_id'));
    return {};
  }),
};
