/** Signing up, where the tenant lets everybody: a form that makes one account, however often it is sent, and signs in by it. */
import type { SymbolonError } from '../../core/errors.ts';
import { ID_BYTES } from '../../core/ids.ts';
import { signUp } from '../../core/operations/browser-sessions.ts';
import { unproven } from '../../core/rules/addresses.ts';
import type { Subject } from '../../core/tables/subjects.ts';
import { MIN_PASSWORD } from '../../core/text/passwords.ts';
import type { Answer } from '../answer.ts';
import { ownForm, requireOwnForm } from './own-forms.ts';
import type { PageRequest } from './page-request.ts';
import { ACCOUNT_PATH, VERIFY_PATH } from './place.ts';
import {
  frameFor,
  type Problem,
  problemOf,
  type SignInFor,
  signedIn,
  signInAnswer,
  signInPath,
  textsOf,
  wayPath,
} from './sign-in-for.ts';
import { type SignUpFields, signUpPage } from './views/sign-up-page.ts';

export const SIGN_UP = 'sign_up';

/** `requestId`: of a form that is shown again; absent: one that made nothing yet. */
export function showSignUp(
  request: PageRequest,
  wanted: SignInFor,
  { problem, requestId = newRequestId(request) }: { problem?: Problem; requestId?: string } = {},
): Answer {
  const frame = frameFor(request, wanted);
  const page = signUpPage(frame, {
    form: ownForm(request, formOf(wanted, requestId)),
    requestId,
    typed: typedIn(request),
    leastPassword: MIN_PASSWORD,
    problem,
    signIn: signInPath(wanted),
  });
  return signInAnswer(request, wanted, frame, page, problem);
}

export async function runSignUp(request: PageRequest, wanted: SignInFor): Promise<Answer> {
  const { services, call, form } = request;
  const requestId = form.get('request_id') ?? '';
  requireOwnForm(request, formOf(wanted, requestId));
  const { username, email, displayName } = typedIn(request);
  const asked = {
    loginName: username,
    ...(email === '' ? {} : { email }),
    displayName,
    password: form.get('password') ?? '',
  };
  try {
    const { user, accessToken } = await signUp(services, call, asked, requestId);
    return await signedIn(request, nextOf(request, wanted, user), accessToken);
  } catch (error) {
    const problem = problemOf(request, error, (each) => toldOf(request, each));
    return showSignUp(request, wanted, problem.field === undefined ? { problem } : { problem, requestId });
  }
}

/** Who signed up for nothing else verifies the address first. */
function nextOf({ site }: PageRequest, { next }: SignInFor, user: Subject): string {
  const isForItself = next === `${site.base}${ACCOUNT_PATH}`;
  return isForItself && unproven(user, 'verify_email') !== null ? `${site.base}${VERIFY_PATH}` : next;
}

function formOf({ action }: SignInFor, requestId: string) {
  return { action: wayPath(action, 'sign_up'), step: SIGN_UP, about: [requestId] };
}

function newRequestId({ services }: PageRequest): string {
  return Buffer.from(services.random(ID_BYTES)).toString('base64url');
}

function typedIn({ form }: PageRequest): SignUpFields {
  return {
    username: form.get('username') ?? '',
    email: form.get('email') ?? '',
    displayName: form.get('display_name') ?? '',
  };
}

type Told = { readonly text: string; readonly field?: string; readonly status?: number };

function toldOf(request: PageRequest, { code, about }: SymbolonError): Told | undefined {
  const { signUp: texts, newPassword } = textsOf(request);
  const field = about?.field ?? '';
  switch (code) {
    case 'invalid_argument':
      return byField(field, {
        login_name: { field: 'username', text: texts.usernameWrong },
        email: { field: 'email', text: texts.emailWrong },
        display_name: { field: 'display_name', text: texts.displayNameWrong },
        password: { field: 'password', text: newPassword.wrong(MIN_PASSWORD) },
      });
    case 'already_exists':
      return byField(field, {
        login_name: { field: 'username', text: texts.usernameTaken },
        email: { field: 'email', text: texts.emailTaken },
      });
    case 'request_id_reused':
      return { text: texts.usedBefore };
    case 'overloaded':
      return { text: texts.tooMany, status: 429 };
    default:
      return undefined;
  }
}

function byField(field: string, told: Readonly<Record<string, Told>>): Told | undefined {
  return Object.hasOwn(told, field) ? told[field] : undefined;
}
