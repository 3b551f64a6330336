import { field, passwordField } from './fields.ts';
import type { Frame } from './frame.ts';
import { clientHead, type FormOf, form, layout, notice, success, waysOn } from './layout.ts';
import { html, type Markup } from './markup.ts';

export interface SignInView {
  readonly form: FormOf;
  /** As it was typed, or as the client says. */
  readonly username: string;
  readonly problem?: string | undefined;
  /** What was done before; undefined: nothing. */
  readonly done?: string | undefined;
  /** Where a code is sent to who has forgotten the password. */
  readonly forgotten: string;
  /** Where an account is made; undefined: nobody may. */
  readonly signUp: string | undefined;
}

/** Both fields on one page, so that managers of passwords fill in both. A password that was typed is not sent back. */
export function signInPage(frame: Frame, view: SignInView): Markup {
  const { form: of, username, problem, done, forgotten, signUp } = view;
  const { signIn, common } = frame.language.texts;
  const title = frame.client === undefined ? signIn.title : signIn.titleTo(frame.client.name);
  const isNamed = username !== '';
  return layout(
    frame,
    title,
    html`${clientHead(frame, title)}
${success(done)}
${notice(problem)}
${form(
  of,
  html`${field({ name: 'username', label: signIn.username, value: username, autocomplete: 'username', maxLength: 256, isFocused: !isNamed })}
${passwordField(frame, { name: 'password', label: common.password, autocomplete: 'current-password', isFocused: isNamed })}
<button type="submit">${signIn.submit}</button>`,
)}
${waysOn([
  { path: forgotten, text: signIn.forgotten },
  ...(signUp === undefined ? [] : [{ path: signUp, text: signIn.createAccount }]),
])}`,
  );
}
