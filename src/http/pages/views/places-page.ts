import { items } from './account-layout.ts';
import { hiddenFields } from './confirmation.ts';
import type { FormAbout } from './devices-page.ts';
import type { Frame } from './frame.ts';
import { type FormOf, form } from './layout.ts';
import { html, type Markup } from './markup.ts';
import { type Paged, paging } from './paging.ts';
import { withTime } from './when.ts';

export interface PlaceView extends FormAbout {
  readonly name: string;
  readonly logoUri: string;
  /** In plain words. */
  readonly kind: string;
  /** The resource server that it is for alone; empty: any. */
  readonly audience: string;
  /** Of the network; empty: not known. */
  readonly address: string;
  /** The program that came from there, as it called itself; empty: not known. */
  readonly agent: string;
  readonly issueTime: number;
  /** As far as it is known. */
  readonly lastUseTime: number;
  readonly isThisOne: boolean;
}

export interface PlacesView {
  readonly places: readonly PlaceView[];
  readonly paged: Paged;
  /** Undefined: there are none. */
  readonly others: FormOf | undefined;
  readonly everywhere: FormOf;
}

export function placesPage(frame: Frame, { places: shown, paged, others, everywhere }: PlacesView): Markup {
  const { places } = frame.language.texts;
  return html`<p>${places.intro}</p>
${items(
  shown.map((place) => ({
    name: place.name,
    logoUri: place.logoUri,
    lines: linesOf(frame, place),
    action: signOutThere(frame, place),
  })),
)}
${paging(frame, paged)}
<section class="block">
<h2>${places.severalTitle}</h2>
<p>${places.severalText}</p>
<div class="row">
${others === undefined ? undefined : form(others, html`<button type="submit" class="other">${places.others}</button>`)}
${form(everywhere, html`<button type="submit" class="danger">${places.everywhere}</button>`)}
</div>
</section>`;
}

function linesOf(frame: Frame, view: PlaceView) {
  const { kind, audience, address, agent, issueTime, lastUseTime } = view;
  const { places, consent } = frame.language.texts;
  return [
    kind,
    ...(audience === '' || kind === places.onThesePages ? [] : [consent.onlyAt(audience)]),
    ...(agent === '' ? [] : [agent]),
    ...(address === '' ? [] : [places.from(address)]),
    withTime(frame, places.since, issueTime),
    ...(lastUseTime > issueTime ? [withTime(frame, places.lastUse, lastUseTime)] : []),
  ];
}

function signOutThere({ language }: Frame, { form: of, fields, name }: PlaceView): Markup {
  const { places, common } = language.texts;
  return form(
    of,
    html`${hiddenFields(fields)}
<button type="submit" class="other small" aria-label="${places.signOutOf(name)}">${common.signOut}</button>`,
  );
}
