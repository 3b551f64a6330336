/** The token endpoint at both hosts. */
import type { Instant } from '../../core/model.ts';
import type { Credential } from '../../core/operations/credentials.ts';
import { issue } from '../../core/operations/issue.ts';
import type { IssuedTokens } from '../../core/operations/new-tokens.ts';
import { refresh } from '../../core/operations/refresh.ts';
import type { GrantType } from '../../core/tables/clients.ts';
import type { Answer } from '../answer.ts';
import { json } from './answers.ts';
import { type ArtikClient, clientOf, requireGrant, scopesOf } from './clients.ts';
import { ArtikError, invalid } from './errors.ts';
import { type Parameters, parametersOf } from './parameters.ts';
import type { ArtikRequest, Route } from './serving.ts';

interface Asked extends ArtikClient {
  readonly request: ArtikRequest;
  readonly parameters: Parameters;
}

interface Grant {
  readonly needs: GrantType;
  readonly run: (asked: Asked) => Promise<IssuedTokens>;
}

/** By `grant_type`. The word of the device flow is ARTIK's own; RFC 8628's is taken too. */
const GRANTS: ReadonlyMap<string, Grant> = new Map<string, Grant>([
  ['authorization_code', { needs: 'authorization_code', run: byCode }],
  ['client_credentials', { needs: 'client_credentials', run: byClientCredentials }],
  ['refresh_token', { needs: 'refresh_token', run: byRefreshToken }],
  ['device_code', { needs: 'device_code', run: byDeviceCode }],
  ['urn:ietf:params:oauth:grant-type:device_code', { needs: 'device_code', run: byDeviceCode }],
]);

export const TOKEN: Route = {
  url: '/token',
  name: 'artik.token',
  shape: 'accounts',
  methods: { POST: (request) => token(request, false) },
};

/** On the API host: for apps that have no secret, or that prove themselves by Basic. */
export const TOKEN_OF_API: Route = {
  url: '/accounts/token',
  name: 'artik.api-token',
  shape: 'api',
  methods: { POST: (request) => token(request, true) },
};

async function token(request: ArtikRequest, isOfApi: boolean): Promise<Answer> {
  const parameters = parametersOf(request.url, request.body);
  const grantType = parameters.required('grant_type');
  const grant = GRANTS.get(grantType);
  if (grant === undefined) {
    throw new ArtikError('unsupported_grant_type', `grant_type must be one of ${[...GRANTS.keys()].join(', ')}`);
  }
  const client = await clientOf(request, parameters, grantType === 'refresh_token');
  if (isOfApi && client.by === 'body') {
    throw new ArtikError('only_implicit', 'This API works only with implicit apps.');
  }
  requireGrant(client.client, grant.needs);
  const issued = await grant.run({ ...client, request, parameters });
  return json(tokenBody(issued, request.services.clock()));
}

async function byCode(asked: Asked): Promise<IssuedTokens> {
  const { parameters } = asked;
  return issueBy(asked, {
    kind: 'authorization_code',
    code: parameters.required('code'),
    redirectUri: parameters.get('redirect_uri'),
    codeVerifier: parameters.get('code_verifier'),
  });
}

async function byDeviceCode(asked: Asked): Promise<IssuedTokens> {
  const { parameters } = asked;
  return issueBy(asked, {
    kind: 'device_code',
    deviceCode: parameters.get('code') ?? parameters.required('device_code'),
  });
}

/** Never with a refresh token: the app asks again. */
async function byClientCredentials(asked: Asked): Promise<IssuedTokens> {
  const { credential, clientId } = asked.call.caller;
  const clientSecret = credential.kind === 'client' ? credential.secret : '';
  if (!asked.client.confidential) {
    throw new ArtikError('unauthorized_client', 'A client without a secret can’t get tokens by client_credentials');
  }
  const scopes = scopesOf(asked.parameters) ?? asked.client.scopes;
  return { ...(await issueBy(asked, { kind: 'client', clientId, clientSecret }, scopes)), refreshToken: undefined };
}

/** The refresh token is a new one each time, and always answered. */
async function byRefreshToken({ request, call, parameters }: Asked): Promise<IssuedTokens> {
  return refresh(request.services, call, { refreshToken: parameters.required('refresh_token') });
}

async function issueBy(
  { request, call }: Asked,
  credential: Credential,
  scopes?: readonly string[],
): Promise<IssuedTokens> {
  const issued = await issue(request.services, call, { credential, ...(scopes === undefined ? {} : { scopes }) });
  if ('mfaToken' in issued) {
    throw invalid('The login needs a second factor');
  }
  return issued;
}

/** `token_type` in lower case: clients send it back as the scheme. `scope` with commas, as it was asked for. */
export function tokenBody(
  { accessToken, refreshToken, expireTime, scopes }: IssuedTokens,
  now: Instant,
): Readonly<Record<string, string | number>> {
  return {
    access_token: accessToken,
    token_type: 'bearer',
    expires_in: Math.max(0, Math.floor((expireTime - now) / 1_000)),
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
    ...(scopes.length === 0 ? {} : { scope: scopes.join(',') }),
  };
}
