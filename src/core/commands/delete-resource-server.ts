import { answer, drop, refuse } from '../changes.ts';
import { notFound } from '../rules/refusals.ts';
import { planResourceServer } from '../rules/resource-servers.ts';
import { logRevocation } from '../rules/revoking.ts';
import { entry, rule } from '../rules/rule.ts';
import { RESOURCE_SERVER } from '../tables/resource-servers.ts';

/** Ends no token. But nobody is told any more that those are live which are for it, and one of the same id that comes later is another. */
export interface DeleteResourceServer {
  readonly kind: 'delete_resource_server';
  readonly tenantId: string;
  readonly resourceServerId: string;
  /** Of no login: each revision has its event, and this one ends nothing. */
  readonly noFamilyId: string;
}

export const deleteResourceServer = rule<DeleteResourceServer>()({
  kind: 'delete_resource_server',
  plan: planResourceServer,
  decide: ({ tenant, resourceServer }, { tenantId, resourceServerId, noFamilyId }, now) => {
    if (tenant === undefined || resourceServer === undefined) {
      return refuse(notFound('resource_server', resourceServerId));
    }
    // What is for it was issued before this revision, which is the least that the cutoff of another can be.
    const { revision, changes } = logRevocation(tenant, 'family', noFamilyId, 'deleted', now);
    return answer({ revision }, [...changes, drop(RESOURCE_SERVER, { tenantId, resourceServerId })]);
  },
  audit: ({ tenantId, resourceServerId }) =>
    entry(tenantId, 'delete_resource_server', 'resource_server', resourceServerId),
});
