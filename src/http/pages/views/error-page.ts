import type { Frame } from './frame.ts';
import { mark } from './icons.ts';
import { layout } from './layout.ts';
import { href, html, type Markup } from './markup.ts';

export interface ErrorView {
  readonly title: string;
  readonly text: string;
  /** For those who make the app, in English. */
  readonly detail?: string | undefined;
  readonly link?: { readonly path: string; readonly text: string } | undefined;
}

export function errorPage(frame: Frame, { title, text, detail, link }: ErrorView): Markup {
  return layout(
    frame,
    title,
    html`${mark('warning', 'wrong')}
<h1>${title}</h1>
<p>${text}</p>
${detail === undefined ? undefined : html`<p class="detail" lang="en">${detail}</p>`}
${link === undefined ? undefined : html`<p><a class="button" href="${href(link.path)}">${link.text}</a></p>`}`,
  );
}
