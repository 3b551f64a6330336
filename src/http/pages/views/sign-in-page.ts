import { field, passwordField } from './fields.ts';
import type { Frame } from './frame.ts';
import { clientHead, type FormOf, form, layout, notice } from './layout.ts';
import { html, type Markup } from './markup.ts';

export interface SignInView {
  readonly form: FormOf;
  /** As it was typed, or as the client says. */
  readonly username: string;
  readonly problem?: string | undefined;
}

/** Both fields on one page, so that managers of passwords fill in both. A password that was typed is not sent back. */
export function signInPage(frame: Frame, { form: of, username, problem }: SignInView): Markup {
  const { signIn, common } = frame.language.texts;
  const title = frame.client === undefined ? signIn.title : signIn.titleTo(frame.client.name);
  const isNamed = username !== '';
  return layout(
    frame,
    title,
    html`${clientHead(frame, title)}
${notice(problem)}
${form(
  of,
  html`${field({ name: 'username', label: signIn.username, value: username, autocomplete: 'username', maxLength: 256, isFocused: !isNamed })}
${passwordField(frame, { name: 'password', label: common.password, autocomplete: 'current-password', isFocused: isNamed })}
<button type="submit">${signIn.submit}</button>`,
)}`,
  );
}
