/** Clients of ARTIK Cloud: the paths of its accounts host at the root, and those of its API host below /v1.1. One tenant is served so. */
import { fastifyCors } from '@fastify/cors';
import type { FastifyInstance } from 'fastify';
import type { Services } from '../../core/services/services.ts';
import type { Dialect } from '../dialect.ts';
import type { Issuers } from '../issuers.ts';
import { AUTHORIZE, SIGN_IN } from './authorize.ts';
import { deviceCodeRoute } from './device-code.ts';
import { DEVICE_TOKENS } from './device-tokens.ts';
import { DEVICE, DEVICES } from './devices.ts';
import { artikFailure, type Shape } from './errors.ts';
import { type EndBrowserLogin, leavingRoutes } from './logout.ts';
import { CERTIFICATE_ROUTES, REGISTRATION_ROUTES } from './registrations.ts';
import { REVOKE_ACCESS_TOKEN, REVOKE_TOKEN } from './revoke.ts';
import { type Route, serveRoute } from './serving.ts';
import { TOKEN, TOKEN_OF_API } from './token.ts';
import { CHECK_TOKEN, TOKEN_INFO } from './token-info.ts';
import { USERS_DEVICES, USERS_SELF } from './users.ts';

const ACCOUNTS: readonly Route[] = [
  AUTHORIZE,
  SIGN_IN,
  TOKEN_INFO,
  TOKEN,
  CHECK_TOKEN,
  REVOKE_TOKEN,
  REVOKE_ACCESS_TOKEN,
];

const OF_API: readonly Route[] = [
  TOKEN_OF_API,
  alias(TOKEN_INFO),
  alias(CHECK_TOKEN),
  alias(REVOKE_TOKEN),
  alias(REVOKE_ACCESS_TOKEN),
  USERS_SELF,
  USERS_DEVICES,
  DEVICES,
  DEVICE,
  DEVICE_TOKENS,
  ...REGISTRATION_ROUTES,
];

const CORS = { origin: '*', methods: ['GET', 'POST', 'PUT', 'DELETE'], strictPreflight: false };

/** Clients write it in both cases. */
const VERSIONS = ['/v1.1', '/V1.1'];

/** `tenantId` undefined: ARTIK's paths are as unknown as any. */
export function artikDialects(
  tenantId: string | undefined,
  issuers: Issuers,
  endBrowserLogin: EndBrowserLogin,
): readonly Dialect[] {
  if (tenantId === undefined) {
    return [];
  }
  const pageUrl = () => `${issuers.at({ tenant: tenantId }).url ?? ''}/device`;
  return [
    ...[...ACCOUNTS, ...leavingRoutes(endBrowserLogin), deviceCodeRoute(pageUrl)].map((route) =>
      dialectOf(tenantId, route.url, 'accounts', [{ ...route, url: '' }]),
    ),
    ...VERSIONS.map((version) => dialectOf(tenantId, version, 'api', OF_API)),
  ];
}

/** On a listener that asks for certificates of devices. */
export function artikDeviceDialects(tenantId: string): readonly Dialect[] {
  return VERSIONS.map((version) => dialectOf(tenantId, version, 'api', [...CERTIFICATE_ROUTES, ...OF_API]));
}

/** The same on the API host, with its shape of failures. */
function alias(route: Route): Route {
  return { ...route, url: `/accounts${route.url}`, shape: 'api' };
}

function dialectOf(tenantId: string, prefix: string, shape: Shape, routes: readonly Route[]): Dialect {
  return {
    prefix,
    register: (scope, { services }) => serve(scope, services, tenantId, routes),
    failure: artikFailure(shape),
  };
}

async function serve(
  scope: FastifyInstance,
  services: Services,
  tenantId: string,
  routes: readonly Route[],
): Promise<void> {
  // Whatever its type: clients send text/plain without a body, and forms as JSON.
  scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  const open = routes.filter(({ isClosedToScripts }) => !isClosedToScripts);
  for (const route of routes.filter((each) => !open.includes(each))) {
    serveRoute(scope, services, tenantId, route);
  }
  await scope.register(async (inner) => {
    await inner.register(fastifyCors, CORS);
    for (const route of open) {
      serveRoute(inner, services, tenantId, route);
    }
  });
}
