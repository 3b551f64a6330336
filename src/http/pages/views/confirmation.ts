/** What is asked before something ends that can't be had back. */
import type { Frame } from './frame.ts';
import { type FormOf, form } from './layout.ts';
import { href, html, type Markup, type Part } from './markup.ts';

export interface ConfirmationView {
  /** What happens then: a paragraph each. */
  readonly texts: readonly string[];
  readonly form: FormOf;
  /** What it is about, by the names of the fields. */
  readonly fields: Readonly<Record<string, string>>;
  readonly button: string;
  /** The path of who would rather not. */
  readonly back: string;
}

export function confirmation({ language }: Frame, view: ConfirmationView): Markup {
  const { texts, form: of, fields, button, back } = view;
  return html`${texts.map((text) => html`<p>${text}</p>`)}
${form(
  of,
  html`${hiddenFields(fields)}
<div class="choice narrow">
<a class="button other" href="${href(back)}">${language.texts.common.cancel}</a>
<button type="submit" class="danger">${button}</button>
</div>`,
)}`;
}

export function hiddenFields(fields: Readonly<Record<string, string>>): Part {
  return Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`);
}
