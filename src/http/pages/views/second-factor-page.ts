import { codeField, field } from './fields.ts';
import type { Frame } from './frame.ts';
import { clientHead, type FormOf, form, layout, notice, waysOn } from './layout.ts';
import { html, type Markup } from './markup.ts';

export interface SecondFactorView {
  readonly form: FormOf;
  /** The secret of the login that waits. */
  readonly pending: string;
  readonly problem?: string | undefined;
  /** Whether a recovery code was typed. */
  readonly isOfRecovery: boolean;
  /** Where one signs in from the beginning. */
  readonly anew: string;
}

/** One field a form: what is typed into one is not a code of the other kind. */
export function secondFactorPage(frame: Frame, view: SecondFactorView): Markup {
  const { form: of, pending, problem, isOfRecovery, anew } = view;
  const { secondFactor: texts, common } = frame.language.texts;
  const hidden = html`<input type="hidden" name="pending" value="${pending}">`;
  return layout(
    frame,
    texts.title,
    html`${clientHead(frame, texts.title)}
${problem === undefined ? html`<p>${texts.intro}</p>` : notice(problem)}
${form(
  of,
  html`${hidden}
${codeField({ name: 'code', label: texts.code, isFocused: !isOfRecovery })}
<button type="submit">${common.continue}</button>`,
)}
<details${isOfRecovery ? html` open` : undefined}>
<summary>${texts.useRecoveryCode}</summary>
${form(
  of,
  html`${hidden}
${field({ name: 'recovery_code', label: texts.recoveryCode, autocomplete: 'off', maxLength: 64, isFocused: isOfRecovery })}
<button type="submit" class="other">${texts.submitRecoveryCode}</button>`,
)}
</details>
${waysOn([{ path: anew, text: texts.signInAnew }])}`,
  );
}
