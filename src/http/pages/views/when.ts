/** Times as people read them, without a script: in UTC, and it says so. */
import type { Language } from '../texts/languages.ts';
import type { Frame } from './frame.ts';
import { html, type Markup } from './markup.ts';

const FORMAT = {
  ...({ year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' } as const),
  ...({ hourCycle: 'h23', timeZone: 'UTC', timeZoneName: 'short' } as const),
};

/** Making one takes longer than all else on a page. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf({ tag }: Language): Intl.DateTimeFormat {
  const format = formats.get(tag) ?? new Intl.DateTimeFormat(tag, FORMAT);
  formats.set(tag, format);
  return format;
}

/** Of a private use area: no name and no text of ours has it. */
const HERE = '\uf8ff';

/** `sentence` puts the time where its language has it; it is marked there for who reads it by a machine. */
export function withTime({ language }: Frame, sentence: (time: string) => string, time: number): Markup {
  const [before = '', after = ''] = sentence(HERE).split(HERE);
  const at = new Date(time);
  return html`${before}<time datetime="${at.toISOString()}">${formatOf(language).format(at)}</time>${after}`;
}
