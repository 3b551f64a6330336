/** What is allowed, in plain words: for who is asked, and for who looks it up later. */
import type { Frame } from './frame.ts';
import { icon } from './icons.ts';
import { html, type Markup, type Part } from './markup.ts';
import { type ScopeWords, scopeWords } from './scope-text.ts';

/** Each with a picture, a title and a sentence. Those that we have no words for come last, as they are. */
export function permissionList({ language }: Frame, scopes: readonly string[]): Markup {
  const { texts } = language;
  const described = scopes.map((scope) => scopeWords(texts, scope)).filter((words) => words !== undefined);
  const others = scopes.filter((scope) => scopeWords(texts, scope) === undefined);
  const { others: title, othersText: text } = texts.scopes;
  return html`<ul class="permissions">
${described.map((words) => permission(words))}
${others.length === 0 ? undefined : permission({ title, text, icon: 'key' }, codes(others))}
</ul>`;
}

function permission({ title, text, icon: picture }: ScopeWords, more?: Part): Markup {
  return html`<li>${icon(picture)}<div><strong>${title}</strong><span class="muted">${text}</span>${more}</div></li>`;
}

function codes(scopes: readonly string[]): Markup {
  return html`<span class="codes">${scopes.map((scope) => html`<code>${scope}</code> `)}</span>`;
}

/** What was asked for. */
export interface AskedScopes {
  readonly client: string;
  readonly scopes: readonly string[];
  /** Those of them that were allowed before. */
  readonly allowed: readonly string[];
}

/** What is new stands apart from what was allowed before. */
export function askedPermissions(frame: Frame, { client, scopes, allowed }: AskedScopes): Markup {
  const { consent } = frame.language.texts;
  const added = scopes.filter((scope) => !allowed.includes(scope));
  if (scopes.length === 0) {
    return html`<p>${consent.wantsToKnowYou(client)}</p>`;
  }
  if (allowed.length === 0) {
    return html`<p>${consent.wants(client)}</p>
${permissionList(frame, scopes)}`;
  }
  if (added.length === 0) {
    return html`<p>${consent.wantsAgain(client)}</p>
${permissionList(frame, scopes)}`;
  }
  return html`<p>${consent.wantsMore(client)}</p>
<h2 class="above">${consent.isNew}</h2>
${permissionList(frame, added)}
<h2 class="above">${consent.allowedAlready}</h2>
<div class="before">${permissionList(frame, allowed)}</div>`;
}

/** The resource server that it is for alone: its name, which an operator chose, beside its address. */
export interface AudienceView {
  readonly id: string;
  /** Empty: it has none. */
  readonly name: string;
}

export function onlyAt({ language }: Frame, audience: AudienceView | undefined): Markup | undefined {
  if (audience === undefined) {
    return undefined;
  }
  const { id, name } = audience;
  const address = name === '' || name === id ? undefined : html`<br><code>${id}</code>`;
  return html`<li>${icon('target')}<span>${language.texts.consent.onlyAt(name === '' ? id : name)}${address}</span></li>`;
}
