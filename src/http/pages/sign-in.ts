/** Signing in, for whatever page needs somebody: by a name and a password, a new account, or a code where the password is forgotten. */
import { isSelfRegistration } from '../../core/operations/registration.ts';
import type { Answer } from '../answer.ts';
import { REQUEST_RESET, RESET_PASSWORD, runRequestReset, runReset, showRequestReset, showReset } from './forgotten.ts';
import { ownForm, requireSameOrigin } from './own-forms.ts';
import type { PageRequest } from './page-request.ts';
import { frameFor, type Problem, type SignInFor, signInAnswer, textsOf, wayOf, wayPath } from './sign-in-for.ts';
import { runPassword, runSecondFactor, SECOND_FACTOR, SIGN_IN } from './sign-in-steps.ts';
import { runSignUp, SIGN_UP, showSignUp } from './sign-up.ts';
import { signInPage } from './views/sign-in-page.ts';

export type { Problem, SignInFor } from './sign-in-for.ts';

type Step = (request: PageRequest, wanted: SignInFor) => Promise<Answer>;

const STEPS: ReadonlyMap<string, Step> = new Map<string, Step>([
  [SIGN_IN, (request, wanted) => runPassword(request, wanted, showSignIn)],
  [SECOND_FACTOR, (request, wanted) => runSecondFactor(request, wanted, showSignIn)],
  [SIGN_UP, runSignUp],
  [REQUEST_RESET, runRequestReset],
  [RESET_PASSWORD, runReset],
]);

/** Whether a form is of these. */
export function isSignInStep(step: string | undefined): boolean {
  return STEPS.has(step ?? '');
}

/**
 * Who sent a form and was signed in when it was shown. Throws where another site sent it: browsers leave our cookies out of that, and
 * would take what the page sets in their place.
 */
export function notSignedIn(request: PageRequest): Problem {
  requireSameOrigin(request);
  return { text: request.frame.language.texts.common.notSignedInAnyMore, status: 400, headers: {} };
}

/** The page to sign in, or that of the other way which the address names. */
export async function showSignIn(request: PageRequest, wanted: SignInFor, problem?: Problem): Promise<Answer> {
  const way = problem === undefined ? wayOf(request) : undefined;
  const { services, site } = request;
  switch (way) {
    case 'forgotten':
      return showRequestReset(request, wanted);
    case 'reset':
      return showReset(request, wanted);
  }
  const isOpen = await isSelfRegistration(services.store, site.tenantId);
  return way === 'sign_up' && isOpen
    ? showSignUp(request, wanted)
    : showPassword(request, wanted, { isOpen, problem, isChanged: way === 'changed' });
}

interface Shown {
  /** Whether everybody may make an account. */
  readonly isOpen: boolean;
  readonly problem: Problem | undefined;
  /** Whether the password was changed just now. */
  readonly isChanged: boolean;
}

function showPassword(request: PageRequest, wanted: SignInFor, { isOpen, problem, isChanged }: Shown): Answer {
  const { action, username } = wanted;
  const frame = frameFor(request, wanted);
  const page = signInPage(frame, {
    form: ownForm(request, { action, step: SIGN_IN, about: [] }),
    username,
    problem: problem?.text,
    done: isChanged ? textsOf(request).signIn.passwordChanged : undefined,
    forgotten: wayPath(action, 'forgotten'),
    signUp: isOpen ? wayPath(action, 'sign_up') : undefined,
  });
  return signInAnswer(request, wanted, frame, page, problem);
}

/** What was typed, and what comes of it: signed in, the next step, or the same page with what is wrong. */
export async function runSignInStep(request: PageRequest, wanted: SignInFor): Promise<Answer> {
  const step = STEPS.get(request.form.get('step') ?? '');
  return step === undefined ? showSignIn(request, wanted) : step(request, wanted);
}
