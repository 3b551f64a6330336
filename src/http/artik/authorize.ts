/**
 * Where apps send people: to sign in and agree, and to sign out. What is asked is checked here, so that what is wrong is said in ARTIK's
 * words; the pages themselves are those of the tenant.
 */
import {
  AuthorizationError,
  type CheckedAuthorization,
  checkAuthorization,
} from '../../core/operations/check-authorization.ts';
import type { Answer } from '../answer.ts';
import { ARTIK_LINK } from '../issuers.ts';
import { redirect, text } from './answers.ts';
import { scopesOf } from './clients.ts';
import { type Parameters, queryOf } from './parameters.ts';
import type { ArtikRequest, Route } from './serving.ts';

/** What the pages know of a request; the rest is ARTIK's own, or unknown to both, and goes no further. */
const NAMES = [
  'client_id',
  'redirect_uri',
  'response_type',
  'state',
  'code_challenge',
  'code_challenge_method',
  'resource',
  'login_hint',
  'ui_locales',
];
/** `account_type`, `client` and `test_css_blank` choose among login forms that are all one here. */

const WRONG_REDIRECT = 'Invalid parameter: redirect_uri';

export const AUTHORIZE: Route = {
  url: '/authorize',
  name: 'artik.authorize',
  shape: 'accounts',
  isClosedToScripts: true,
  methods: { GET: (request) => authorize(request, false) },
};

/** The same, and who is signed in has to sign in again. */
export const SIGN_IN: Route = {
  url: '/signin',
  name: 'artik.sign-in',
  shape: 'accounts',
  isClosedToScripts: true,
  methods: { GET: (request) => authorize(request, true) },
};

async function authorize(request: ArtikRequest, forcesLogin: boolean): Promise<Answer> {
  const parameters = readQuery(request);
  if (parameters === undefined) {
    return text(400, 'Invalid parameter: a parameter comes twice, or has a percent escape that is not valid');
  }
  try {
    await check(request, parameters);
  } catch (error) {
    if (error instanceof AuthorizationError) {
      return refused(error, parameters);
    }
    throw error;
  }
  return redirect(`/t/${request.tenantId}/oauth2/authorize?${queryFor(parameters, forcesLogin)}`);
}

function readQuery({ url }: ArtikRequest): Parameters | undefined {
  try {
    return queryOf(url);
  } catch {
    return undefined;
  }
}

function check({ services, tenantId }: ArtikRequest, parameters: Parameters): Promise<CheckedAuthorization> {
  return checkAuthorization(services, tenantId, {
    clientId: parameters.get('client_id') ?? '',
    redirectUri: parameters.get('redirect_uri'),
    responseType: parameters.get('response_type') ?? '',
    scopes: scopesOf(parameters),
    resource: parameters.get('resource'),
    codeChallenge: parameters.get('code_challenge'),
    codeChallengeMethod: parameters.get('code_challenge_method'),
  });
}

/** In the query for a code and in the fragment for a token. Nothing is sent to where nobody registered. */
function refused({ error, message, redirectUri }: AuthorizationError, parameters: Parameters): Answer {
  if (redirectUri === undefined) {
    const isAboutClient = error === 'unauthorized_client' || parameters.get('client_id') === undefined;
    return text(400, isAboutClient ? 'Invalid parameter: client_id' : WRONG_REDIRECT);
  }
  const state = parameters.get('state');
  const answer = new URLSearchParams({
    error: ARTIK_ERRORS[error] ?? error,
    error_description: message,
    ...(state === undefined ? {} : { state }),
  });
  return redirect(withAnswer(redirectUri, answer, parameters.get('response_type') === 'token'));
}

/** ARTIK has one word for all that is wrong with a parameter. */
const ARTIK_ERRORS: Readonly<Record<string, string>> = {
  unsupported_response_type: 'invalid_request',
  invalid_scope: 'invalid_request',
  invalid_target: 'invalid_request',
};

/** As text: a custom scheme has no host, and its URI must stay as it was registered. */
function withAnswer(redirectUri: string, answer: URLSearchParams, isFragment: boolean): string {
  const separator = isFragment ? '#' : redirectUri.includes('?') ? '&' : '?';
  return `${redirectUri}${separator}${answer}`;
}

function queryFor(parameters: Parameters, forcesLogin: boolean): string {
  const query = new URLSearchParams(
    parameters.entries.filter(([name]) => NAMES.includes(name)).map(([...pair]) => pair),
  );
  const scopes = scopesOf(parameters);
  if (scopes !== undefined) {
    query.set('scope', scopes.join(' '));
  }
  const prompt = parameters.get('prompt');
  if (forcesLogin || prompt === 'login' || prompt === 'select_account') {
    query.set('prompt', 'login');
  }
  // For tokens in the fragment ARTIK gives a refresh token, too.
  query.set(ARTIK_LINK.name, ARTIK_LINK.value);
  return query.toString();
}
