/** The pages as a dialect of the HTTP server: below `/t/<tenant>` for each tenant, and at the root for the default one. */
import type { FastifyInstance } from 'fastify';
import { plainFailure, sendAnswer } from '../answer.ts';
import type { Dialect } from '../dialect.ts';
import { HttpError } from '../failure.ts';
import { type Issuers, TENANT_PATH } from '../issuers.ts';
import { refuseOthers } from '../methods.ts';
import { OVERVIEW } from './account.ts';
import { accountPage, type SectionPage } from './account-page.ts';
import { ADDRESSES } from './addresses.ts';
import { APPLICATIONS } from './applications.ts';
import { AUTHORIZE_PATH } from './authorization-request.ts';
import { authorizationPage } from './authorize.ts';
import { DELETION } from './deletion.ts';
import { deviceVerificationPage } from './device.ts';
import { DEVICES } from './devices.ts';
import { pageOfNothing } from './failures.ts';
import { serveHome } from './home.ts';
import { SECOND_FACTOR } from './own-second-factor.ts';
import { forgottenPasswordPage, signUpPageOf } from './own-ways.ts';
import { PASSWORD } from './password.ts';
import { PLACES } from './places.ts';
import { type Page, servePage } from './serving.ts';
import { signOutPageOf } from './sign-out.ts';
import { verificationPage } from './verify.ts';
import { accentStyle } from './views/accent.ts';
import { SCRIPT, SCRIPT_PATH } from './views/script.ts';
import { STYLE, STYLE_PATH } from './views/style.ts';

export function pagesDialect(issuers: Issuers): Dialect {
  return {
    prefix: '',
    register: async (scope, context) => {
      scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
      for (const page of PAGES) {
        servePage(scope, context, issuers, page);
      }
      for (const url of ['/', TENANT_PATH]) {
        serveHome(scope, issuers, url);
      }
      serveFile(scope, STYLE_PATH, 'text/css', () => STYLE);
      serveFile(scope, SCRIPT_PATH, 'text/javascript', () => SCRIPT);
      serveFile(scope, '/pages/accent/:color.css', 'text/css', ({ color = '' }) => accentStyle(color));
    },
    failure: plainFailure,
    forBrowser: pageOfNothing,
  };
}

/** My account, in the order of its sections. */
const ACCOUNT_PAGES: readonly SectionPage[] = [
  OVERVIEW,
  APPLICATIONS,
  DEVICES,
  PLACES,
  PASSWORD,
  SECOND_FACTOR,
  ADDRESSES,
  DELETION,
];

const PAGES: readonly Page[] = ['', TENANT_PATH].flatMap((base) => [
  authorizationPage(`${base}${AUTHORIZE_PATH}`),
  deviceVerificationPage(`${base}/device`),
  signOutPageOf(`${base}/sign-out`),
  signUpPageOf(base),
  forgottenPasswordPage(base),
  verificationPage(base),
  ...ACCOUNT_PAGES.map((page) => accountPage(base, page)),
]);

/** Its name says what is in it, so that browsers may keep it for ever. */
function serveFile(
  scope: FastifyInstance,
  url: string,
  type: string,
  bodyOf: (parameters: Readonly<Record<string, string>>) => string | undefined,
): void {
  const config = { operation: 'pages.file', isQuiet: true };
  const headers = {
    'Content-Type': `${type};charset=UTF-8`,
    'Cache-Control': 'public, max-age=31536000, immutable',
    'X-Content-Type-Options': 'nosniff',
  };
  scope.get(url, { config }, (request, reply) => {
    const body = bodyOf(request.params as Record<string, string>);
    if (body === undefined) {
      throw new HttpError('route_not_found', 'There is no such file');
    }
    return sendAnswer(reply, { status: 200, headers, body });
  });
  refuseOthers(scope, url, config, ['GET', 'HEAD', 'OPTIONS']);
}
