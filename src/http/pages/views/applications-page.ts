import { empty, items } from './account-layout.ts';
import { confirmation } from './confirmation.ts';
import type { Frame } from './frame.ts';
import type { FormOf } from './layout.ts';
import { href, html, type Markup } from './markup.ts';
import { type Paged, paging } from './paging.ts';
import { scopeWords } from './scope-text.ts';
import { withTime } from './when.ts';

export interface GrantView {
  readonly scopes: readonly string[];
  /** The resource server that they are for alone; null: any. */
  readonly audience: string | null;
}

export interface ApplicationView {
  readonly name: string;
  readonly logoUri: string;
  readonly grants: readonly GrantView[];
  readonly grantTime: number;
  /** The path by which it is taken back. */
  readonly withdrawal: string;
}

export function applicationsPage(frame: Frame, shown: readonly ApplicationView[], paged: Paged): Markup {
  const { applications } = frame.language.texts;
  if (shown.length === 0) {
    return empty(applications.none);
  }
  return html`<p>${applications.intro}</p>
${items(
  shown.map(({ name, logoUri, grants, grantTime, withdrawal }) => ({
    name,
    logoUri,
    lines: [withTime(frame, applications.allowedOn, grantTime)],
    more: grants.length === 0 ? html`<p>${applications.knowsYou}</p>` : grants.map((grant) => granted(frame, grant)),
    action: html`<a class="button other small" href="${href(withdrawal)}" aria-label="${applications.withdrawOf(name)}">${applications.withdraw}</a>`,
  })),
)}
${paging(frame, paged)}`;
}

/** No pictures: of twenty applications they would be most of the page. */
function granted({ language }: Frame, { scopes, audience }: GrantView): Markup {
  const { texts } = language;
  return html`<ul class="may">
${scopes.map((scope) => {
  const title = scopeWords(texts, scope)?.title;
  return html`<li>${title ?? html`<code>${scope}</code>`}</li>`;
})}
</ul>
${audience === null ? undefined : html`<p class="muted">${texts.consent.onlyAt(audience)}</p>`}`;
}

export interface WithdrawalView {
  readonly name: string;
  readonly form: FormOf;
  readonly fields: Readonly<Record<string, string>>;
  readonly back: string;
}

export function withdrawalPage(frame: Frame, { name, form, fields, back }: WithdrawalView): Markup {
  const { withdrawText, withdrawAgain, withdraw } = frame.language.texts.applications;
  const texts = [withdrawText(name), withdrawAgain(name)];
  return confirmation(frame, { texts, form, fields, button: withdraw, back });
}
