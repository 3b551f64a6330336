import { type FormOf, form, layout, notice } from './layout.ts';
import { html, type Markup } from './markup.ts';

export interface SecondFactorView {
  readonly form: FormOf;
  /** The secret of the login that waits. */
  readonly pending: string;
  readonly problem?: string | undefined;
}

/** One field a form: what is typed into one is not a code of the other kind. */
export function secondFactorPage({ form: of, pending, problem }: SecondFactorView): Markup {
  const title = 'Your second factor';
  const hidden = html`<input type="hidden" name="pending" value="${pending}">`;
  return layout(
    title,
    html`<h1>${title}</h1>
<p>Enter the code that your authenticator app shows.</p>
${notice(problem)}
${form(
  of,
  html`${hidden}
<label for="code">Code</label>
<input id="code" name="code" type="text" inputmode="numeric" autocomplete="one-time-code" maxlength="64" required autofocus>
<button type="submit">Continue</button>`,
)}
<details>
<summary>Use a recovery code</summary>
${form(
  of,
  html`${hidden}
<label for="recovery_code">Recovery code</label>
<input id="recovery_code" name="recovery_code" type="text" autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="64" required>
<button type="submit" class="other">Continue with a recovery code</button>`,
)}
</details>`,
  );
}
