/** Forms that only a page of ours can have sent, from the browser that it was made for (RFC 9700 section 4.7). */
import type { Answer } from '../answer.ts';
import { type PageOptions, pageAnswer } from './answers.ts';
import { browserCookie, setCookie } from './cookies.ts';
import { checkFormToken, formToken } from './form-tokens.ts';
import { PageError, type Way } from './page-error.ts';
import type { PageRequest } from './page-request.ts';
import type { Frame } from './views/frame.ts';
import type { FormOf } from './views/layout.ts';
import type { Markup } from './views/markup.ts';

/** What a form does: its step, and what it is bound to besides the browser. */
export interface OwnForm {
  readonly action: string;
  readonly step: string;
  readonly about: readonly unknown[];
}

export function ownForm({ services, site, browser }: PageRequest, { action, step, about }: OwnForm): FormOf {
  const binding = { tenantId: site.tenantId, browser: browser.id, about: [step, ...about] };
  return { action, step, token: formToken(services, binding) };
}

/** A page with forms: a browser that is new is told its cookie with it. */
export function formAnswer(
  { site, browser }: PageRequest,
  frame: Frame,
  page: Markup,
  options: PageOptions = {},
): Answer {
  const cookie = browser.isNew ? setCookie(site, browserCookie(site), browser.id) : {};
  return pageAnswer(frame, page, { ...options, headers: { ...options.headers, ...cookie } });
}

/** Throws a page for what no page of ours sent, or one that was left open for too long. */
export function requireOwnForm(request: PageRequest, { action, step, about }: OwnForm): void {
  const { services, site, browser, form } = request;
  const again: Way = { path: action, text: ({ errors }) => errors.beginAgain };
  requireSameOrigin(request);
  const binding = { tenantId: site.tenantId, browser: browser.id, about: [step, ...about] };
  const verdict = browser.isNew ? 'foreign' : checkFormToken(services, binding, form.get('form_token') ?? '');
  if (verdict === 'old') {
    throw new PageError(400, ({ errors }) => ({ title: errors.formTooOld, text: errors.formTooOldText }), again);
  }
  if (verdict === 'foreign') {
    throw new PageError(403, ({ errors }) => ({ title: errors.form, text: errors.formOfOtherPage }), again);
  }
}

export function formOfNoPage(): PageError {
  return new PageError(400, ({ errors }) => ({ title: errors.form, text: errors.formOfNoPage }));
}

/**
 * What the browser itself says of where a form comes from. With no referrer it says `null` as the origin even of our own, and then the other
 * header decides; a browser that has neither is told from others by the token in the form alone.
 */
export function requireSameOrigin({ headers, site }: PageRequest): void {
  const { origin, host, 'sec-fetch-site': from } = headers;
  const isFromElsewhere = from !== undefined && from !== 'same-origin';
  const isOtherOrigin =
    origin !== undefined && origin !== 'null' && origin !== site.origin && hostOf(origin) !== host?.toLowerCase();
  if (isFromElsewhere || isOtherOrigin) {
    throw new PageError(403, ({ errors }) => ({ title: errors.form, text: errors.formOfOtherSite }));
  }
}

function hostOf(origin: string): string | undefined {
  return URL.parse(origin)?.host;
}
