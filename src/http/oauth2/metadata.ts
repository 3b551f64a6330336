/** What clients can find out by themselves (RFC 8414). Each line is true of what is served. */
import type { FastifyInstance } from 'fastify';
import { type Answer, sendAnswer } from '../answer.ts';
import type { HttpContext } from '../dialect.ts';
import { HttpError } from '../failure.ts';
import { type Issuers, requireTenant } from '../issuers.ts';
import { LANGUAGE_TAGS } from '../languages.ts';
import { refuseOthers } from '../methods.ts';
import { oauthFailure } from './errors.ts';
import { GRANTS } from './grants.ts';

const CLIENT_AUTH = ['client_secret_basic', 'client_secret_post', 'none'];

/** So that a changed address is known soon. */
const HEADERS = {
  'Content-Type': 'application/json;charset=UTF-8',
  'Cache-Control': 'public, max-age=300',
  'Access-Control-Allow-Origin': '*',
};

export function serveMetadata(scope: FastifyInstance, { services }: HttpContext, issuers: Issuers, url: string): void {
  const config = { operation: 'oauth2.metadata', isQuiet: true, failure: oauthFailure };
  scope.get(url, { config }, async (request, reply) => {
    const issuer = issuers.at(request.params);
    await requireTenant(services, issuer);
    if (issuer.url === undefined) {
      throw new HttpError('route_not_found', 'The server does not know its own address. Start it with --public-url');
    }
    return sendAnswer(reply, metadataAnswer(issuer.url));
  });
  refuseOthers(scope, url, config, ['GET', 'HEAD', 'OPTIONS']);
}

function metadataAnswer(issuer: string): Answer {
  const metadata = {
    issuer,
    authorization_endpoint: `${issuer}/oauth2/authorize`,
    token_endpoint: `${issuer}/oauth2/token`,
    token_endpoint_auth_methods_supported: CLIENT_AUTH,
    introspection_endpoint: `${issuer}/oauth2/introspect`,
    introspection_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'Bearer'],
    revocation_endpoint: `${issuer}/oauth2/revoke`,
    revocation_endpoint_auth_methods_supported: CLIENT_AUTH,
    device_authorization_endpoint: `${issuer}/oauth2/device_authorization`,
    response_types_supported: ['code', 'token'],
    grant_types_supported: [...GRANTS.keys(), 'implicit'],
    code_challenge_methods_supported: ['S256'],
    ui_locales_supported: LANGUAGE_TAGS,
    // RFC 9207 section 3.
    authorization_response_iss_parameter_supported: true,
  };
  return { status: 200, headers: HEADERS, body: JSON.stringify(metadata) };
}
