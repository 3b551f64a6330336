/** Which client asks: by Basic, by the body, by its id alone, or by a token that it got before. */

import type { Call } from '../../core/operations/authenticate.ts';
import {
  authenticate,
  type CallerCredential,
  clientCredential,
  parseAuthorization,
} from '../../core/operations/authenticate.ts';
import type { Client, GrantType } from '../../core/tables/clients.ts';
import { parseToken } from '../../core/token-form.ts';
import { bearerText } from './bearer.ts';
import { ArtikError, invalid } from './errors.ts';
import type { Parameters } from './parameters.ts';
import type { ArtikRequest } from './serving.ts';

export interface ArtikClient {
  readonly client: Client;
  readonly call: Call;
  readonly by: 'basic' | 'body' | 'name' | 'bearer';
}

/** More than any of ours has. */
const MAX_CREDENTIAL = 256;

/** `takesBearer`: an old token of a public client tells which it is. */
export async function clientOf(
  request: ArtikRequest,
  parameters: Parameters,
  takesBearer = false,
): Promise<ArtikClient> {
  const old = bearerText(request.headers);
  if (old !== undefined) {
    if (!takesBearer) {
      throw new ArtikError('invalid_client', 'The client must prove itself by Basic or in the body');
    }
    return byOldToken(request, old);
  }
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    return { ...(await byCredential(request, basicOf(authorization, parameters))), by: 'basic' };
  }
  const clientId = parameters.get('client_id');
  const secret = parameters.get('client_secret');
  if (clientId === undefined) {
    throw new ArtikError('invalid_client', 'The request names no client. Send Authorization: Basic, or client_id');
  }
  const by = secret === undefined ? 'name' : 'body';
  return { ...(await byCredential(request, credentialOf(clientId, secret ?? ''))), by };
}

/** Clients that send both must send the same. */
function basicOf(authorization: string, parameters: Parameters): CallerCredential {
  const credential = parseAuthorization(authorization);
  if (credential?.kind !== 'client') {
    throw new ArtikError('invalid_client', 'The Authorization header must be Basic with the id and secret of a client');
  }
  const { clientId = credential.clientId, secret = credential.secret } = {
    clientId: parameters.get('client_id'),
    secret: parameters.get('client_secret'),
  };
  if (clientId !== credential.clientId || secret !== credential.secret) {
    throw invalid('The Authorization header and the parameters name different clients');
  }
  return credentialOf(credential.clientId, credential.secret);
}

function credentialOf(clientId: string, secret: string): CallerCredential {
  const isPossible = [clientId, secret].every((text) => text.length <= MAX_CREDENTIAL && !/\p{Cc}/u.test(text));
  if (!isPossible) {
    throw new ArtikError('invalid_client', 'client_id and client_secret are not those of a client');
  }
  return clientCredential(clientId, secret);
}

async function byCredential(request: ArtikRequest, credential: CallerCredential): Promise<Omit<ArtikClient, 'by'>> {
  const { services, tenantId, notes } = request;
  const caller = await authenticate(services, credential, notes);
  const client = (await services.knownClients.read(caller.clientId))?.client;
  if (client === undefined || caller.tenantId !== tenantId) {
    throw new ArtikError('invalid_client', 'The client is not known here. Check its id and secret');
  }
  return { client, call: request.callAs(caller) };
}

/** It may have expired; it tells who asks, and opens nothing. */
async function byOldToken(request: ArtikRequest, text: string): Promise<ArtikClient> {
  const { services, tenantId } = request;
  const token = parseToken(text);
  const isOurs = token?.use === 'access' && (await services.tagKeys.judge(token)) === 'genuine';
  const { reading } = isOurs ? await services.store.readFamily(tenantId, token.familyId) : { reading: undefined };
  const clientId = reading?.family.clientId ?? '';
  const known = clientId === '' ? undefined : await services.knownClients.read(clientId);
  if (known === undefined) {
    throw new ArtikError('invalid_client', 'The Authorization header has no token of a client that is known here');
  }
  if (known.client.confidential) {
    throw new ArtikError('only_implicit', 'This API works only with implicit apps.');
  }
  return { ...(await byCredential(request, clientCredential(clientId, ''))), by: 'bearer' };
}

export function requireGrant({ grants }: Client, grant: GrantType): void {
  if (!grants.includes(grant)) {
    throw new ArtikError('unauthorized_client', `The client is not registered for the grant ${grant}`);
  }
}

/** ARTIK puts commas between scopes, and RFC 6749 blanks. Undefined: all that the client registered. */
export function scopesOf(parameters: Parameters): readonly string[] | undefined {
  const scopes = (parameters.get('scope') ?? '').split(/[ ,]+/).filter((scope) => scope !== '');
  return scopes.length === 0 ? undefined : [...new Set(scopes)];
}
