import { codeField, field, hiddenUsername, passwordField } from './fields.ts';
import type { Frame } from './frame.ts';
import { clientHead, type FormOf, form, layout, notice, waysOn } from './layout.ts';
import { html, type Markup } from './markup.ts';

export interface RequestResetView {
  readonly form: FormOf;
  readonly username: string;
  readonly problem: string | undefined;
  /** Where a code is typed that was sent before. */
  readonly haveCode: string;
  readonly signIn: string;
}

export function requestResetPage(frame: Frame, view: RequestResetView): Markup {
  const { form: of, username, problem, haveCode, signIn } = view;
  const { forgotten: texts } = frame.language.texts;
  return layout(
    frame,
    texts.title,
    html`${clientHead(frame, texts.title)}
<p>${texts.intro}</p>
${form(
  of,
  html`${field({ name: 'username', label: texts.username, value: username, autocomplete: 'username', maxLength: 256, isFocused: true, problem })}
<button type="submit">${texts.send}</button>`,
)}
${waysOn([
  { path: haveCode, text: texts.haveCode },
  { path: signIn, text: texts.backToSignIn },
])}`,
  );
}

export interface ResetView {
  readonly form: FormOf;
  /** The name that a code was asked for; empty: it has to be typed. */
  readonly sentTo: string;
  /** The name that was typed here. */
  readonly typed: string;
  readonly code: string;
  readonly leastPassword: number;
  readonly problem: { readonly text: string; readonly field?: string } | undefined;
  /** Where another code is sent. */
  readonly again: string;
  readonly signIn: string;
}

/**
 * The code stays as it was typed. The name comes between it and the password: managers that don't read `autocomplete` would take the code
 * for a name.
 */
export function resetPage(frame: Frame, view: ResetView): Markup {
  const { form: of, sentTo, typed, leastPassword, problem, again, signIn } = view;
  const { forgotten: texts, newPassword } = frame.language.texts;
  const at = (name: string) => (problem?.field === name ? problem.text : undefined);
  const isNamed = sentTo !== '';
  return layout(
    frame,
    texts.codeTitle,
    html`${clientHead(frame, texts.codeTitle)}
${isNamed && problem === undefined ? html`<p>${texts.sent}</p>` : undefined}
${problem?.field === undefined ? notice(problem?.text) : undefined}
${form(
  of,
  html`${codeField({ name: 'code', label: texts.code, hint: texts.codeHint, value: view.code, isFocused: problem === undefined, problem: at('code') })}
${
  isNamed
    ? hiddenUsername(sentTo)
    : field({
        name: 'username',
        label: texts.username,
        value: typed,
        autocomplete: 'username',
        maxLength: 256,
        problem: at('username'),
      })
}
${passwordField(frame, { name: 'password', label: newPassword.label, autocomplete: 'new-password', hint: newPassword.hint(leastPassword), problem: at('password') })}
<p class="muted">${texts.ends}</p>
<button type="submit">${texts.submit}</button>`,
)}
${waysOn([
  { path: again, text: texts.sendAgain },
  { path: signIn, text: texts.backToSignIn },
])}`,
  );
}
