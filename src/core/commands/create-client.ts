import { answer, insert, refuse } from '../changes.ts';
import { namesakeOf } from '../client-ids.ts';
import { lockRow, one } from '../plan.ts';
import { refuseRoles } from '../rules/clients.ts';
import { notFound, taken } from '../rules/refusals.ts';
import { refuseRegistration, standardGrants } from '../rules/registration.ts';
import { firstCutoff } from '../rules/revoking.ts';
import { entry, rule } from '../rules/rule.ts';
import {
  CLIENT,
  CLIENT_SECRET,
  type Client,
  type ClientRegistration,
  type ClientSecret,
  defaultRegistration,
} from '../tables/clients.ts';
import { TENANT, type Tenant } from '../tables/tenants.ts';

export interface CreateClient {
  readonly kind: 'create_client';
  readonly client: Pick<Client, 'clientId' | 'tenantId' | 'displayName' | 'confidential' | 'roles' | 'scopes'> &
    Partial<ClientRegistration>;
  readonly secret?: Omit<ClientSecret, 'clientId'> | undefined;
}

export const createClient = rule<CreateClient>()({
  kind: 'create_client',
  // An id that is deleted and taken again meanwhile must not get a cutoff from before it was deleted.
  plan: ({ client: { tenantId, clientId } }) => ({
    locks: [lockRow(TENANT, { tenantId })],
    reads: {
      tenant: one(TENANT, { tenantId }),
      client: one(CLIENT, { clientId }),
      namesake: one(TENANT, { tenantId: namesakeOf(clientId) }),
    },
  }),
  decide: ({ tenant, client: existing, namesake }, command, now) => {
    const { clientId, tenantId } = command.client;
    if (tenant === undefined) {
      return refuse(notFound('tenant', tenantId));
    }
    if (existing !== undefined || !isFreeFor(command.client, namesake)) {
      return refuse(taken('client_id', clientId));
    }
    const asked = { ...defaultRegistration(command.client), ...command.client };
    const registered = { ...asked, grants: command.client.grants ?? standardGrants(asked) };
    const client: Client = { ...registered, disabled: false, cutoff: firstCutoff(tenant), createTime: now };
    const refusal = refuseRoles(client) ?? refuseRegistration(client);
    if (refusal !== undefined) {
      return refuse(refusal);
    }
    const { secret } = command;
    return answer({}, [
      insert(CLIENT, client),
      ...(secret === undefined ? [] : [insert(CLIENT_SECRET, { ...secret, clientId })]),
    ]);
  },
  touches: (_state, { client }) => [client],
  audit: ({ client: { tenantId, clientId, roles } }) => entry(tenantId, 'create_client', 'client', clientId, roles),
});

/** A tenant's id and all that begins with it and a dot are that tenant's alone; the id itself is its public client's. */
function isFreeFor(
  { clientId, tenantId, confidential }: Pick<Client, 'clientId' | 'tenantId' | 'confidential'>,
  namesake: Tenant | undefined,
): boolean {
  if (namesake === undefined || clientId.includes('.')) {
    return namesake === undefined || namesake.tenantId === tenantId;
  }
  return clientId === tenantId && !confidential;
}
