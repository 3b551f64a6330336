/** Signing out: asked for by a link, done by a form. */
import { type SignedIn, signOut } from '../../core/operations/browser-sessions.ts';
import { pageAnswer, seeOther } from './answers.ts';
import { clearCookie, sessionCookie } from './cookies.ts';
import { formAnswer, type OwnForm, ownForm, requireOwnForm } from './own-forms.ts';
import type { PageRequest } from './page-request.ts';
import type { Page } from './serving.ts';
import { signedOutPage, signOutPage } from './views/signed-out-page.ts';
import { nameOf } from './words.ts';

/** Not ARTIK's `/signout`, which apps call. */
const PATH = '/sign-out';

export function signOutPageOf(url: string): Page {
  return {
    url,
    name: 'pages.sign-out',
    get: async (request) => {
      const { signedIn } = request;
      return signedIn === undefined
        ? pageAnswer(signedOutPage())
        : formAnswer(
            request,
            signOutPage({ form: ownForm(request, formOf(request, signedIn)), user: nameOf(signedIn.user) }),
          );
    },
    post: async (request) => {
      const { services, call, site, signedIn, token } = request;
      if (signedIn !== undefined && token !== undefined) {
        requireOwnForm(request, formOf(request, signedIn));
        await signOut(services, call, token);
      }
      return seeOther(`${site.base}${PATH}`, clearCookie(site, sessionCookie(site)));
    },
  };
}

function formOf({ site }: PageRequest, { user }: SignedIn): OwnForm {
  return { action: `${site.base}${PATH}`, step: 'sign_out', about: [user.subjectId] };
}
