/** A user who is signed in, and clients that ask the user for authorization. */

import { authenticateTokenHolder, type Call } from '../../src/core/operations/authenticate.ts';
import { authorize } from '../../src/core/operations/authorize.ts';
import { type AuthorizationRequest, checkAuthorization } from '../../src/core/operations/check-authorization.ts';
import type { AuthorizationCodeCredential } from '../../src/core/operations/redeem-authorization-code.ts';
import { CLIENT_SECRET_PREFIX, digestOf, formatSecret, SECRET_BYTES } from '../../src/core/secrets.ts';
import type { Client, ClientRegistration } from '../../src/core/tables/clients.ts';
import { callerOf, make, random } from '../support.ts';
import { ANN, login, type World } from './fixtures.ts';
import { issue } from './issue.ts';

export const WEB = 'https://app.example/back';
export const NATIVE = 'http://127.0.0.1/back';
/** RFC 7636 appendix B. */
export const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
export const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
export const PKCE = { codeChallenge: CHALLENGE, codeChallengeMethod: 'S256' } as const;

/** Unique over all worlds of a store. */
export function idIn({ tenantId }: World, name: string): string {
  return `${name}-of-${tenantId}`;
}

/** Makes a client, and answers its call. */
export async function makeOAuthClient(
  world: World,
  name: string,
  registration: Partial<ClientRegistration & Pick<Client, 'confidential' | 'scopes'>> = {},
): Promise<Call> {
  const { services, tenantId } = world;
  const clientId = idIn(world, name);
  const { confidential = true } = registration;
  const secret = confidential ? formatSecret(CLIENT_SECRET_PREFIX, random(SECRET_BYTES)) : '';
  const own = { clientId, tenantId, displayName: name, roles: [], scopes: ['read', 'write'] };
  const grants = ['authorization_code', 'refresh_token', 'device_code'] as const;
  await make(services.store, {
    kind: 'create_client',
    client: { grants, redirectUris: [confidential ? WEB : NATIVE], ...own, ...registration, confidential },
    ...(confidential ? { secret: { secretId: `cs_${clientId}`, digest: digestOf(secret), expireTime: null } } : {}),
  });
  return { caller: await callerOf(services, clientId, secret) };
}

/** The call of a user who has signed in. */
export async function signIn(world: World, who?: { username: string; password: string }): Promise<Call> {
  const credential = who === undefined ? ANN : ({ kind: 'user', ...who } as const);
  const { accessToken } = await login(world, world.backend, { credential });
  const caller = await authenticateTokenHolder(world.services, world.tenantId, accessToken);
  if (caller === undefined) {
    throw new Error('the user is not signed in');
  }
  return { caller };
}

/** What a client gets when the user has agreed. */
export async function codeFor(
  world: World,
  client: Call,
  user: Call,
  request: Partial<AuthorizationRequest> = {},
): Promise<string> {
  const { services, tenantId } = world;
  const { clientId } = client.caller;
  const checked = await checkAuthorization(services, tenantId, { clientId, responseType: 'code', ...request });
  const response = await authorize(services, user, checked);
  if (!('code' in response)) {
    throw new Error('there is no code');
  }
  return response.code;
}

export function redeemed(
  { services }: World,
  client: Call,
  code: string,
  given: Partial<AuthorizationCodeCredential> & { readonly resource?: string } = {},
) {
  const { resource, ...rest } = given;
  return issue(services, client, { credential: { kind: 'authorization_code', code, ...rest }, resource });
}
