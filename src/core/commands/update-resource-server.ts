import { answer, refuse, set } from '../changes.ts';
import { given } from '../given.ts';
import { notFound } from '../rules/refusals.ts';
import { planResourceServer } from '../rules/resource-servers.ts';
import { entry, namesOf, rule } from '../rules/rule.ts';
import { RESOURCE_SERVER, type ResourceServer } from '../tables/resource-servers.ts';
import { readClients, strangerAmong } from './create-resource-server.ts';

type Change = Partial<Pick<ResourceServer, 'displayName' | 'scopes' | 'clientIds'>>;

/** Changes what is given of a resource server; what is absent stays as it is. Tokens that are for it keep their scopes. */
export interface UpdateResourceServer extends Change {
  readonly kind: 'update_resource_server';
  readonly tenantId: string;
  readonly resourceServerId: string;
}

function changeOf({ displayName, scopes, clientIds }: Change): Change {
  return given({ displayName, scopes, clientIds });
}

export const updateResourceServer = rule<UpdateResourceServer>()({
  kind: 'update_resource_server',
  plan: (command) => {
    const { locks, reads } = planResourceServer(command);
    return { locks, reads: { ...reads, clients: readClients(command.clientIds ?? []) } };
  },
  decide: ({ tenant, resourceServer: existing, clients }, command) => {
    const { tenantId, resourceServerId, clientIds = [] } = command;
    if (tenant === undefined || existing === undefined) {
      return refuse(notFound('resource_server', resourceServerId));
    }
    const stranger = strangerAmong(clientIds, clients, tenantId);
    if (stranger !== undefined) {
      return refuse(notFound('client', stranger));
    }
    const change = changeOf(command);
    return answer({ resourceServer: { ...existing, ...change } }, [
      set<ResourceServer>(RESOURCE_SERVER, { tenantId, resourceServerId }, change),
    ]);
  },
  audit: (command) =>
    entry(
      command.tenantId,
      'update_resource_server',
      'resource_server',
      command.resourceServerId,
      namesOf(changeOf(command)),
    ),
});
