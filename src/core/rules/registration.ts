/** How a client may take part in authorization: its grants, and where people may be sent. */
import type { Refusal } from '../errors.ts';
import type { Client, ClientRegistration, GrantType } from '../tables/clients.ts';
import { authorityOf, isUriText, isWebUri, MAX_URI } from '../text/web-uris.ts';
import { refuseBrand } from './brand.ts';
import { invalid } from './refusals.ts';

export const MAX_REDIRECT_URIS = 20;

const SCHEME_FORM = /^([A-Za-z][A-Za-z0-9+.-]*):/;

/** RFC 8252 section 7.3: hosts that lead to the machine of the browser itself, as they are written. */
const LOOPBACK = /^http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost)(?::\d{1,5})?(?:[/?]|$)/i;

/** Schemes that run, show or send something by themselves: none of them is an app's own (RFC 8252 section 7.1). */
const FOREIGN_SCHEMES: readonly string[] = [
  ...['javascript', 'vbscript', 'livescript', 'mocha', 'data', 'blob', 'file', 'filesystem', 'about', 'view-source'],
  ...['jar', 'feed', 'resource', 'chrome', 'chrome-extension', 'moz-extension', 'ms-browser-extension', 'intent'],
  ...['mailto', 'tel', 'sms', 'ftp', 'ws', 'wss', 'urn', 'content', 'http', 'https'],
];

type Registered = Pick<Client, 'confidential'> & ClientRegistration;

/** Of a client that names no grants: what fits the rest of it. */
export function standardGrants({
  confidential,
  redirectUris,
}: Pick<Registered, 'confidential' | 'redirectUris'>): readonly GrantType[] {
  const own: readonly GrantType[] = confidential ? ['client_credentials', 'refresh_token'] : [];
  return redirectUris.length === 0 ? own : [...new Set<GrantType>(['authorization_code', ...own, 'refresh_token'])];
}

/** Why a client can't be registered so; undefined when it can. */
export function refuseRegistration(client: Registered): Refusal | undefined {
  return refuseRedirectUris(client.redirectUris) ?? refuseGrants(client) ?? refuseBrand(client);
}

function refuseGrants({ confidential, firstParty, grants, redirectUris }: Registered): Refusal | undefined {
  if (grants.includes('password') && !firstParty) {
    // RFC 9700 section 2.4.
    return invalid('grant_types must not have password unless first_party is set', 'grant_types');
  }
  if (grants.includes('client_credentials') && !confidential) {
    // RFC 6749 section 4.4.
    return invalid('grant_types must not have client_credentials for a public client, which has none', 'grant_types');
  }
  const redirecting = grants.find((grant) => grant === 'authorization_code' || grant === 'implicit');
  if (redirecting !== undefined && redirectUris.length === 0) {
    return invalid(`redirect_uris must name one at least, for grant_types has ${redirecting}`, 'redirect_uris');
  }
  return undefined;
}

function refuseRedirectUris(uris: readonly string[]): Refusal | undefined {
  if (uris.length > MAX_REDIRECT_URIS) {
    return invalid(`redirect_uris must have at most ${MAX_REDIRECT_URIS} entries`, 'redirect_uris');
  }
  for (const uri of uris) {
    const reason = whyNoRedirect(uri);
    if (reason !== undefined) {
      return invalid(`each of redirect_uris ${reason}`, 'redirect_uris', uri.slice(0, MAX_URI));
    }
  }
  return undefined;
}

/** What follows `each of redirect_uris`; undefined of one that people may be sent to. */
function whyNoRedirect(uri: string): string | undefined {
  const scheme = SCHEME_FORM.exec(uri)?.[1]?.toLowerCase();
  if (!isUriText(uri) || scheme === undefined) {
    return `must be an absolute URI (RFC 3986 section 4.3) of at most ${MAX_URI} characters`;
  }
  if (uri.includes('#')) {
    // RFC 6749 section 3.1.2.
    return 'must not have a fragment: leave out # and what follows it';
  }
  if (uri.includes('*')) {
    return 'must not have a *: they are compared exactly (RFC 9700 section 2.1), so name each';
  }
  if (authorityOf(uri).includes('@')) {
    return 'must not have a user or a password before its host';
  }
  if (scheme === 'https') {
    return isWebUri(uri, 'https:') ? undefined : 'that begins with https must name a host';
  }
  if (scheme === 'http') {
    return LOOPBACK.test(uri) && isWebUri(uri, 'http:')
      ? undefined
      : 'must begin with https; http is for 127.0.0.1, [::1] and localhost alone';
  }
  return FOREIGN_SCHEMES.includes(scheme)
    ? `must not have the scheme ${scheme}: take https, or a scheme that is the app’s own`
    : undefined;
}
