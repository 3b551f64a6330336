/** Signing up and a forgotten password as pages of their own, which lead to My account. */
import { isSelfRegistration } from '../../core/operations/registration.ts';
import type { Answer } from '../answer.ts';
import { seeOther } from './answers.ts';
import { REQUEST_RESET, RESET_PASSWORD, runRequestReset, runReset, showRequestReset, showReset } from './forgotten.ts';
import { formOfNoPage } from './own-forms.ts';
import type { PageRequest } from './page-request.ts';
import { ACCOUNT_PATH, FORGOTTEN_PATH, SIGN_UP_PATH } from './place.ts';
import type { Page } from './serving.ts';
import { type SignInFor, wayOf } from './sign-in-for.ts';
import { runSignUp, SIGN_UP, showSignUp } from './sign-up.ts';

export function signUpPageOf(base: string): Page {
  return {
    url: base + SIGN_UP_PATH,
    name: 'pages.sign-up',
    get: async (request) => {
      const { services, site } = request;
      // Where only admins make accounts there is nothing to fill in.
      return (await isSelfRegistration(services.store, site.tenantId))
        ? showSignUp(request, onItsOwn(request, SIGN_UP_PATH))
        : seeOther(site.base + ACCOUNT_PATH);
    },
    post: (request) => run(request, SIGN_UP_PATH, { [SIGN_UP]: runSignUp }),
  };
}

export function forgottenPasswordPage(base: string): Page {
  return {
    url: base + FORGOTTEN_PATH,
    name: 'pages.forgotten-password',
    get: async (request) => {
      const wanted = onItsOwn(request, FORGOTTEN_PATH);
      return wayOf(request) === 'reset' ? showReset(request, wanted) : showRequestReset(request, wanted);
    },
    post: (request) => run(request, FORGOTTEN_PATH, { [REQUEST_RESET]: runRequestReset, [RESET_PASSWORD]: runReset }),
  };
}

type Step = (request: PageRequest, wanted: SignInFor) => Promise<Answer>;

async function run(request: PageRequest, path: string, steps: Readonly<Record<string, Step>>): Promise<Answer> {
  const step = request.form.get('step') ?? '';
  const act = Object.hasOwn(steps, step) ? steps[step] : undefined;
  if (act === undefined) {
    throw formOfNoPage();
  }
  return act(request, onItsOwn(request, path));
}

function onItsOwn({ site }: PageRequest, path: string): SignInFor {
  return {
    action: site.base + path,
    next: site.base + ACCOUNT_PATH,
    client: undefined,
    username: '',
    formTarget: undefined,
    isForItself: true,
  };
}
