import { type FormOf, form, layout, notice } from './layout.ts';
import { html, type Markup } from './markup.ts';

export interface SignInView {
  readonly form: FormOf;
  /** What it is for: a client's name, or nothing. */
  readonly purpose: string | undefined;
  /** As it was typed, or as the client says. */
  readonly username: string;
  readonly problem?: string | undefined;
}

/** Both fields on one page, so that managers of passwords fill in both. A password that was typed is not sent back. */
export function signInPage({ form: of, purpose, username, problem }: SignInView): Markup {
  const title = purpose === undefined ? 'Sign in' : `Sign in to ${purpose}`;
  const [first, second] = username === '' ? [' autofocus', ''] : ['', ' autofocus'];
  return layout(
    title,
    html`<h1>${title}</h1>
${notice(problem)}
${form(
  of,
  html`<label for="username">User name, e-mail address or phone number</label>
<input id="username" name="username" type="text" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="256" required${first} value="${username}">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required${second}>
<button type="submit">Sign in</button>`,
)}`,
  );
}
