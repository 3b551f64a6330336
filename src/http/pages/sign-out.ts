/** Signing out: asked for by a link, done by a form. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Call } from '../../core/operations/authenticate.ts';
import { findSignedIn, type SignedIn, signOut } from '../../core/operations/browser-sessions.ts';
import type { Services } from '../../core/services/services.ts';
import type { Issuers } from '../issuers.ts';
import { pageAnswer, seeOther } from './answers.ts';
import { clearCookie, readCookie, sessionCookie } from './cookies.ts';
import { formAnswer, type OwnForm, ownForm, requireOwnForm } from './own-forms.ts';
import type { PageRequest } from './page-request.ts';
import { ACCOUNT_PATH, siteOf } from './place.ts';
import type { Page } from './serving.ts';
import type { FormOf } from './views/layout.ts';
import { signedOutPage, signOutPage } from './views/signed-out-page.ts';
import { accountOf } from './words.ts';

/** Not ARTIK's `/signout`, where apps send people. */
const PATH = '/sign-out';

export function signOutPageOf(url: string): Page {
  return {
    url,
    name: 'pages.sign-out',
    get: async (request) => {
      const { signedIn, frame, site } = request;
      const home = `${site.base}${ACCOUNT_PATH}`;
      if (signedIn === undefined) {
        return pageAnswer(frame, signedOutPage(frame, { signIn: home }));
      }
      const form = signOutForm(request, signedIn);
      const account = accountOf(signedIn.user, `${home}?prompt=login`);
      return formAnswer(request, frame, signOutPage(frame, { form, account, stay: home }));
    },
    post: async (request) => {
      const { services, call, site, signedIn, token } = request;
      if (signedIn !== undefined && token !== undefined) {
        requireOwnForm(request, formOf(request, signedIn));
        await signOut(services, call, token);
      }
      // A form of another site comes without the cookie (RFC 6265bis section 5.6.7.1), and must not make the browser forget it.
      return seeOther(signedOutPath(site), token === undefined ? {} : clearCookie(site, sessionCookie(site)));
    },
  };
}

/** Where a browser is told that nobody is signed in with it any more. */
export function signedOutPath({ base }: Pick<PageRequest['site'], 'base'>): string {
  return base + PATH;
}

/** The button of other pages. */
export function signOutForm(request: PageRequest, signedIn: SignedIn): FormOf {
  return ownForm(request, formOf(request, signedIn));
}

function formOf({ site }: PageRequest, { user }: SignedIn): OwnForm {
  return { action: `${site.base}${PATH}`, step: 'sign_out', about: [user.subjectId] };
}

/** A browser that came by another dialect's path. */
export interface Leaving {
  readonly services: Services;
  /** As the tenant's public client. */
  readonly call: Call;
  readonly headers: IncomingHttpHeaders;
  readonly protocol: string;
}

/** Ends the login that a browser's cookie holds, and answers the headers by which the browser forgets it. */
export function endBrowserLogin(issuers: Issuers): (leaving: Leaving) => Promise<Record<string, string>> {
  return async ({ services, call, headers, protocol }) => {
    const site = siteOf(issuers, { params: { tenant: call.caller.tenantId }, protocol });
    const token = readCookie(headers, sessionCookie(site));
    if (token === undefined) {
      return {};
    }
    // Another token in a cookie of this name was not put there by a page of ours.
    if ((await findSignedIn(services, call, token)) !== undefined) {
      await signOut(services, call, token);
    }
    return clearCookie(site, sessionCookie(site));
  };
}
