import type { Frame } from './frame.ts';
import { icon } from './icons.ts';
import { type AccountView, account, clientHead, type FormOf, form, layout } from './layout.ts';
import { html, type Markup } from './markup.ts';
import { scopeWords } from './scope-text.ts';

export interface ConsentView {
  readonly form: FormOf;
  /** As the operator called the client. */
  readonly client: string;
  /** Who gets what is allowed: a host, or which kind of app. */
  readonly recipient: string;
  readonly scopes: readonly string[];
  /** The resource server that it is for; undefined: any. */
  readonly audience: string | undefined;
  readonly account: AccountView;
}

export function consentPage(frame: Frame, view: ConsentView): Markup {
  const { form: of, client, recipient, scopes, audience } = view;
  const { consent } = frame.language.texts;
  const title = consent.title(client);
  return layout(
    frame,
    title,
    html`${clientHead(frame, title)}
${permissions(frame, client, scopes)}
${audience === undefined ? undefined : html`<p>${consent.onlyAt(audience)}</p>`}
<p>${consent.sentTo(recipient)}</p>
${form(of, choice(frame))}
${account(frame, view.account)}`,
  );
}

export function permissions({ language }: Frame, client: string, scopes: readonly string[]): Markup {
  const { texts } = language;
  if (scopes.length === 0) {
    return html`<p>${texts.consent.wantsToKnowYou(client)}</p>`;
  }
  return html`<p>${texts.consent.wants(client)}</p>
<ul class="permissions">
${scopes.map((scope) => {
  const { text, icon: picture } = scopeWords(texts, scope);
  return html`<li>${icon(picture)}<span>${text}</span></li>`;
})}
</ul>`;
}

/** Of one size: neither is made easier. What denies comes first, so that a key pressed too early allows nothing. */
export function choice({ language }: Frame): Markup {
  const { deny, allow } = language.texts.consent;
  return html`<div class="choice">
<button type="submit" name="decision" value="deny" class="other">${deny}</button>
<button type="submit" name="decision" value="allow">${allow}</button>
</div>`;
}
