/** Whether a request for authorization may be put before a user (RFC 6749 sections 4.1.1 and 4.2.1), and what it asks for. */
import { type ErrorCode, SymbolonError } from '../errors.ts';
import { MAX_ID, MAX_SCOPES, SCOPE_FORM } from '../names.ts';
import { one } from '../plan.ts';
import { consentIdOf, covers, scopesAt } from '../rules/consents.ts';
import { knowsScope, refuseAudience } from '../rules/resource-servers.ts';
import type { Services } from '../services/services.ts';
import { CLIENT, type Client } from '../tables/clients.ts';
import { CONSENT } from '../tables/consents.ts';
import { RESOURCE_SERVER, type ResourceServer } from '../tables/resource-servers.ts';
import { TENANT } from '../tables/tenants.ts';
import { identifiesClient, matchesRedirectUri } from '../text/redirect-uris.ts';

/** As it came: nothing of it was looked at. */
export interface AuthorizationRequest {
  readonly clientId: string;
  readonly redirectUri?: string | undefined;
  readonly responseType: string;
  /** Absent or empty: all that the client registered. */
  readonly scopes?: readonly string[] | undefined;
  /** RFC 8707 section 2: the resource server that the tokens are for. */
  readonly resource?: string | undefined;
  readonly codeChallenge?: string | undefined;
  readonly codeChallengeMethod?: string | undefined;
}

export interface CheckedAuthorization {
  readonly client: Client;
  readonly redirectUri: string;
  /** Whether the request named it: then the token call must name it too (RFC 6749 section 4.1.3). */
  readonly redirectWasGiven: boolean;
  readonly scopes: readonly string[];
  /** Null: for no resource server alone. */
  readonly audience: string | null;
  /** As the operator called that resource server; empty: without a name. */
  readonly audienceName: string;
  /** Of the method S256; null: none. */
  readonly codeChallenge: string | null;
  readonly responseType: ResponseType;
}

export type ResponseType = 'code' | 'token';

/** In the words of RFC 6749 section 4.1.2.1 and RFC 8707 section 2. */
export type AuthorizationErrorCode =
  | 'invalid_request'
  | 'unauthorized_client'
  | 'access_denied'
  | 'unsupported_response_type'
  | 'invalid_scope'
  | 'invalid_target';

const CODES = {
  invalid_request: 'invalid_argument',
  unauthorized_client: 'unauthorized_client',
  access_denied: 'access_denied',
  unsupported_response_type: 'invalid_argument',
  invalid_scope: 'scope_not_allowed',
  invalid_target: 'invalid_target',
} as const satisfies Record<AuthorizationErrorCode, ErrorCode>;

/** Of a request that is not put before anybody. */
export class AuthorizationError extends SymbolonError {
  readonly error: AuthorizationErrorCode;
  /** Where the error may be sent. Absent: it is shown, and nothing is redirected (RFC 6749 section 4.1.2.1). */
  readonly redirectUri: string | undefined;

  constructor(error: AuthorizationErrorCode, message: string, redirectUri?: string) {
    super(CODES[error], message);
    this.error = error;
    this.redirectUri = redirectUri;
  }
}

/** The client and the redirect URI come first: until both are known to belong together, nothing is sent anywhere. */
export async function checkAuthorization(
  services: Services,
  tenantId: string,
  request: AuthorizationRequest,
): Promise<CheckedAuthorization> {
  const { clientId, resource } = request;
  if (clientId === '' || clientId.length > MAX_ID) {
    throw new AuthorizationError('invalid_request', 'client_id is missing or too long');
  }
  const { tenant, client, server } = await services.store.read({
    tenant: one(TENANT, { tenantId }),
    client: one(CLIENT, { clientId, tenantId }),
    server: one(RESOURCE_SERVER, resource === undefined ? undefined : { tenantId, resourceServerId: resource }),
  });
  if (tenant === undefined || tenant.disabled || client === undefined || client.disabled) {
    throw new AuthorizationError('unauthorized_client', 'client_id names no client that may ask for authorization');
  }
  const redirectUri = requireRedirectUri(client, request.redirectUri);
  try {
    const responseType = requireResponseType(client, request.responseType);
    const codeChallenge = responseType === 'code' ? requireChallenge(client, request) : null;
    const scopes = requireTargetScopes(request, requireClientScopes(client, request.scopes ?? []), server);
    const redirectWasGiven = request.redirectUri !== undefined;
    const audience = server?.resourceServerId ?? null;
    const audienceName = server?.displayName ?? '';
    return { client, redirectUri, redirectWasGiven, scopes, audience, audienceName, codeChallenge, responseType };
  } catch (error) {
    throw error instanceof AuthorizationError ? new AuthorizationError(error.error, error.message, redirectUri) : error;
  }
}

export interface StandingConsent {
  /** Whether the user need not be asked. */
  readonly isEnough: boolean;
  /** Of what is asked for: what was allowed before, and stands. */
  readonly allowed: readonly string[];
}

