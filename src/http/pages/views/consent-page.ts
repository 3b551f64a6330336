import type { Frame } from './frame.ts';
import { icon } from './icons.ts';
import { type AccountView, account, clientHead, type FormOf, form, layout } from './layout.ts';
import { href, html, type Markup } from './markup.ts';
import { type AskedScopes, type AudienceView, askedPermissions, onlyAt } from './permissions.ts';

export interface ConsentView extends AskedScopes {
  readonly form: FormOf;
  /** Who gets what is allowed: a host, or which kind of app. */
  readonly recipient: string;
  /** The resource server that it is for; undefined: any. */
  readonly audience: AudienceView | undefined;
  readonly account: AccountView;
  /** Where it can be taken back. */
  readonly applications: string;
}

export function consentPage(frame: Frame, view: ConsentView): Markup {
  const { form: of, client, recipient, audience } = view;
  const { consent } = frame.language.texts;
  const title = consent.title(client);
  return layout(
    frame,
    title,
    html`${clientHead(frame, title)}
${account(frame, view.account)}
${askedPermissions(frame, view)}
<ul class="facts">
${onlyAt(frame, audience)}
<li>${icon('link')}<span>${consent.sentTo(recipient)}</span></li>
${takeBack(frame, view.applications)}
</ul>
${form(of, choice(frame))}`,
  );
}

export function takeBack({ language }: Frame, applications: string): Markup {
  const { takeBack: text, takeBackLink } = language.texts.consent;
  return html`<li>${icon('undo')}<span>${text}<br><a href="${href(applications)}">${takeBackLink}</a></span></li>`;
}

/** Of one size: neither is made easier. What denies comes first, so that a key pressed too early allows nothing. */
export function choice({ language }: Frame): Markup {
  const { deny, allow } = language.texts.consent;
  return html`<div class="choice">
<button type="submit" name="decision" value="deny" class="other">${deny}</button>
<button type="submit" name="decision" value="allow">${allow}</button>
</div>`;
}
