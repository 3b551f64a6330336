import type { Name } from './addresses-page.ts';
import { type FieldView, field } from './fields.ts';
import type { Frame } from './frame.ts';
import { type FormOf, form, notice } from './layout.ts';
import { href, html, type Markup } from './markup.ts';
import { type ProofView, proofFields } from './own-proof-fields.ts';

export interface ChangeView {
  readonly form: FormOf;
  readonly name: Name;
  readonly value: string;
  /** Undefined: no password is asked for. */
  readonly proof: ProofView | undefined;
  readonly problem: string | undefined;
  readonly valueProblem: string | undefined;
  readonly mayRemove: boolean;
  readonly isKeptUntilProven: boolean;
  readonly back: string;
}

type Shape = Pick<FieldView, 'autocomplete' | 'maxLength' | 'type' | 'inputMode' | 'capitals'>;

const SHAPES: Readonly<Record<Name, Shape>> = {
  display_name: { autocomplete: 'name', maxLength: 512, capitals: 'words' },
  // No user name of a login: a manager of passwords would put the old one there.
  login_name: { autocomplete: 'off', maxLength: 256 },
  email: { autocomplete: 'email', maxLength: 1_024, inputMode: 'email' },
  phone: { autocomplete: 'tel', maxLength: 64, type: 'tel', inputMode: 'tel' },
};

export function changePage(frame: Frame, view: ChangeView): Markup {
  const { addresses, common } = frame.language.texts;
  const { name, proof } = view;
  return html`${name === 'display_name' || name === 'login_name' ? undefined : html`<p>${addresses.codeFollows}</p>`}
${view.isKeptUntilProven ? html`<p>${addresses.keptUntilProven}</p>` : undefined}
${notice(view.problem)}
<div class="narrow">
${form(
  view.form,
  html`<input type="hidden" name="name" value="${name}">
${field({
  name: 'value',
  label: addresses.labels[name],
  value: view.value,
  hint: addresses.hints[name],
  problem: view.valueProblem,
  isOptional: name === 'display_name',
  ...SHAPES[name],
})}
${proof === undefined ? undefined : proofFields(frame, proof)}
<button type="submit">${addresses.save}</button>
${view.mayRemove ? html`<button type="submit" class="danger below" name="remove" value="yes" formnovalidate>${addresses.remove}</button>` : undefined}
<a class="button other below" href="${href(view.back)}">${common.cancel}</a>`,
)}
</div>`;
}
