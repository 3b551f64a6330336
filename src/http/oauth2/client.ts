/** What the client that called may do at these endpoints. */
import { CALLER_UNAUTHENTICATED, SymbolonError } from '../../core/errors.ts';
import type { Call } from '../../core/operations/authenticate.ts';
import type { Services } from '../../core/services/services.ts';
import type { Client, GrantType } from '../../core/tables/clients.ts';
import { OAuthError } from './errors.ts';

/** As it was read last. */
export async function knownClientOf(services: Services, call: Call): Promise<Client> {
  return services.knownClients.get(call.caller.clientId)?.client ?? clientOf(services, call);
}

/** As it is now. */
export async function clientOf({ knownClients }: Services, { caller }: Call): Promise<Client> {
  const reading = await knownClients.read(caller.clientId);
  if (reading === undefined) {
    throw SymbolonError.of(CALLER_UNAUTHENTICATED);
  }
  return reading.client;
}

/** RFC 6749 section 5.2, `unauthorized_client`. */
export function requireGrant({ grants }: Client, grant: GrantType): void {
  if (!grants.includes(grant)) {
    throw new OAuthError('unauthorized_client', `The client is not registered for the grant ${grant}`);
  }
}
