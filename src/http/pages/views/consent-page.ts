import { account, type FormOf, form, layout } from './layout.ts';
import { html, type Markup } from './markup.ts';
import { scopeText } from './scope-text.ts';

export interface ConsentView {
  readonly form: FormOf;
  /** As the operator called the client. */
  readonly client: string;
  /** Who gets what is allowed: a host, or which kind of app. */
  readonly recipient: string;
  readonly scopes: readonly string[];
  /** The resource server that it is for; undefined: any. */
  readonly audience: string | undefined;
  readonly user: string;
  readonly otherAccount: string;
}

export function consentPage(view: ConsentView): Markup {
  const { form: of, client, recipient, scopes, audience, user, otherAccount } = view;
  const title = `Allow ${client}?`;
  return layout(
    title,
    html`<h1>${title}</h1>
${permissions(client, scopes)}
${audience === undefined ? undefined : html`<p>It may do so at <strong>${audience}</strong> alone.</p>`}
<p>What you decide is sent to <strong>${recipient}</strong>.</p>
${form(of, choice())}
${account(user, otherAccount)}`,
  );
}

export function permissions(client: string, scopes: readonly string[]): Markup {
  if (scopes.length === 0) {
    return html`<p><strong>${client}</strong> wants to know who you are. It asks for no other permission.</p>`;
  }
  return html`<p><strong>${client}</strong> wants to:</p>
<ul>
${scopes.map((scope) => html`<li>${scopeText(scope)}</li>`)}
</ul>`;
}

/** Of one size: neither is made easier. What denies comes first, so that a key pressed too early allows nothing. */
export function choice(): Markup {
  return html`<div class="choice">
<button type="submit" name="decision" value="deny" class="other">Deny</button>
<button type="submit" name="decision" value="allow">Allow</button>
</div>`;
}
