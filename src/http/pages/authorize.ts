/** The authorization endpoint (RFC 6749 section 3.1): who it is, whether that user agrees, and back to the client. */
import { CONSENT_REQUIRED } from '../../core/commands/authorize.ts';
import { SymbolonError } from '../../core/errors.ts';
import { authorize, type HowAuthorized } from '../../core/operations/authorize.ts';
import type { SignedIn } from '../../core/operations/browser-sessions.ts';
import {
  AuthorizationError,
  type CheckedAuthorization,
  findConsent,
} from '../../core/operations/check-authorization.ts';
import type { Answer } from '../answer.ts';
import { seeOther, sourceOf } from './answers.ts';
import { type Asked, AUTHORIZE_PATH, askedOf, askedText, checkAsked, requestEntries } from './authorization-request.ts';
import { withClient } from './frame.ts';
import { formAnswer, formOfNoPage, type OwnForm, ownForm, requireOwnForm } from './own-forms.ts';
import { PageError } from './page-error.ts';
import type { PageRequest } from './page-request.ts';
import { queryText } from './parameters.ts';
import { APPLICATIONS_PATH } from './place.ts';
import { descriptionOf, toClient } from './redirects.ts';
import type { Page } from './serving.ts';
import { isSignInStep, notSignedIn, runSignInStep, type SignInFor, showSignIn } from './sign-in.ts';
import { consentPage } from './views/consent-page.ts';
import { accountOf, audienceOf, nameOf, recipientOf } from './words.ts';

export function authorizationPage(url: string): Page {
  return {
    url,
    name: 'oauth2.authorize',
    get: (request) => answering(request, (asking) => show(asking)),
    post: (request) =>
      request.form.get('step') === undefined ? asGet(request) : answering(request, (asking) => runStep(asking)),
  };
}

/** A request that may be put before a user. */
interface Asking {
  readonly request: PageRequest;
  readonly asked: Asked;
  readonly checked: CheckedAuthorization;
}

/** Checks the request, whatever step it is: what was right when a page was shown may not be so any more. */
async function answering(request: PageRequest, act: (asking: Asking) => Promise<Answer>): Promise<Answer> {
  const asked = askedOf(request.query);
  try {
    const checked = await checkAsked(request, asked);
    return await act({ request, asked, checked });
  } catch (error) {
    if (error instanceof AuthorizationError) {
      return refused(request, asked, error);
    }
    throw error;
  }
}

/** RFC 6749 section 4.1.2.1: to the client, or to the user alone where it is not known whose the redirect URI is. */
function refused(request: PageRequest, asked: Asked, thrown: AuthorizationError): Answer {
  const { error, message, redirectUri, code } = thrown;
  request.noteFailure(code);
  if (redirectUri === undefined) {
    throw new PageError(400, ({ errors }) => ({ title: errors.link, text: errors.appMistake, detail: message }));
  }
  return errorAnswer(request, asked, redirectUri, error, message);
}

function errorAnswer(
  { site }: PageRequest,
  { state, inFragment }: Asked,
  redirectUri: string,
  error: string,
  message: string,
): Answer {
  const parameters = { error, error_description: descriptionOf(message), state, iss: site.issuer };
  return toClient({ redirectUri, inFragment, parameters });
}

/** OpenID Connect Core section 3.1.2.1 has the words of `prompt`. */
async function show(asking: Asking): Promise<Answer> {
  const { request, asked, checked } = asking;
  const { services, site, signedIn } = request;
  const { prompts } = asked;
  const isSilent = prompts.has('none');
  if (signedIn === undefined || (asksForSignIn(prompts) && !isSilent)) {
    return isSilent
      ? errorAnswer(request, asked, checked.redirectUri, 'login_required', 'Nobody is signed in')
      : showSignIn(request, signInFor(asking));
  }
  const { isEnough, allowed } = await findConsent(services, site.tenantId, signedIn.user.subjectId, checked);
  const answer = isEnough && !prompts.has('consent') ? await agreedBefore(asking, signedIn) : undefined;
  if (answer !== undefined) {
    return answer;
  }
  return isSilent
    ? errorAnswer(request, asked, checked.redirectUri, 'consent_required', 'The user has to be asked')
    : showConsent(asking, signedIn, allowed);
}

/** Signing in is how an account is selected here. */
function asksForSignIn(prompts: ReadonlySet<string>): boolean {
  return prompts.has('login') || prompts.has('select_account');
}

