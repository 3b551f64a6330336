/** Leaving: an app sends people here, or its own token, and they come back to where the app is registered. */
import { revoke } from '../../core/operations/revoke.ts';
import { CLIENTS, type Client } from '../../core/tables/clients.ts';
import { matchesRedirectUri } from '../../core/text/redirect-uris.ts';
import type { Answer } from '../answer.ts';
import { data, redirect, text } from './answers.ts';
import { bearerBy, bearerText, tenantCall } from './bearer.ts';
import { type Parameters, parametersOf } from './parameters.ts';
import type { ArtikRequest, Route } from './serving.ts';

/** Clients of a tenant that are looked at where the request names none. */
const MAX_CLIENTS = 1_000;
/** Swift's SDK appends it to what is registered. */
const SUFFIX = 'logout';

export const LOGOUT: Route = {
  url: '/logout',
  name: 'artik.logout',
  shape: 'accounts',
  methods: { GET: leaveByLink },
};

export const SIGN_OUT: Route = {
  url: '/signout',
  name: 'artik.sign-out',
  shape: 'accounts',
  methods: { GET: leaveByLink, POST: leaveByForm },
};

async function leaveByLink(request: ArtikRequest): Promise<Answer> {
  const parameters = parametersOf(request.url, undefined);
  const redirectUri = parameters.get('redirect_uri');
  if (redirectUri !== undefined && !(await isRegistered(request, parameters, redirectUri))) {
    return text(400, 'Invalid parameter: redirect_uri');
  }
  await endToken(request);
  if (redirectUri === undefined) {
    return data({ message: 'Signed out' });
  }
  const state = parameters.get('state');
  const answer = new URLSearchParams({ status: 'logout', ...(state === undefined ? {} : { state }) });
  return redirect(`${redirectUri}${redirectUri.includes('?') ? '&' : '?'}${answer}`);
}

/** From an app’s own server or page, which goes on itself. */
async function leaveByForm(request: ArtikRequest): Promise<Answer> {
  parametersOf(request.url, request.body);
  await endToken(request);
  return data({ message: 'Signed out' });
}

/** Where the request bears one. */
async function endToken(request: ArtikRequest): Promise<void> {
  const token = bearerText(request.headers);
  if (token !== undefined && (await bearerBy(request, token)) !== undefined) {
    await revoke(request.services, await tenantCall(request), { by: 'token', token });
  }
}

async function isRegistered(request: ArtikRequest, parameters: Parameters, redirectUri: string): Promise<boolean> {
  const clients = await clientsOf(request, parameters.get('client_id'));
  return clients.some(({ redirectUris }) => redirectUris.some((registered) => isFor(registered, redirectUri)));
}

function isFor(registered: string, given: string): boolean {
  return matchesRedirectUri(registered, given) || given === registered + SUFFIX;
}

async function clientsOf(
  { services, tenantId }: ArtikRequest,
  clientId: string | undefined,
): Promise<readonly Client[]> {
  if (clientId === undefined) {
    return services.store.list(CLIENTS, { tenantId }, { limit: MAX_CLIENTS });
  }
  const client = (await services.knownClients.read(clientId))?.client;
  return client?.tenantId === tenantId ? [client] : [];
}
