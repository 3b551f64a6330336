/** Where people type the code of a device (RFC 8628 section 3.3): sign in, the code, what it allows, yes or no. */

import { SymbolonError } from '../../core/errors.ts';
import type { SignedIn } from '../../core/operations/browser-sessions.ts';
import { decideDeviceAuthorization, findDeviceAuthorization } from '../../core/operations/device-authorization.ts';
import { MAX_USER_CODE, showUserCode, toUserCode } from '../../core/text/user-codes.ts';
import type { Answer } from '../answer.ts';
import { pageAnswer, seeOther } from './answers.ts';
import { withClient } from './frame.ts';
import { formAnswer, formOfNoPage, type OwnForm, ownForm, requireOwnForm } from './own-forms.ts';
import type { PageRequest } from './page-request.ts';
import { queryText } from './parameters.ts';
import { APPLICATIONS_PATH } from './place.ts';
import type { Page } from './serving.ts';
import { isSignInStep, notSignedIn, runSignInStep, type SignInFor, showSignIn } from './sign-in.ts';
import { confirmDevicePage, deviceDonePage, enterCodePage } from './views/device-page.ts';
import type { AccountView } from './views/layout.ts';
import { accountOf, audienceOf, nameOf } from './words.ts';

const PATH = '/device';

export function deviceVerificationPage(url: string): Page {
  return { url, name: 'pages.device', get: show, post: runStep };
}

async function show(request: PageRequest): Promise<Answer> {
  const { query, signedIn } = request;
  const done = query.get('done');
  if (done === ALLOWED || done === DENIED) {
    const applications = applicationsOf(request);
    return pageAnswer(request.frame, deviceDonePage(request.frame, { isAllowed: done === ALLOWED, applications }));
  }
  if (signedIn === undefined || query.get('prompt') === 'login') {
    return showSignIn(request, signInFor(request));
  }
  // The code of a link is filled in and no more: who follows it may not have the device (section 5.4).
  return showEnterCode(request, signedIn, codeOf(query.get('user_code')));
}

async function runStep(request: PageRequest): Promise<Answer> {
  const { form, signedIn } = request;
  const step = form.get('step');
  if (isSignInStep(step)) {
    return runSignInStep(request, signInFor(request));
  }
  if (step !== ENTER && step !== DECIDE) {
    throw formOfNoPage();
  }
  if (signedIn === undefined) {
    return showSignIn(request, signInFor(request), notSignedIn(request));
  }
  return step === ENTER ? enter(request, signedIn) : decide(request, signedIn);
}

const ENTER = 'enter_code';
const DECIDE = 'decide';
const ALLOWED = 'allowed';
const DENIED = 'denied';

async function enter(request: PageRequest, signedIn: SignedIn): Promise<Answer> {
  const { services, form } = request;
  requireOwnForm(request, formOf(request, ENTER, [signedIn.user.subjectId]));
  const userCode = codeOf(form.get('user_code'));
  if (userCode.trim() === '') {
    return showEnterCode(request, signedIn, '', { text: request.frame.language.texts.device.missing, status: 400 });
  }
  try {
    const { client, scopes, audience, audienceName } = await findDeviceAuthorization(services, signedIn.call, userCode);
    const frame = withClient(request.frame, client);
    const page = confirmDevicePage(frame, {
      form: ownForm(request, formOf(request, DECIDE, [signedIn.user.subjectId, asShown(userCode)])),
      userCode: asShown(userCode),
      client: nameOf(client),
      scopes,
      audience: audienceOf(audience, audienceName),
      account: accountFor(request, signedIn),
      applications: applicationsOf(request),
    });
    return formAnswer(request, frame, page);
  } catch (error) {
    return showEnterCode(request, signedIn, userCode, problemOf(request, error));
  }
}

async function decide(request: PageRequest, signedIn: SignedIn): Promise<Answer> {
  const { services, site, form } = request;
  const userCode = codeOf(form.get('user_code'));
  requireOwnForm(request, formOf(request, DECIDE, [signedIn.user.subjectId, userCode]));
  const isAllowed = form.get('decision') === 'allow';
  try {
    await decideDeviceAuthorization(services, signedIn.call, userCode, isAllowed ? 'approve' : 'deny');
  } catch (error) {
    return showEnterCode(request, signedIn, userCode, problemOf(request, error));
  }
  return seeOther(`${site.base}${PATH}?done=${isAllowed ? ALLOWED : DENIED}`);
}

function showEnterCode(
  request: PageRequest,
  signedIn: SignedIn,
  userCode: string,
  problem?: { readonly text: string; readonly status: number },
): Answer {
  const form = ownForm(request, formOf(request, ENTER, [signedIn.user.subjectId]));
  const { frame } = request;
  const page = enterCodePage(frame, { form, userCode, problem: problem?.text, account: accountFor(request, signedIn) });
  return formAnswer(request, frame, page, { status: problem?.status ?? 200 });
}

function formOf({ site }: PageRequest, step: string, about: readonly unknown[]): OwnForm {
  return { action: `${site.base}${PATH}`, step, about };
}

function accountFor({ site }: PageRequest, { user }: SignedIn): AccountView {
  return accountOf(user, `${site.base}${PATH}?prompt=login`);
}

function applicationsOf({ site }: PageRequest): string {
  return `${site.base}${APPLICATIONS_PATH}`;
}

function codeOf(text: string | undefined): string {
  return (text ?? '').slice(0, MAX_USER_CODE);
}

/** As the device shows it, however it was typed. */
function asShown(typed: string): string {
  const code = toUserCode(typed);
  return code === undefined ? typed : showUserCode(code);
}

function signInFor({ site, query }: PageRequest): SignInFor {
  const userCode = codeOf(query.get('user_code'));
  const here = `${site.base}${PATH}${queryText(userCode === '' ? [] : [['user_code', userCode]])}`;
  return { action: here, next: here, client: undefined, username: '', formTarget: undefined };
}

/** What the same page can tell: the code is wrong, over, or there were too many wrong ones. */
function problemOf(
  { noteFailure, frame }: PageRequest,
  error: unknown,
): { readonly text: string; readonly status: number } {
  if (!(error instanceof SymbolonError) || !TOLD.has(error.code)) {
    throw error;
  }
  noteFailure(error.code);
  const { device } = frame.language.texts;
  return LOCKED.has(error.code) ? { text: device.tooMany, status: 429 } : { text: device.wrong, status: 400 };
}

const LOCKED: ReadonlySet<string> = new Set(['login_locked', 'too_many_failed_logins', 'too_many_codes']);
const TOLD: ReadonlySet<string> = new Set([
  ...LOCKED,
  ...['invalid_code', 'invalid_credentials', 'invalid_argument', 'not_found', 'code_expired', 'expired_token'],
  ...['access_denied', 'invalid_grant'],
]);
