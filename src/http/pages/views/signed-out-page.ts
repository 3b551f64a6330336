import { type FormOf, form, layout } from './layout.ts';
import { html, type Markup } from './markup.ts';

export function signedOutPage(): Markup {
  const title = 'You are signed out';
  return layout(
    title,
    html`<h1>${title}</h1>
<p>Apps that you allowed go on until you take it back.</p>`,
  );
}

export interface SignOutView {
  readonly form: FormOf;
  readonly user: string;
}

/** Asked for by a link: only the button changes anything. */
export function signOutPage({ form: of, user }: SignOutView): Markup {
  const title = 'Sign out?';
  return layout(
    title,
    html`<h1>${title}</h1>
<p>You are signed in as <strong>${user}</strong>.</p>
${form(of, html`<button type="submit">Sign out</button>`)}`,
  );
}
