import type { Frame } from './frame.ts';
import { mark } from './icons.ts';
import { type AccountView, account, type FormOf, form, layout } from './layout.ts';
import { href, html, type Markup } from './markup.ts';

/** `signIn`: where one signs in again. */
export function signedOutPage(frame: Frame, { signIn }: { readonly signIn: string }): Markup {
  const { signOut } = frame.language.texts;
  return layout(
    frame,
    signOut.done,
    html`${mark('check', 'done')}
<h1>${signOut.done}</h1>
<p>${frame.tenant === undefined ? signOut.where : signOut.whereAt(frame.tenant.name)}</p>
<p class="muted">${signOut.doneText}</p>
<p><a class="button" href="${href(signIn)}">${signOut.again}</a></p>`,
  );
}

export interface SignOutView {
  readonly form: FormOf;
  readonly account: AccountView;
  /** Where one goes who does not sign out. */
  readonly stay: string;
}

/** Asked for by a link: only the button changes anything. */
export function signOutPage(frame: Frame, { form: of, account: whose, stay }: SignOutView): Markup {
  const { signOut, common } = frame.language.texts;
  return layout(
    frame,
    signOut.title,
    html`<h1>${signOut.title}</h1>
<p>${signOut.intro}</p>
${account(frame, whose)}
${form(of, html`<button type="submit">${common.signOut}</button>`)}
<p><a class="button other" href="${href(stay)}">${signOut.stay}</a></p>`,
  );
}
