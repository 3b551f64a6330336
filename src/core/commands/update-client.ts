import { answer, refuse, set } from '../changes.ts';
import { given } from '../given.ts';
import { namedClient, planClient, refuseMoreRoles, refuseRoles, requireClient } from '../rules/clients.ts';
import { refuseRegistration } from '../rules/registration.ts';
import { entry, namesOf, rule } from '../rules/rule.ts';
import { CLIENT, type Client, type ClientRegistration } from '../tables/clients.ts';

/** Changes what is given of a client; what is absent stays as it is. */
export interface UpdateClient extends ClientChange {
  readonly kind: 'update_client';
  readonly tenantId: string;
  readonly clientId: string;
}

type ClientChange = Partial<Pick<Client, 'displayName' | 'roles' | 'scopes'> & ClientRegistration>;

/** What of a command is the change. */
function changeOf({ displayName, roles, scopes, ...rest }: ClientChange): ClientChange {
  const { firstParty, grants, redirectUris, logoUri, accentColor } = rest;
  return given({ displayName, roles, scopes, firstParty, grants, redirectUris, logoUri, accentColor });
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
    const change = changeOf(command);
    const client: Client = { ...found.client, ...change };
    const refusal = refuseRoles(client) ?? refuseMoreRoles(found.client, client) ?? refuseRegistration(client);
    return refusal === undefined
      ? answer({ client }, [set<Client>(CLIENT, { clientId: command.clientId }, change)])
      : refuse(refusal);
  },
  touches: (state, command) => namedClient(state, command),
  audit: (command) => entry(command.tenantId, 'update_client', 'client', command.clientId, namesOf(changeOf(command))),
});