/**
 * What the user allowed the client before. It is enough where it covers all that is asked for. Where any program could take the redirect
 * URI, and no secret is asked for, the user is asked each time: nothing else tells who asks (RFC 8252 section 8.6).
 */
export async function findConsent(
  { store }: Services,
  tenantId: string,
  subjectId: string,
  checked: Pick<CheckedAuthorization, 'client' | 'redirectUri' | 'scopes' | 'audience' | 'responseType'>,
): Promise<StandingConsent> {
  const { client, redirectUri, responseType, scopes, audience } = checked;
  // Tokens that are sent at once need no secret either.
  const provesItself = client.confidential && responseType === 'code';
  const consentId = consentIdOf(tenantId, subjectId, client.clientId);
  const { consent } = await store.read({ consent: one(CONSENT, { consentId }) });
  const standing = consent?.withdrawTime === null ? scopesAt(consent, audience) : [];
  return {
    isEnough: (provesItself || identifiesClient(redirectUri)) && covers(consent, checked),
    allowed: scopes.filter((scope) => standing.includes(scope)),
  };
}

/** RFC 6749 section 3.1.2.3: one that is left out is the one that is registered. */
function requireRedirectUri({ redirectUris }: Client, given: string | undefined): string {
  const [only] = redirectUris;
  if (given === undefined) {
    if (redirectUris.length !== 1 || only === undefined) {
      throw new AuthorizationError('invalid_request', 'redirect_uri is missing, and the client has not just one');
    }
    return only;
  }
  if (!redirectUris.some((registered) => matchesRedirectUri(registered, given))) {
    throw new AuthorizationError('invalid_request', 'redirect_uri is not one that the client registered');
  }
  return given;
}

const GRANTS = { code: 'authorization_code', token: 'implicit' } as const;

function requireResponseType({ grants }: Client, given: string): ResponseType {
  if (given === '') {
    throw new AuthorizationError('invalid_request', 'response_type is missing: it must be code');
  }
  if (given !== 'code' && given !== 'token') {
    throw new AuthorizationError('unsupported_response_type', 'response_type must be code');
  }
  if (!grants.includes(GRANTS[given])) {
    throw new AuthorizationError('unauthorized_client', `The client has not got the grant ${GRANTS[given]}`);
  }
  return given;
}

/** RFC 7636 section 4.2: the base64url of a SHA-256. Section 4.3 allows up to 128 characters, for `plain`. */
const CHALLENGE_FORM = /^[A-Za-z0-9\-._~]{43,128}$/;

/** Only S256: a plain challenge is not a secret from who reads the request (RFC 9700 section 2.1.1). */
function requireChallenge({ confidential }: Client, request: AuthorizationRequest): string | null {
  const { codeChallenge, codeChallengeMethod } = request;
  if (codeChallenge === undefined) {
    if (!confidential) {
      throw new AuthorizationError('invalid_request', 'code_challenge is missing: public clients must send one');
    }
    if (codeChallengeMethod !== undefined) {
      throw new AuthorizationError('invalid_request', 'code_challenge is missing beside code_challenge_method');
    }
    return null;
  }
  if (codeChallengeMethod !== 'S256') {
    throw new AuthorizationError('invalid_request', 'code_challenge_method must be S256');
  }
  if (!CHALLENGE_FORM.test(codeChallenge)) {
    throw new AuthorizationError('invalid_request', 'code_challenge must be 43 to 128 characters of RFC 7636');
  }
  return codeChallenge;
}

/** RFC 6749 section 3.3: none asked for is all that the client registered. */
export function requireClientScopes({ scopes: registered }: Client, asked: readonly string[]): readonly string[] {
  if (asked.length === 0) {
    return registered;
  }
  if (asked.length > MAX_SCOPES || !asked.every((scope) => SCOPE_FORM.test(scope))) {
    throw new AuthorizationError('invalid_scope', `scope must be at most ${MAX_SCOPES} scopes of RFC 6749 section 3.3`);
  }
  const refused = asked.find((scope) => !registered.includes(scope));
  if (refused !== undefined) {
    throw new AuthorizationError('invalid_scope', `The client may not ask for the scope ${refused}`);
  }
  return [...new Set(asked)];
}

/** Who names no scopes asks for those that the resource server knows (RFC 8707 section 2.1). */
function requireTargetScopes(
  { resource, scopes: asked = [] }: AuthorizationRequest,
  scopes: readonly string[],
  server: ResourceServer | undefined,
): readonly string[] {
  const known = server === undefined || asked.length > 0 ? scopes : scopes.filter((scope) => knowsScope(server, scope));
  const refusal = refuseAudience({ audience: resource, scopes: known }, server);
  if (refusal !== undefined) {
    throw new AuthorizationError(
      refusal.code === 'invalid_target' ? 'invalid_target' : 'invalid_scope',
      refusal.message,
    );
  }
  return known;
}
