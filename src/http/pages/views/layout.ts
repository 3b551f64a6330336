/** What every page has around it. */
import { accentPath } from './accent.ts';
import { accentOf, type Brand, type Frame } from './frame.ts';
import { href, html, type Markup, type Part, picture } from './markup.ts';
import { SCRIPT_PATH } from './script.ts';
import { STYLE_PATH } from './style.ts';

/** A page of one column. */
export function layout(frame: Frame, title: string, body: Part): Markup {
  return shell(frame, title, html`<main class="card" id="content">\n${body}\n</main>`);
}

/** A whole page. `body` has the one `main`. */
export function shell(frame: Frame, title: string, body: Part): Markup {
  const { language, tenant } = frame;
  const accent = accentOf(frame);
  const whole = tenant === undefined || title.includes(tenant.name) ? title : `${title} · ${tenant.name}`;
  return html`<!doctype html>
<html lang="${language.tag}" dir="${language.dir}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>${whole}</title>
<link rel="stylesheet" href="${href(STYLE_PATH)}">
${accent === '' ? undefined : html`<link rel="stylesheet" href="${href(accentPath(accent))}">`}
<script src="${href(SCRIPT_PATH)}" defer></script>
</head>
<body>
${tenant === undefined ? undefined : html`<header class="brand">${avatar(tenant)}<span>${tenant.name}</span></header>`}
${body}
${languagePicker(frame)}
</body>
</html>
`;
}

function languagePicker({ language: current, languageLinks }: Frame): Markup {
  const links = languageLinks.map(({ language, path }) => {
    const { tag, name } = language;
    return language === current
      ? html`<li><span lang="${tag}" aria-current="true">${name}</span></li>`
      : html`<li><a lang="${tag}" hreflang="${tag}" rel="nofollow" href="${href(path)}">${name}</a></li>`;
  });
  return html`<footer class="languages">
<nav aria-label="${current.texts.common.languages}">
<ul>
${links}
</ul>
</nav>
</footer>`;
}

/**
 * The picture of somebody or something; where there is none, or none comes, the first letter of its name. It says nothing that the name
 * beside it doesn't.
 */
export function avatar({ name, logoUri }: Pick<Brand, 'name' | 'logoUri'>, size: 'small' | 'large' = 'small'): Markup {
  return logoUri === ''
    ? html`<span class="avatar ${size}" aria-hidden="true">${firstLetter(name)}</span>`
    : html`<img class="avatar ${size}" src="${picture(logoUri)}" alt="" data-letter="${firstLetter(name)}" referrerpolicy="no-referrer">`;
}

function firstLetter(name: string): string {
  const [first] = new Intl.Segmenter().segment(name.trim());
  return (first?.segment ?? '?').toLocaleUpperCase('en');
}

/** The head of a page that a client sends people to: its picture and what it is about. */
export function clientHead({ client }: Frame, title: string): Markup {
  return html`${client === undefined ? undefined : html`<div class="of-client">${avatar(client, 'large')}</div>`}
${heading(title)}`;
}

const LONG_TITLE = 60;

/** A long name in it makes it smaller. */
export function heading(title: string): Markup {
  return title.length > LONG_TITLE ? html`<h1 class="long">${title}</h1>` : html`<h1>${title}</h1>`;
}

/** A form of ours, as every page writes it. */
export interface FormOf {
  /** The path that it is sent to. */
  readonly action: string;
  /** What it does there. */
  readonly step: string;
  /** Proves that a page of ours made it. */
  readonly token: string;
}

export function form({ action, step, token }: FormOf, fields: Part): Markup {
  return html`<form method="post" action="${href(action)}">
<input type="hidden" name="step" value="${step}">
<input type="hidden" name="form_token" value="${token}">
${fields}
</form>`;
}

/** What went wrong, for people; read out at once. */
export function notice(text: string | undefined): Markup | undefined {
  return text === undefined ? undefined : html`<p class="notice" role="alert">${text}</p>`;
}

/** What was done. */
export function success(text: string | undefined): Markup | undefined {
  return text === undefined ? undefined : html`<p class="notice done" role="status">${text}</p>`;
}

export interface WayOn {
  readonly path: string;
  readonly text: string;
}

/** Where else one may go from a form. */
export function waysOn(ways: readonly WayOn[]): Markup {
  return html`<ul class="ways-on">
${ways.map(({ path, text }) => html`<li><a href="${href(path)}">${text}</a></li>`)}
</ul>`;
}

export interface AccountView {
  readonly name: string;
  /** Another name of it, such as an address; empty: none. */
  readonly detail?: string;
  readonly otherAccount: string;
}

/** Whose account it is, and the way out of it. */
export function account({ language }: Frame, { name, detail = '', otherAccount }: AccountView): Markup {
  const { signedInAs, otherAccount: another } = language.texts.common;
  return html`<div class="account">
${avatar({ name, logoUri: '' })}
<p><span class="muted">${signedInAs}</span><br><strong>${name}</strong>${detail === '' ? undefined : html`<br>${detail}`}</p>
<p><a href="${href(otherAccount)}">${another}</a></p>
</div>`;
}
