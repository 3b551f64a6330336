/** What is sent to a browser: a page, or where to go next, with headers that keep other sites out. */
import type { Answer } from '../answer.ts';
import { type Frame, picturesOf } from './views/frame.ts';
import type { Markup } from './views/markup.ts';

/** For all answers: nothing here is framed, kept, sniffed, or told to the next site by a referrer. */
const HEADERS = {
  'Cache-Control': 'no-store',
  'X-Frame-Options': 'DENY',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};

export interface PageOptions {
  readonly status?: number;
  /** Where a form of the page may lead besides this server: browsers hold its redirects to it too. */
  readonly formTarget?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** The addresses of pictures that the page shows besides those of its frame. */
  readonly pictures?: readonly string[];
}

export function pageAnswer(
  frame: Frame,
  page: Markup,
  { status = 200, formTarget, headers = {}, pictures = [] }: PageOptions = {},
): Answer {
  return {
    status,
    headers: {
      ...HEADERS,
      'Content-Type': 'text/html;charset=UTF-8',
      'Content-Security-Policy': policyOf(formTarget, [...picturesOf(frame), ...pictures]),
      'Content-Language': frame.language.tag,
      Vary: 'Accept-Language, Cookie',
      ...headers,
    },
    body: page.toString(),
  };
}

/** 303: the next request is a GET, and no form that holds a password is sent anywhere else (RFC 9700 section 4.12). */
export function seeOther(location: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return {
    status: 303,
    headers: { ...HEADERS, 'Content-Security-Policy': policyOf(undefined), Location: location, ...headers },
    body: '',
  };
}

function policyOf(formTarget: string | undefined, pictures: readonly string[] = []): string {
  const targets = formTarget === undefined ? "'self'" : `'self' ${formTarget}`;
  const shown = pictures.length === 0 ? '' : `img-src ${[...new Set(pictures.map(sourceOf))].join(' ')}; `;
  return `default-src 'none'; style-src 'self'; script-src 'self'; ${shown}form-action ${targets}; frame-ancestors 'none'; base-uri 'none'`;
}

const SOURCE = /^https?:\/\/[a-z0-9.-]+(?::[0-9]+)?$/;

/** A redirect URI as a source of the policy. What could end or add a directive becomes its scheme alone, which is plain by its grammar. */
export function sourceOf(redirectUri: string): string {
  const { origin, protocol } = new URL(redirectUri);
  return SOURCE.test(origin) ? origin : protocol;
}
