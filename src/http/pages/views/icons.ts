/** Pictures beside texts, drawn in the colour of the text. They say nothing that the text does not. */
import { html, type Markup } from './markup.ts';

/** Lines in a square of 24. */
const PATHS = {
  read: 'M3 12s3.5-6 9-6 9 6 9 6-3.5 6-9 6-9-6-9-6Z M12 9.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5Z',
  write: 'M4 20l1-4L16 5l3 3L8 19l-4 1Z M14 7l3 3',
  person: 'M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8Z M4.5 20a7.5 7.5 0 0 1 15 0',
  device: 'M7 3h10a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1Z M11 17.5h2',
  send: 'M20 4L10.5 13.5 M20 4l-6 16-3.5-6.5L4 10l16-6Z',
  key: 'M7.5 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8Z M11.5 12H21v3.5 M17 12v2.5',
  link: 'M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1 1 M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1-1',
  target: 'M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18Z M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8Z',
  warning: 'M12 4l9 16H3l9-16Z M12 10v4.5 M12 17.3v.01',
  undo: 'M4 9h10a5.5 5.5 0 0 1 0 11H9 M8 5L4 9l4 4',
  cross: 'M7 7l10 10 M17 7L7 17',
  attention: 'M12 4 2.8 19.5h18.4L12 4Z M12 10v4.5 M12 17v.2',
  check: 'M5 12.5l4.5 4.5L19 7.5',
} as const;

export type Icon = keyof typeof PATHS;

/** What a page that only tells something is about, at a glance. */
export function mark(name: Icon, kind: 'plain' | 'done' | 'wrong' = 'plain'): Markup {
  return html`<div class="mark ${kind}">${icon(name)}</div>`;
}

export function icon(name: Icon): Markup {
  return html`<svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="${PATHS[name]}"/></svg>`;
}
