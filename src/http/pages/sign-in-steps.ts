/** Signing in by a password, in one step or two. */
import { completeSignIn, isSignInPending, signIn } from '../../core/operations/browser-sessions.ts';
import type { GivenFactor } from '../../core/operations/prove-second-factor.ts';
import { MAX_USERNAME } from '../../core/text/usernames.ts';
import type { Answer } from '../answer.ts';
import { ownForm, requireOwnForm } from './own-forms.ts';
import type { PageRequest } from './page-request.ts';
import { frameFor, type Problem, problemOf, type SignInFor, signedIn, signInAnswer, textsOf } from './sign-in-for.ts';
import { secondFactorPage } from './views/second-factor-page.ts';

export const SIGN_IN = 'sign_in';
export const SECOND_FACTOR = 'second_factor';

/** Shows the page to sign in, with what is wrong. */
type ShowSignIn = (request: PageRequest, wanted: SignInFor, problem: Problem) => Promise<Answer>;

export async function runPassword(request: PageRequest, wanted: SignInFor, show: ShowSignIn): Promise<Answer> {
  const { services, call, form } = request;
  requireOwnForm(request, { action: wanted.action, step: SIGN_IN, about: [] });
  const username = form.get('username') ?? '';
  const asked = { ...wanted, username: username.length <= MAX_USERNAME ? username : '' };
  try {
    const result = await signIn(services, call, { username, password: form.get('password') ?? '' });
    return 'mfaToken' in result
      ? showSecondFactor(request, wanted, result.mfaToken)
      : await signedIn(request, wanted.next, result.accessToken);
  } catch (error) {
    return show(request, asked, wrongOf(request, error, textsOf(request).signIn.wrong));
  }
}

function showSecondFactor(request: PageRequest, wanted: SignInFor, pending: string, problem?: Problem): Answer {
  const { action } = wanted;
  const form = ownForm(request, { action, step: SECOND_FACTOR, about: [pending] });
  const frame = frameFor(request, wanted);
  const page = secondFactorPage(frame, {
    form,
    pending,
    problem: problem?.text,
    isOfRecovery: request.form.get('recovery_code') !== undefined,
    anew: action,
  });
  return signInAnswer(request, wanted, frame, page, problem);
}

export async function runSecondFactor(request: PageRequest, wanted: SignInFor, show: ShowSignIn): Promise<Answer> {
  const { services, call, form } = request;
  const pending = form.get('pending') ?? '';
  requireOwnForm(request, { action: wanted.action, step: SECOND_FACTOR, about: [pending] });
  try {
    const factor = factorOf(form.get('code'), form.get('recovery_code'));
    const { accessToken } = await completeSignIn(services, call, { mfaToken: pending, factor });
    return await signedIn(request, wanted.next, accessToken);
  } catch (error) {
    const { secondFactor } = textsOf(request);
    const problem = wrongOf(request, error, secondFactor.wrong);
    return problem.status === 429 || (await isSignInPending(services, call, pending))
      ? showSecondFactor(request, wanted, pending, problem)
      : show(request, wanted, { ...problem, text: secondFactor.tooLate });
  }
}

function wrongOf(request: PageRequest, error: unknown, wrong: string): Problem {
  return problemOf(request, error, ({ code }) =>
    code === 'invalid_credentials' || code === 'invalid_argument' ? { text: wrong } : undefined,
  );
}

function factorOf(code: string | undefined, recoveryCode: string | undefined): GivenFactor {
  return code === undefined ? { by: 'recovery_code', code: recoveryCode ?? '' } : { by: 'totp', code };
}
