/** Pictures beside texts, drawn in the colour of the text. They say nothing that the text does not. */
import { html, type Markup } from './markup.ts';

/** Lines in a square of 24. */
const PATHS = {
  read: 'M3 12s3.5-6 9-6 9 6 9 6-3.5 6-9 6-9-6-9-6Z M12 9.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5Z',
  write: 'M4 20l1-4L16 5l3 3L8 19l-4 1Z M14 7l3 3',
  person: 'M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8Z M4.5 20a7.5 7.5 0 0 1 15 0',
  check: 'M5 12.5l4.5 4.5L19 7.5',
} as const;

export type Icon = keyof typeof PATHS;

export function icon(name: Icon): Markup {
  return html`<svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="${PATHS[name]}"/></svg>`;
}
