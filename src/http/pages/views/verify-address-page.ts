import type { AddressName } from './addresses-page.ts';
import { codeField } from './fields.ts';
import type { Frame } from './frame.ts';
import { type FormOf, form, notice } from './layout.ts';
import { href, html, type Markup } from './markup.ts';

export interface VerifyView {
  readonly form: FormOf;
  readonly sendForm: FormOf;
  /** Undefined: nothing is proven that could be kept. */
  readonly keepForm: FormOf | undefined;
  readonly name: AddressName;
  readonly address: string;
  readonly proven: string;
  readonly problem: string | undefined;
  readonly codeProblem: string | undefined;
  readonly back: string;
}

export function verifyPage(frame: Frame, view: VerifyView): Markup {
  const { addresses } = frame.language.texts;
  const about = html`<input type="hidden" name="name" value="${view.name}">
<input type="hidden" name="address" value="${view.address}">`;
  return html`<p>${addresses.verifyIntro(view.address)}</p>
${notice(view.problem)}
<div class="narrow">
${form(
  view.form,
  html`${about}
${codeField({ name: 'code', label: addresses.code, hint: addresses.codeHint, problem: view.codeProblem, isFocused: true })}
<button type="submit">${addresses.verify}</button>`,
)}
${form(view.sendForm, html`${about}<button type="submit" class="other">${addresses.sendAgain}</button>`)}
${view.keepForm === undefined ? undefined : form(view.keepForm, html`${about}<button type="submit" class="other">${addresses.keep(view.proven)}</button>`)}
<p><a class="alone" href="${href(view.back)}">${addresses.later}</a></p>
</div>`;
}
