import type { Frame } from './frame.ts';
import { type AccountView, account, type FormOf, form, layout } from './layout.ts';
import { html, type Markup } from './markup.ts';

export function signedOutPage(frame: Frame): Markup {
  const { signOut } = frame.language.texts;
  return layout(
    frame,
    signOut.done,
    html`<h1>${signOut.done}</h1>
<p>${signOut.doneText}</p>`,
  );
}

export interface SignOutView {
  readonly form: FormOf;
  readonly account: AccountView;
}

/** Asked for by a link: only the button changes anything. */
export function signOutPage(frame: Frame, { form: of, account: whose }: SignOutView): Markup {
  const { signOut, common } = frame.language.texts;
  return layout(
    frame,
    signOut.title,
    html`<h1>${signOut.title}</h1>
${form(of, html`<button type="submit">${common.signOut}</button>`)}
${account(frame, whose)}`,
  );
}
