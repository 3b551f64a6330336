import type { TenantServiceService } from '../../../gen/ts/symbolon/v1/tenant_service.ts';
import {
  createTenant,
  disableTenant,
  enableTenant,
  getTenant,
  listTenants,
  updateTenant,
} from '../../core/operations/tenants.ts';
import { parseId } from '../messages/fields.ts';
import { parseNewTenant, parseTenantId, parseTenantUpdate, toTenantMessage } from '../messages/tenants.ts';
import { change, ending, type Methods, read } from './method.ts';

export const TENANT_METHODS: Methods<keyof typeof TenantServiceService> = {
  createTenant: change(async (services, call, request) => ({
    tenant: toTenantMessage(await createTenant(services, call, parseNewTenant(request))),
  })),
  getTenant: read(async (services, call, { tenantId }) => ({
    tenant: toTenantMessage(await getTenant(services, call, parseTenantId(tenantId))),
  })),
  listTenants: read(async (services, call, request) => {
    const { items, nextPageToken } = await listTenants(services, call, request);
    return { tenants: items.map(toTenantMessage), nextPageToken };
  }),
  updateTenant: change(async (services, call, request) => ({
    tenant: toTenantMessage(await updateTenant(services, call, parseTenantUpdate(request))),
  })),
  // Not the caller's own by mistake.
  disableTenant: ending((services, call, { tenantId }) =>
    disableTenant(services, call, parseId(tenantId, 'tenant_id')),
  ),
  enableTenant: change(async (services, call, { tenantId }) => {
    await enableTenant(services, call, parseId(tenantId, 'tenant_id'));
    return {};
  }),
};
