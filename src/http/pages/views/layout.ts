/** What every page has around it. */
import { href, html, type Markup } from './markup.ts';
import { STYLE_PATH } from './style.ts';

export function layout(title: string, body: Markup): Markup {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="stylesheet" href="${href(STYLE_PATH)}">
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}

/** A form of ours, as every page writes it. */
export interface FormOf {
  /** The path that it is sent to. */
  readonly action: string;
  /** What it does there. */
  readonly step: string;
  /** Proves that a page of ours made it. */
  readonly token: string;
}

export function form({ action, step, token }: FormOf, fields: Markup): Markup {
  return html`<form method="post" action="${href(action)}">
<input type="hidden" name="step" value="${step}">
<input type="hidden" name="form_token" value="${token}">
${fields}
</form>`;
}

/** What went wrong, for people; read out at once. */
export function notice(text: string | undefined): Markup | undefined {
  return text === undefined ? undefined : html`<p class="notice" role="alert">${text}</p>`;
}

/** Whose account it is, and the way out of it. */
export function account(name: string, otherAccount: string): Markup {
  return html`<footer class="small">
<p>You are signed in as <strong>${name}</strong>. <a href="${href(otherAccount)}">Use another account</a></p>
</footer>`;
}
