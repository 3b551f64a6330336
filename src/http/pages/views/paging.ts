/** Long lists, a page at a time. */
import type { Frame } from './frame.ts';
import { href, html, type Markup } from './markup.ts';

export interface Paged {
  /** How many are before the first that is shown. */
  readonly offset: number;
  readonly shown: number;
  readonly total: number;
  /** Paths; undefined: there are none. */
  readonly previous?: string | undefined;
  readonly next?: string | undefined;
}

/** Nothing where all is on one page. */
export function paging({ language }: Frame, { offset, shown, total, previous, next }: Paged): Markup | undefined {
  const { common } = language.texts;
  if (previous === undefined && next === undefined) {
    return undefined;
  }
  const link = (rel: string, text: string, path: string | undefined) =>
    path === undefined ? undefined : html`<a class="button other small" rel="${rel}" href="${href(path)}">${text}</a>`;
  return html`<nav class="paging" aria-label="${common.pages}">
<p class="muted">${common.someOf(offset + 1, offset + shown, total)}</p>
<p class="row">${link('prev', common.previous, previous)}${link('next', common.next, next)}</p>
</nav>`;
}
