import { layout } from './layout.ts';
import { href, html, type Markup } from './markup.ts';

export interface ErrorView {
  readonly title: string;
  readonly message: string;
  readonly link?: { readonly path: string; readonly text: string } | undefined;
}

export function errorPage({ title, message, link }: ErrorView): Markup {
  return layout(
    title,
    html`<h1>${title}</h1>
<p>${message}</p>
${link === undefined ? undefined : html`<p><a href="${href(link.path)}">${link.text}</a></p>`}`,
  );
}
