import { passwordField } from './fields.ts';
import type { Frame } from './frame.ts';
import { type FormOf, form, notice } from './layout.ts';
import { html, type Markup } from './markup.ts';
import { type ProofView, problemAt, proofFields } from './own-proof-fields.ts';

export interface PasswordView {
  readonly form: FormOf;
  readonly proof: ProofView;
  readonly problem: string | undefined;
  /** Characters that a password must have. */
  readonly least: number;
}

export function passwordPage(frame: Frame, { form: of, proof, problem, least }: PasswordView): Markup {
  const { password, newPassword } = frame.language.texts;
  return html`<p>${password.intro}</p>
${notice(problem)}
<div class="narrow">
${form(
  of,
  html`${proofFields(frame, proof, password.current)}
${passwordField(frame, {
  name: 'new_password',
  label: newPassword.label,
  autocomplete: 'new-password',
  hint: newPassword.hint(least),
  problem: problemAt(proof, 'new_password'),
})}
<button type="submit">${password.submit}</button>`,
)}
</div>`;
}
