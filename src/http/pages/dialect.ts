/** The pages as a dialect of the HTTP server: below `/t/<tenant>` for each tenant, and at the root for the default one. */
import type { FastifyInstance } from 'fastify';
import { plainFailure, sendAnswer } from '../answer.ts';
import type { Dialect } from '../dialect.ts';
import { type Issuers, TENANT_PATH } from '../issuers.ts';
import { refuseOthers } from '../methods.ts';
import { AUTHORIZE_PATH } from './authorization-request.ts';
import { authorizationPage } from './authorize.ts';
import { deviceVerificationPage } from './device.ts';
import { type Page, servePage } from './serving.ts';
import { signOutPageOf } from './sign-out.ts';
import { STYLE, STYLE_PATH } from './views/style.ts';

export function pagesDialect(issuers: Issuers): Dialect {
  return {
    prefix: '',
    register: async (scope, context) => {
      scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
      for (const page of PAGES) {
        servePage(scope, context, issuers, page);
      }
      serveStyle(scope);
    },
    failure: plainFailure,
  };
}

const PAGES: readonly Page[] = ['', TENANT_PATH].flatMap((base) => [
  authorizationPage(`${base}${AUTHORIZE_PATH}`),
  deviceVerificationPage(`${base}/device`),
  signOutPageOf(`${base}/sign-out`),
]);

const STYLE_HEADERS = {
  'Content-Type': 'text/css;charset=UTF-8',
  'Cache-Control': 'public, max-age=31536000, immutable',
  'X-Content-Type-Options': 'nosniff',
};

function serveStyle(scope: FastifyInstance): void {
  const config = { operation: 'pages.style', isQuiet: true };
  scope.get(STYLE_PATH, { config }, (_request, reply) =>
    sendAnswer(reply, { status: 200, headers: STYLE_HEADERS, body: STYLE }),
  );
  refuseOthers(scope, STYLE_PATH, config, ['GET', 'HEAD', 'OPTIONS']);
}
