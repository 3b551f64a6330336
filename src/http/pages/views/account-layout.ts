/** The pages of My account: the ways between them beside one of them. */
import type { Texts } from '../texts/en.ts';
import type { Frame } from './frame.ts';
import { avatar, type FormOf, form, shell, success } from './layout.ts';
import { href, html, type Markup, type Part } from './markup.ts';

/** Sections, in their order, by the last part of their path. */
export const SECTIONS = {
  '': (texts: Texts) => texts.account.overview,
  '/applications': (texts: Texts) => texts.applications.title,
  '/devices': (texts: Texts) => texts.devices.title,
  '/places': (texts: Texts) => texts.places.title,
  '/password': (texts: Texts) => texts.password.title,
  '/second-factor': (texts: Texts) => texts.factor.title,
  '/addresses': (texts: Texts) => texts.addresses.title,
  '/delete': (texts: Texts) => texts.deletion.title,
} as const;

export type Section = keyof typeof SECTIONS;

/** What all pages of somebody's account show. */
export interface AccountFrame {
  readonly frame: Frame;
  /** The path of the overview. */
  readonly home: string;
  readonly user: string;
  readonly signOutForm: FormOf;
  /** What was done by the form before; undefined: nothing. */
  readonly done?: string | undefined;
}

export function accountLayout(of: AccountFrame, section: Section, title: string, body: Part): Markup {
  const { frame, home, user, signOutForm, done } = of;
  const { common, account } = frame.language.texts;
  const isOverview = section === '';
  return shell(
    frame,
    title,
    html`<div class="columns${isOverview ? ' overview' : ''}">
<nav class="sections" aria-label="${account.title}">
<ul>
${Object.entries(SECTIONS).map(([path, nameIn]) => {
  const name = nameIn(frame.language.texts);
  const current = path === section ? html` aria-current="page"` : undefined;
  return html`<li><a href="${href(home + path)}"${current}>${name}</a></li>`;
})}
</ul>
</nav>
<aside class="account">
${avatar({ name: user, logoUri: '' })}
<p><span class="muted">${common.signedInAs}</span><br><strong>${user}</strong></p>
${form(signOutForm, html`<button type="submit" class="other small">${common.signOut}</button>`)}
</aside>
<main class="card wide" id="content">
${isOverview ? undefined : html`<p class="up"><a href="${href(home)}">${account.title}</a></p>`}
<h1>${title}</h1>
${success(done)}
${body}
</main>
</div>`,
  );
}

export interface ItemView {
  readonly name: string;
  readonly logoUri?: string;
  /** Lines below the name. */
  readonly lines: readonly Part[];
  /** What is below them, if anything. */
  readonly more?: Part;
  /** A form or a link at its end. */
  readonly action?: Part;
}

/** A list of things, each with what can be done with it. */
export function items(all: readonly ItemView[]): Markup {
  return html`<ul class="items">
${all.map(
  ({ name, logoUri = '', lines, more, action }) => html`<li>
${avatar({ name, logoUri })}
<div class="about"><h2>${name}</h2>${lines.map((line) => html`<p class="muted">${line}</p>`)}${more}</div>
${action === undefined ? undefined : html`<div class="act">${action}</div>`}
</li>`,
)}
</ul>`;
}

/** Where there is nothing yet. */
export function empty(text: string): Markup {
  return html`<p class="empty">${text}</p>`;
}
