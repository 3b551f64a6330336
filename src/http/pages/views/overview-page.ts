import { SECTIONS, type Section } from './account-layout.ts';
import type { Frame } from './frame.ts';
import { icon } from './icons.ts';
import { href, html, type Markup } from './markup.ts';

/** What there is to say of a section. */
export interface SectionFacts {
  readonly lines: readonly string[];
  /** Whether something of it needs attention. */
  readonly isWarning: boolean;
}

/** `home`: the path of the overview. */
export function overviewPage(
  { language }: Frame,
  home: string,
  facts: Readonly<Record<Exclude<Section, ''>, SectionFacts>>,
): Markup {
  const { account } = language.texts;
  return html`<ul class="cards">
${Object.entries(facts).map(([section, { lines, isWarning }]) => {
  const name = SECTIONS[section as Section](language.texts);
  const warning = isWarning ? html`${icon('attention')}<span class="unseen">${account.attention}</span>` : undefined;
  return html`<li${isWarning ? html` class="attention"` : undefined}><a href="${href(home + section)}">
<h2>${name}</h2>
${lines.map((line) => html`<p>${warning}<span>${line}</span></p>`)}
</a></li>`;
})}
</ul>`;
}
