/** The standard endpoints of OAuth 2 as dialects of the HTTP server: each tenant is an issuer below `/t/`, and one at the root too. */
import { fastifyCors } from '@fastify/cors';
import type { FastifyInstance } from 'fastify';
import type { Dialect, HttpContext } from '../dialect.ts';
import { type Issuers, TENANT_PATH } from '../issuers.ts';
import { DEVICE_AUTHORIZATION } from './device-authorization.ts';
import { standardFailure } from './errors.ts';
import { FORM } from './form.ts';
import { CORS } from './headers.ts';
import { INTROSPECT } from './introspect.ts';
import { serveMetadata } from './metadata.ts';
import { REVOKE } from './revoke.ts';
import { serveEndpoint } from './serving.ts';
import { TOKEN } from './token.ts';

const WELL_KNOWN = '/.well-known/oauth-authorization-server';
const OPEN_TO_PAGES = [TOKEN, REVOKE, DEVICE_AUTHORIZATION];

/** What standard clients speak. */
export function oauth2Dialects(issuers: Issuers): readonly Dialect[] {
  const dialect = (prefix: string, serve: Serve): Dialect => ({
    prefix,
    register: (scope, context) => serve(scope, context, issuers),
    failure: (failure, _path, request) => standardFailure(failure, request),
  });
  return [
    dialect('/t/', serveTenants),
    dialect('/oauth2/', (...asked) => serveEndpoints(...asked, '')),
    dialect(WELL_KNOWN, serveWellKnown),
  ];
}

type Serve = (scope: FastifyInstance, context: HttpContext, issuers: Issuers) => Promise<void>;

async function serveTenants(scope: FastifyInstance, context: HttpContext, issuers: Issuers): Promise<void> {
  await serveEndpoints(scope, context, issuers, '/:tenant/oauth2', `/:tenant${WELL_KNOWN}`);
}

/** `base`: what stands before the endpoints, without the prefix of the scope. */
async function serveEndpoints(
  scope: FastifyInstance,
  context: HttpContext,
  issuers: Issuers,
  base: string,
  metadata?: string,
): Promise<void> {
  // Whatever its type: what is not a form is refused in our words. The form by its name is found faster.
  scope.addContentTypeParser([FORM, '*'], { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  // Who introspects is a server: no page is let in.
  serveEndpoint({ scope, context, issuers, base }, INTROSPECT);
  await withCors(scope, (open) => {
    for (const endpoint of OPEN_TO_PAGES) {
      serveEndpoint({ scope: open, context, issuers, base }, endpoint);
    }
    if (metadata !== undefined) {
      serveMetadata(open, context, issuers, metadata);
    }
  });
}

/** RFC 8414 section 3.1: before the path of the issuer. Its other place, below the issuer, is where some clients look. */
async function serveWellKnown(scope: FastifyInstance, context: HttpContext, issuers: Issuers): Promise<void> {
  await withCors(scope, (open) => {
    for (const url of ['', TENANT_PATH]) {
      serveMetadata(open, context, issuers, url);
    }
  });
}

async function withCors(scope: FastifyInstance, serve: (open: FastifyInstance) => void): Promise<void> {
  await scope.register(async (open) => {
    await open.register(fastifyCors, CORS);
    serve(open);
  });
}
