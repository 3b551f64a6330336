import { field, passwordField } from './fields.ts';
import type { Frame } from './frame.ts';
import { clientHead, type FormOf, form, layout, notice, waysOn } from './layout.ts';
import { html, type Markup } from './markup.ts';

export interface SignUpFields {
  readonly username: string;
  readonly email: string;
  readonly displayName: string;
}

export interface SignUpView {
  readonly form: FormOf;
  /** Of this form: sent twice, it makes one account. */
  readonly requestId: string;
  readonly typed: SignUpFields;
  readonly leastPassword: number;
  readonly problem: { readonly text: string; readonly field?: string } | undefined;
  /** Where one signs in who has an account. */
  readonly signIn: string;
}

/** The user name comes right before the password: managers that don't read `autocomplete` take the field there as the name. */
export function signUpPage(frame: Frame, view: SignUpView): Markup {
  const { form: of, requestId, typed, leastPassword, problem, signIn } = view;
  const { signUp: texts, newPassword, common } = frame.language.texts;
  const title = frame.client === undefined ? texts.title : texts.titleFor(frame.client.name);
  const at = (name: string) => (problem?.field === name ? problem.text : undefined);
  return layout(
    frame,
    title,
    html`${clientHead(frame, title)}
${problem?.field === undefined ? notice(problem?.text) : undefined}
${form(
  of,
  html`<input type="hidden" name="request_id" value="${requestId}">
${field({ name: 'display_name', label: texts.displayName, value: typed.displayName, autocomplete: 'name', capitals: 'words', maxLength: 512, isOptional: true, problem: at('display_name') })}
${field({ name: 'email', label: texts.email, value: typed.email, autocomplete: 'email', inputMode: 'email', maxLength: 508, isOptional: true, hint: texts.emailHint, problem: at('email') })}
${field({ name: 'username', label: texts.username, value: typed.username, autocomplete: 'username', maxLength: 256, hint: texts.usernameHint, problem: at('username') })}
${passwordField(frame, { name: 'password', label: common.password, autocomplete: 'new-password', hint: newPassword.hint(leastPassword), problem: at('password') })}
<button type="submit">${texts.submit}</button>`,
)}
${waysOn([{ path: signIn, text: texts.haveAccount }])}`,
  );
}
