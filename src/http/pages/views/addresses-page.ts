import type { Frame } from './frame.ts';
import { notice } from './layout.ts';
import { href, html, type Markup } from './markup.ts';

export type AddressName = 'email' | 'phone';
export type Name = 'display_name' | 'login_name' | AddressName;

export interface NameView {
  readonly name: Name;
  /** Null: there is none. */
  readonly value: string | null;
  /** Undefined: it needs no proof. */
  readonly isProven?: boolean | undefined;
  /** What takes its place once it is proven. */
  readonly waiting: string | null;
}

export interface AddressesView {
  readonly names: readonly NameView[];
  /** Of this page. */
  readonly path: string;
  readonly problem: string | undefined;
}

export function addressesPage(frame: Frame, { names, path, problem }: AddressesView): Markup {
  return html`<p>${frame.language.texts.addresses.intro}</p>
${notice(problem)}
<ul class="items plain">
${names.map((view) => nameItem(frame, view, path))}
</ul>`;
}

function nameItem({ language }: Frame, view: NameView, path: string): Markup {
  const { addresses } = language.texts;
  const { name, value, isProven, waiting } = view;
  const to = (way: string) => `${path}?${new URLSearchParams([[way, name]])}`;
  const ways = value === null ? addresses.add : addresses.change;
  return html`<li>
<div class="about"><h2>${addresses.labels[name]}</h2>
<p>${value ?? addresses.none}</p>
${isProven === true ? html`<p class="muted">${addresses.verified}</p>` : undefined}
${waiting === null ? undefined : html`<p class="muted">${addresses.waits(waiting)}</p>`}</div>
<div class="act">
${
  waiting === null
    ? undefined
    : html`<a class="button small" href="${href(to('verify'))}" aria-label="${addresses.enterCodeFor(addresses.labels[name])}">${addresses.enterCode}</a>`
}
<a class="button other small" href="${href(to('change'))}" aria-label="${ways[name]}">${value === null ? addresses.addShort : addresses.changeShort}</a>
</div>
</li>`;
}
