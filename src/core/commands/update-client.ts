import { answer, refuse, set } from '../changes.ts';
import { given } from '../given.ts';
import { namedClient, planClient, refuseMoreRoles, refuseRoles, requireClient } from '../rules/clients.ts';
import { entry, namesOf, rule } from '../rules/rule.ts';
import { CLIENT, type Client, type ClientRole } from '../tables/clients.ts';

/** Changes what is given of a client; what is absent stays as it is. */
export interface UpdateClient {
  readonly kind: 'update_client';
  readonly tenantId: string;
  readonly clientId: string;
  readonly displayName?: string | undefined;
  readonly roles?: readonly ClientRole[] | undefined;
  readonly scopes?: readonly string[] | undefined;
}

/** Tokens that carry a scope which is taken away here keep it until they end, and none gains one that is given. */
export const updateClient = rule<UpdateClient>()({
  kind: 'update_client',
  plan: planClient,
  decide: (state, command) => {
    const found = requireClient(state, command);
    if ('refusal' in found) {
      return refuse(found.refusal);
    }
    const { clientId, displayName, roles, scopes } = command;
    const client: Client = { ...found.client, ...given({ displayName, roles, scopes }) };
    const refusal = refuseRoles(client) ?? refuseMoreRoles(found.client, client);
    return refusal === undefined
      ? answer({ client }, [
          set(CLIENT, { clientId }, { displayName: client.displayName, roles: client.roles, scopes: client.scopes }),
        ])
      : refuse(refusal);
  },
  touches: (state, command) => namedClient(state, command),
  audit: ({ tenantId, clientId, displayName, roles, scopes }) =>
    entry(tenantId, 'update_client', 'client', clientId, namesOf({ displayName, roles, scopes })),
});
