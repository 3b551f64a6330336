/** Signing in, in one step or two, for whatever page needs somebody. */
import { SymbolonError } from '../../core/errors.ts';
import { completeSignIn, signIn, signOut } from '../../core/operations/browser-sessions.ts';
import type { GivenFactor } from '../../core/operations/prove-second-factor.ts';
import type { Client } from '../../core/tables/clients.ts';
import { MAX_USERNAME } from '../../core/text/usernames.ts';
import type { Answer } from '../answer.ts';
import { seeOther } from './answers.ts';
import { sessionCookie, setCookie } from './cookies.ts';
import { withClient } from './frame.ts';
import { formAnswer, ownForm, requireOwnForm } from './own-forms.ts';
import type { PageRequest } from './page-request.ts';
import type { Texts } from './texts/en.ts';
import type { Frame } from './views/frame.ts';
import { secondFactorPage } from './views/second-factor-page.ts';
import { signInPage } from './views/sign-in-page.ts';

/** What somebody signs in for. */
export interface SignInFor {
  /** Where the forms are sent: the page that needs somebody, with all that it was asked. */
  readonly action: string;
  /** Where it goes on then. */
  readonly next: string;
  /** Undefined: for a page of ours. */
  readonly client: Client | undefined;
  readonly username: string;
  /** Where the page may lead in the end, for the browser's policy. */
  readonly formTarget: string | undefined;
}

const SIGN_IN = 'sign_in';
const SECOND_FACTOR = 'second_factor';

/** Whether a form is of these. */
export function isSignInStep(step: string | undefined): boolean {
  return step === SIGN_IN || step === SECOND_FACTOR;
}

/** Who sent a form and was signed in when it was shown. */
export function notSignedIn({ frame }: PageRequest): Problem {
  return { text: frame.language.texts.common.notSignedInAnyMore, status: 400, headers: {} };
}

export function showSignIn(request: PageRequest, wanted: SignInFor, problem?: Problem): Answer {
  const { action, username, formTarget } = wanted;
  const form = ownForm(request, { action, step: SIGN_IN, about: [] });
  const frame = frameFor(request, wanted);
  const page = signInPage(frame, { form, username, problem: problem?.text });
  return formAnswer(request, frame, page, {
    formTarget,
    status: problem?.status ?? 200,
    headers: problem?.headers ?? {},
  });
}

/** What was typed, and what comes of it: signed in, the second step, or the same page with what is wrong. */
export async function runSignInStep(request: PageRequest, wanted: SignInFor): Promise<Answer> {
  return request.form.get('step') === SIGN_IN ? runPassword(request, wanted) : runSecondFactor(request, wanted);
}

async function runPassword(request: PageRequest, wanted: SignInFor): Promise<Answer> {
  const { services, call, form } = request;
  requireOwnForm(request, { action: wanted.action, step: SIGN_IN, about: [] });
  const username = form.get('username') ?? '';
  const asked = { ...wanted, username: username.length <= MAX_USERNAME ? username : '' };
  try {
    const result = await signIn(services, call, { username, password: form.get('password') ?? '' });
    return 'mfaToken' in result
      ? showSecondFactor(request, wanted, result.mfaToken)
      : await signedIn(request, wanted, result);
  } catch (error) {
    return showSignIn(request, asked, problemOf(request, error, textsOf(request).signIn.wrong));
  }
}

function showSecondFactor(request: PageRequest, wanted: SignInFor, pending: string, problem?: Problem): Answer {
  const { action, formTarget } = wanted;
  const form = ownForm(request, { action, step: SECOND_FACTOR, about: [pending] });
  const frame = frameFor(request, wanted);
  const page = secondFactorPage(frame, { form, pending, problem: problem?.text });
  return formAnswer(request, frame, page, {
    formTarget,
    status: problem?.status ?? 200,
    headers: problem?.headers ?? {},
  });
}

async function runSecondFactor(request: PageRequest, wanted: SignInFor): Promise<Answer> {
  const { services, call, form } = request;
  const pending = form.get('pending') ?? '';
  requireOwnForm(request, { action: wanted.action, step: SECOND_FACTOR, about: [pending] });
  try {
    const factor = factorOf(form.get('code'), form.get('recovery_code'));
    return await signedIn(request, wanted, await completeSignIn(services, call, { mfaToken: pending, factor }));
  } catch (error) {
    return showSecondFactor(request, wanted, pending, problemOf(request, error, textsOf(request).secondFactor.wrong));
  }
}

function frameFor({ frame }: PageRequest, { client }: SignInFor): Frame {
  return client === undefined ? frame : withClient(frame, client);
}

function textsOf({ frame }: PageRequest): Texts {
  return frame.language.texts;
}

function factorOf(code: string | undefined, recoveryCode: string | undefined): GivenFactor {
  return code === undefined ? { by: 'recovery_code', code: recoveryCode ?? '' } : { by: 'totp', code };
}

/** A cookie of its own each time; what the browser held before ends with it. */
async function signedIn(
  request: PageRequest,
  { next }: SignInFor,
  { accessToken }: { readonly accessToken: string },
): Promise<Answer> {
  const { services, call, site, token, signedIn: before } = request;
  if (before !== undefined && token !== undefined) {
    // Nobody is kept out because the end of an older login could not be written.
    await signOut(services, call, token).catch(() => undefined);
  }
  return seeOther(next, setCookie(site, sessionCookie(site), accessToken));
}

/** What is wrong, on the page where it can be mended. */
export interface Problem {
  readonly text: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** What the same page can tell. Everything else is a page of its own. */
function problemOf({ noteFailure, frame }: PageRequest, error: unknown, wrong: string): Problem {
  if (error instanceof SymbolonError) {
    noteFailure(error.code);
    switch (error.code) {
      case 'invalid_credentials':
      case 'invalid_argument':
        return { text: wrong, status: 400, headers: {} };
      case 'login_locked':
      case 'too_many_failed_logins':
        return {
          text: waitOf(frame.language.texts, error.retryAfterMs),
          status: 429,
          headers: retryAfter(error.retryAfterMs),
        };
    }
  }
  throw error;
}

function retryAfter(ms: number | undefined): Record<string, string> {
  return ms === undefined ? {} : { 'Retry-After': String(Math.max(1, Math.ceil(ms / 1_000))) };
}

const MINUTE_MS = 60_000;

function waitOf({ common }: Texts, ms: number | undefined): string {
  return ms === undefined ? common.waitLater : common.waitMinutes(Math.ceil(ms / MINUTE_MS));
}
