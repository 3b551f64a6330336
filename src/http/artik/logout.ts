/**
 * Leaving: an app sends people here, or its own token, and they come back to where the app is registered. The login at the pages ends, where
 * the browser brings its cookie: with a link, and with a form of the same site alone.
 */
import type { Call } from '../../core/operations/authenticate.ts';
import { revoke } from '../../core/operations/revoke.ts';
import type { Services } from '../../core/services/services.ts';
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

/** Ends the login of a browser at the pages, and answers the headers by which the browser forgets it. `call`: the tenant's public client. */
export type EndBrowserLogin = (
  leaving: Pick<ArtikRequest, 'headers' | 'protocol'> & { readonly services: Services; readonly call: Call },
) => Promise<Record<string, string>>;

export function leavingRoutes(endBrowserLogin: EndBrowserLogin): readonly Route[] {
  const byLink = (request: ArtikRequest) => leaveByLink(request, endBrowserLogin);
  const byForm = (request: ArtikRequest) => leaveByForm(request, endBrowserLogin);
  return [
    { url: '/logout', name: 'artik.logout', shape: 'accounts', methods: { GET: byLink } },
    { url: '/signout', name: 'artik.sign-out', shape: 'accounts', methods: { GET: byLink, POST: byForm } },
  ];
}

async function leaveByLink(request: ArtikRequest, endBrowserLogin: EndBrowserLogin): Promise<Answer> {
  const parameters = parametersOf(request.url, undefined);
  const redirectUri = parameters.get('redirect_uri');
  if (redirectUri !== undefined && !(await isRegistered(request, parameters, redirectUri))) {
    return text(400, 'Invalid parameter: redirect_uri');
  }
  const headers = await leave(request, endBrowserLogin);
  if (redirectUri === undefined) {
    return withHeaders(data({ message: 'Signed out' }), headers);
  }
  const state = parameters.get('state');
  const answer = new URLSearchParams({ status: 'logout', ...(state === undefined ? {} : { state }) });
  return withHeaders(redirect(`${redirectUri}${redirectUri.includes('?') ? '&' : '?'}${answer}`), headers);
}

/** From an app’s own server or page, which goes on itself. */
async function leaveByForm(request: ArtikRequest, endBrowserLogin: EndBrowserLogin): Promise<Answer> {
  parametersOf(request.url, request.body);
  return withHeaders(data({ message: 'Signed out' }), await leave(request, endBrowserLogin));
}

/** Ends the token that the request bears, and the login of its cookie, where it has them. */
async function leave(request: ArtikRequest, endBrowserLogin: EndBrowserLogin): Promise<Record<string, string>> {
  const { services, headers, protocol } = request;
  const token = bearerText(headers);
  if (token !== undefined && (await bearerBy(request, token)) !== undefined) {
    await revoke(services, await tenantCall(request), { by: 'token', token });
  }
  return headers.cookie === undefined
    ? {}
    : endBrowserLogin({ services, call: await tenantCall(request), headers, protocol });
}

function withHeaders(answer: Answer, headers: Record<string, string>): Answer {
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

async function isRegistered(request: ArtikRequest, parameters: Parameters, redirectUri: string): Promise<boolean> {
  const clients = await clientsOf(request, parameters.get('client_id'));
  return clients.some(({ redirectUris }) => redirectUris.some((registered) => isFor(registered, redirectUri)));
}

function isFor(registered: string, given: string): boolean {
  return matchesRedirectUri(registered, given) || (given === registered + SUFFIX && isOfSameHost(registered, given));
}

/** `https://app.example` and the suffix is another host. A scheme of an app's own has none, and `my-uri://logout` is the app's all the same. */
function isOfSameHost(registered: string, given: string): boolean {
  return !/^https?:/i.test(registered) || URL.parse(registered)?.host === URL.parse(given)?.host;
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
