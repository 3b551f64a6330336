/** Changing the password: it ends every place where somebody is signed in, and this browser is signed in anew. */
import { SymbolonError } from '../../core/errors.ts';
import { signIn } from '../../core/operations/browser-sessions.ts';
import { changeUserPassword } from '../../core/operations/passwords.ts';
import { MIN_PASSWORD } from '../../core/text/passwords.ts';
import type { Answer } from '../answer.ts';
import { type Asking, accountAnswer, formFor, requireStep, type SectionPage } from './account-page.ts';
import { seeOther } from './answers.ts';
import { clearCookie, sessionCookie, setCookie } from './cookies.ts';
import { factorOf, generalProblem, type Mistake, missingOf, mistakeOf, proofView, usernameOf } from './own-proofs.ts';
import { ACCOUNT_PATH } from './place.ts';
import { passwordPage } from './views/password-page.ts';

const CHANGE = 'change_password';

export const PASSWORD: SectionPage = {
  section: '/password',
  show: async (asking) => showPassword(asking),
  steps: { [CHANGE]: change },
};

function showPassword(asking: Asking, mistake?: Mistake): Answer {
  const { frame } = asking.request;
  const body = passwordPage(frame, {
    form: formFor(asking, CHANGE),
    proof: proofView(asking, mistake, true),
    problem: generalProblem(mistake),
    least: MIN_PASSWORD,
  });
  return accountAnswer(asking, frame.language.texts.password.title, body, mistake?.status);
}

async function change(asking: Asking): Promise<Answer> {
  requireStep(asking, CHANGE);
  const { request, signedIn } = asking;
  const { services, form, frame } = request;
  const missing = missingOf(asking, true);
  if (missing !== undefined) {
    return showPassword(asking, missing);
  }
  const newPassword = form.get('new_password') ?? '';
  const ref = { by: 'user_id', userId: signedIn.user.subjectId } as const;
  try {
    const factor = signedIn.user.mfaEnabled ? factorOf(form) : undefined;
    await changeUserPassword(services, signedIn.call, ref, form.get('password') ?? '', newPassword, factor);
  } catch (error) {
    const { newPassword: texts } = frame.language.texts;
    const told = ({ code }: SymbolonError) =>
      code === 'invalid_argument' ? { text: texts.wrong(MIN_PASSWORD), field: 'new_password' } : undefined;
    return showPassword(asking, mistakeOf(asking, error, told));
  }
  return signInAgain(asking, newPassword);
}

/** By the new password alone: who has a second factor needs another code of it, and signs in as ever. */
async function signInAgain({ request, signedIn, path }: Asking, password: string): Promise<Answer> {
  const { services, call, site } = request;
  const cookie = sessionCookie(site);
  const username = usernameOf(signedIn.user);
  // The password was changed, and that is what is told, whatever comes of it.
  const result = await signIn(services, call, { username, password }).catch((error: unknown) => {
    if (error instanceof SymbolonError) {
      return undefined;
    }
    throw error;
  });
  return result === undefined || 'mfaToken' in result
    ? seeOther(`${site.base}${ACCOUNT_PATH}?way=changed`, clearCookie(site, cookie))
    : seeOther(`${path}?done=passwordChanged`, setCookie(site, cookie, result.accessToken));
}
