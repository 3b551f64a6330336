/** The languages of the pages, and which of them a reader gets. */
import { DE } from './de.ts';
import { EN, type Texts } from './en.ts';
import { JA } from './ja.ts';

export interface Language {
  /** RFC 5646. */
  readonly tag: string;
  /** As its readers call it. */
  readonly name: string;
  readonly dir: 'ltr' | 'rtl';
  readonly texts: Texts;
}

export const ENGLISH: Language = { tag: 'en', name: 'English', dir: 'ltr', texts: EN };

export const LANGUAGES: readonly Language[] = [
  ENGLISH,
  { tag: 'de', name: 'Deutsch', dir: 'ltr', texts: DE },
  { tag: 'ja', name: '日本語', dir: 'ltr', texts: JA },
];

export interface Wishes {
  /** OpenID Connect Core section 3.1.2.1: tags, the most wanted first, by spaces. */
  readonly uiLocales?: string | undefined;
  /** What this browser was shown before. */
  readonly remembered?: string | undefined;
  /** RFC 9110 section 12.5.4. */
  readonly acceptLanguage?: string | undefined;
}

/** What the link asks for goes before what was chosen earlier, and that before what the browser says. */
export function languageFor({ uiLocales, remembered, acceptLanguage }: Wishes): Language {
  return knownOf(uiLocales?.split(' ')) ?? knownOf([remembered ?? '']) ?? knownOf(accepted(acceptLanguage)) ?? ENGLISH;
}

/** The first one that there is; undefined where there is none. RFC 4647 section 3.4: `de-AT` is served by `de`. */
export function knownOf(tags: readonly string[] = []): Language | undefined {
  for (const tag of tags) {
    const primary = tag.split('-', 1)[0]?.toLowerCase();
    const known = LANGUAGES.find((each) => each.tag === primary);
    if (known !== undefined) {
      return known;
    }
  }
  return undefined;
}

/** The longest that browsers send is far shorter. */
const MAX_HEADER = 1_000;
const RANGE = /^\s*([a-z]{1,8}(?:-[a-z0-9]{1,8})*)\s*(?:;\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?$/i;

/** Tags by their weight, those of weight 0 left out. */
function accepted(header = ''): readonly string[] {
  return header
    .slice(0, MAX_HEADER)
    .split(',')
    .flatMap((part) => {
      const [, tag = '', weight = '1'] = RANGE.exec(part) ?? [];
      return tag === '' || Number(weight) === 0 ? [] : [{ tag, weight: Number(weight) }];
    })
    .sort((a, b) => b.weight - a.weight)
    .map(({ tag }) => tag);
}