function signInFor({ request, asked, checked }: Asking): SignInFor {
  const left = [...asked.prompts].filter((prompt) => prompt !== 'login' && prompt !== 'select_account');
  return {
    action: `${request.site.base}${AUTHORIZE_PATH}${askedText(asked)}`,
    next: `${request.site.base}${AUTHORIZE_PATH}${askedText(asked, left)}`,
    client: checked.client,
    username: asked.loginHint,
    formTarget: sourceOf(checked.redirectUri),
  };
}

async function runStep(asking: Asking): Promise<Answer> {
  const { request, asked, checked } = asking;
  const { form, signedIn } = request;
  const step = form.get('step');
  if (isSignInStep(step)) {
    return runSignInStep(request, signInFor(asking));
  }
  if (step !== CONSENT) {
    throw formOfNoPage();
  }
  if (signedIn === undefined) {
    return showSignIn(request, signInFor(asking), notSignedIn(request));
  }
  requireOwnForm(request, consentForm(asking, signedIn));
  return form.get('decision') === 'allow'
    ? agreed(asking, signedIn)
    : errorAnswer(request, asked, checked.redirectUri, 'access_denied', 'The user did not allow it');
}

const CONSENT = 'consent';

/** Bound to all that the page shows, and to all that is sent back: nobody agrees to what was not on the page. */
function consentForm({ request, asked, checked }: Asking, { user }: SignedIn): OwnForm {
  const { client, redirectUri, scopes, audience, codeChallenge, responseType } = checked;
  const what = [
    client.clientId,
    redirectUri,
    scopes,
    audience,
    codeChallenge,
    responseType,
    asked.state ?? null,
    asked.isOfArtik,
  ];
  const action = `${request.site.base}${AUTHORIZE_PATH}${askedText(asked)}`;
  return { action, step: CONSENT, about: [user.subjectId, ...what] };
}

/** `allowed`: what of it was allowed before. */
function showConsent(asking: Asking, signedIn: SignedIn, allowed: readonly string[]): Answer {
  const { request, asked, checked } = asking;
  const { client, redirectUri, scopes, audience, audienceName } = checked;
  const frame = withClient(request.frame, client);
  const page = consentPage(frame, {
    form: ownForm(request, consentForm(asking, signedIn)),
    client: nameOf(client),
    recipient: recipientOf(frame.language.texts, redirectUri),
    scopes,
    allowed,
    audience: audienceOf(audience, audienceName),
    account: accountOf(signedIn.user, `${request.site.base}${AUTHORIZE_PATH}${askedText(asked, ['login'])}`),
    applications: `${request.site.base}${APPLICATIONS_PATH}`,
  });
  return formAnswer(request, frame, page, { formTarget: sourceOf(redirectUri) });
}

/** Undefined: the user has taken it back meanwhile. */
async function agreedBefore(asking: Asking, signedIn: SignedIn): Promise<Answer | undefined> {
  try {
    return await agreed(asking, signedIn, { isUnasked: true });
  } catch (error) {
    if (error instanceof SymbolonError && error.message === CONSENT_REQUIRED.message) {
      return undefined;
    }
    throw error;
  }
}

const MS_PER_SECOND = 1_000;

async function agreed(
  { request, asked, checked }: Asking,
  { call }: SignedIn,
  how: HowAuthorized = {},
): Promise<Answer> {
  const { services, site } = request;
  const { redirectUri } = checked;
  const { state, inFragment } = asked;
  const withRefresh = asked.isOfArtik && site.isArtik;
  const given = await authorize(services, call, checked, { ...how, withRefresh });
  const back = { state, iss: site.issuer };
  if ('code' in given) {
    return toClient({ redirectUri, inFragment, parameters: { code: given.code, ...back } });
  }
  const { accessToken, refreshToken, expireTime, scopes } = given.tokens;
  const parameters = {
    access_token: accessToken,
    token_type: 'bearer',
    refresh_token: refreshToken,
    expires_in: String(Math.floor((expireTime - services.clock()) / MS_PER_SECOND)),
    scope: scopes.length === 0 ? undefined : scopes.join(' '),
    ...back,
  };
  return toClient({ redirectUri, inFragment, parameters });
}

const MAX_QUERY = 8_192;

/** A client may send its request as a form (RFC 6749 section 3.1). It changes nothing, and goes on as a link. */
async function asGet({ site, form }: PageRequest): Promise<Answer> {
  const query = queryText(requestEntries(form));
  if (form.repeated.size > 0 || query.length > MAX_QUERY) {
    throw new PageError(400, ({ errors }) => ({ title: errors.link, text: errors.requestTooLong }));
  }
  return seeOther(`${site.base}${AUTHORIZE_PATH}${query}`);
}
