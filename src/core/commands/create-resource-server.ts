import { answer, insert, refuse } from '../changes.ts';
import { each } from '../plan.ts';
import { notFound, taken } from '../rules/refusals.ts';
import { planResourceServer, refuseResourceServerId } from '../rules/resource-servers.ts';
import { firstCutoff } from '../rules/revoking.ts';
import { entry, rule } from '../rules/rule.ts';
import { CLIENT, type Client } from '../tables/clients.ts';
import { RESOURCE_SERVER, type ResourceServer } from '../tables/resource-servers.ts';

export interface CreateResourceServer extends Omit<ResourceServer, 'cutoff' | 'createTime'> {
  readonly kind: 'create_resource_server';
}

export const createResourceServer = rule<CreateResourceServer>()({
  kind: 'create_resource_server',
  plan: (command) => {
    const { locks, reads } = planResourceServer(command);
    return { locks, reads: { ...reads, clients: readClients(command.clientIds) } };
  },
  decide: ({ tenant, resourceServer: existing, clients }, { kind: _, ...command }, now) => {
    const { tenantId, resourceServerId } = command;
    const refusal = refuseResourceServerId(resourceServerId);
    if (refusal !== undefined || tenant === undefined) {
      return refuse(refusal ?? notFound('tenant', tenantId));
    }
    if (existing !== undefined) {
      return refuse(taken('resource_server_id', resourceServerId));
    }
    const stranger = strangerAmong(command.clientIds, clients, tenantId);
    if (stranger !== undefined) {
      return refuse(notFound('client', stranger));
    }
    const resourceServer: ResourceServer = { ...command, cutoff: firstCutoff(tenant), createTime: now };
    return answer({ resourceServer }, [insert(RESOURCE_SERVER, resourceServer)]);
  },
  audit: ({ tenantId, resourceServerId, clientIds }) =>
    entry(tenantId, 'create_resource_server', 'resource_server', resourceServerId, clientIds),
});

/** The clients that shall introspect. */
export function readClients(clientIds: readonly string[]) {
  return each(
    CLIENT,
    clientIds.map((clientId) => ({ clientId })),
  );
}

/** The id that names no client of the tenant; undefined when all do. */
export function strangerAmong(
  clientIds: readonly string[],
  clients: readonly Client[],
  tenantId: string,
): string | undefined {
  return clientIds.find((id) => !clients.some((client) => client.clientId === id && client.tenantId === tenantId));
}
