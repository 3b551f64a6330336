/** A page of My account: who is signed in sees it, and who is not signs in first. Each of its forms is a step. */
import type { SignedIn } from '../../core/operations/browser-sessions.ts';
import type { Answer } from '../answer.ts';
import { seeOther } from './answers.ts';
import { formAnswer, formOfNoPage, type OwnForm, ownForm, requireOwnForm } from './own-forms.ts';
import type { PageRequest } from './page-request.ts';
import { ACCOUNT_PATH } from './place.ts';
import type { Page } from './serving.ts';
import { isSignInStep, notSignedIn, runSignInStep, type SignInFor, showSignIn } from './sign-in.ts';
import { signOutForm } from './sign-out.ts';
import type { Texts } from './texts/en.ts';
import { type AccountFrame, accountLayout, type Section } from './views/account-layout.ts';
import type { FormOf } from './views/layout.ts';
import type { Part } from './views/markup.ts';
import { nameOf } from './words.ts';

/** A request of somebody who is signed in. */
export interface Asking {
  readonly request: PageRequest;
  readonly signedIn: SignedIn;
  readonly section: Section;
  /** Of the page, with the tenant's base. */
  readonly path: string;
}

export interface SectionPage {
  readonly section: Section;
  readonly show: (asking: Asking) => Promise<Answer>;
  /** What its forms do, by the name of their step. Each begins with `requireStep`. */
  readonly steps: Readonly<Record<string, (asking: Asking) => Promise<Answer>>>;
  /** What it tells who is not signed in any more, in place of asking to sign in. */
  readonly notSignedIn?: (request: PageRequest) => Answer | undefined;
}

export function accountPage(
  base: string,
  { section, show, steps, notSignedIn: tell = () => undefined }: SectionPage,
): Page {
  const path = `${ACCOUNT_PATH}${section}`;
  return {
    url: `${base}${path}`,
    name: `pages.account${section.replace('/', '.')}`,
    get: async (request) => {
      const { signedIn, site } = request;
      const told = signedIn === undefined ? tell(request) : undefined;
      if (told !== undefined) {
        return told;
      }
      return signedIn === undefined || request.query.get('prompt') === 'login'
        ? showSignIn(request, signInFor(request, path))
        : show({ request, signedIn, section, path: site.base + path });
    },
    post: async (request) => {
      const { signedIn, form, site } = request;
      const step = form.get('step') ?? '';
      if (isSignInStep(step)) {
        return runSignInStep(request, signInFor(request, path));
      }
      const run = Object.hasOwn(steps, step) ? steps[step] : undefined;
      if (run === undefined) {
        throw formOfNoPage();
      }
      return signedIn === undefined
        ? (tell(request) ?? showSignIn(request, signInFor(request, path), notSignedIn(request)))
        : run({ request, signedIn, section, path: site.base + path });
    },
  };
}

function signInFor({ site }: PageRequest, path: string): SignInFor {
  const here = site.base + path;
  return { action: here, next: here, client: undefined, username: '', formTarget: undefined };
}

/** A form of the page. `about`: what it is done to; a form that showed one thing does no other. */
export function formFor(asking: Asking, step: string, about: readonly unknown[] = []): FormOf {
  return ownForm(asking.request, stepOf(asking, step, about));
}

/** Throws for a form that no page of ours made for this user and this. */
export function requireStep(asking: Asking, step: string, about: readonly unknown[] = []): void {
  requireOwnForm(asking.request, stepOf(asking, step, about));
}

function stepOf({ path, signedIn }: Asking, step: string, about: readonly unknown[]): OwnForm {
  return { action: path, step, about: [signedIn.user.subjectId, ...about] };
}

/** `status`: other than 200 where something of a form has to be mended. `pictures`: addresses of those that the body shows. */
export function accountAnswer(
  asking: Asking,
  title: string,
  body: Part,
  status = 200,
  pictures: readonly string[] = [],
): Answer {
  const { request, section } = asking;
  const page = accountLayout(accountFrame(asking), section, title, body);
  return formAnswer(request, request.frame, page, { status, pictures });
}

export function accountFrame({ request, signedIn }: Asking): AccountFrame {
  const { frame, site, query, form } = request;
  const told = query.get('done') ?? '';
  const { done } = frame.language.texts;
  return {
    frame,
    home: `${site.base}${ACCOUNT_PATH}`,
    user: nameOf(signedIn.user),
    signOutForm: signOutForm(request, signedIn),
    // A page that shows what is wrong with a form says nothing of the form before.
    done: form.get('step') === undefined && Object.hasOwn(done, told) ? done[told as Done] : undefined,
  };
}

export type Done = keyof Texts['done'];

/** What a step ends with: the page again, by a GET, which says what was done. */
export function doneAnswer({ path }: Pick<Asking, 'path'>, done: Done): Answer {
  return seeOther(`${path}?done=${done}`);
}
