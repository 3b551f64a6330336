/** What the pages of one request stand in: the language of who reads, the tenant, the client. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Client } from '../../core/tables/clients.ts';
import type { Tenant, TenantBrand } from '../../core/tables/tenants.ts';
import type { FailedRequest } from '../dialect.ts';
import { readCookie } from './cookies.ts';
import { knownOf, LANGUAGES, type Language, languageFor } from './texts/languages.ts';
import type { Brand, Frame } from './views/frame.ts';
import { nameOf, plainName } from './words.ts';

/** OpenID Connect Core section 3.1.2.1. The links to other languages use it as well. */
export const UI_LOCALES = 'ui_locales';
/** With the prefix where browsers come by TLS, as the other cookies. */
const LANGUAGE_COOKIES = { secure: '__Host-symbolon.language', plain: 'symbolon.language' } as const;
/** As long as browsers keep any. */
const COOKIE_SECONDS = 400 * 24 * 60 * 60;
const MAX_LOCALES = 200;
/** What the pages read of queries, and is no secret. */
const KNOWN = [
  ...['client_id', 'redirect_uri', 'response_type', 'scope', 'state', 'resource', 'prompt', 'login_hint', 'dialect'],
  ...['code_challenge', 'code_challenge_method', 'user_code', 'of', 'change', 'verify', 'way', 'from'],
];

type Asked = Pick<FailedRequest, 'url' | 'headers'>;

/** Frames by request, for failures, which are written far from here. */
const frames = new WeakMap<object, Frame>();

/** The frame of a request before it is known whose page it is. */
export function bareFrame({ url, headers }: Asked): Frame {
  const { path, query } = partsOf(url);
  return {
    language: languageFor({
      uiLocales: query.get(UI_LOCALES)?.slice(0, MAX_LOCALES),
      remembered: rememberedOf(headers),
      acceptLanguage: headers['accept-language'],
    }),
    languageLinks: linksTo(path, query),
    tenant: undefined,
    client: undefined,
  };
}

export type ShownTenant = Pick<Tenant, 'tenantId'> & TenantBrand;

export function frameOf(request: Asked, tenant: ShownTenant): Frame {
  const frame = { ...bareFrame(request), tenant: brandOf(plainName(tenant.displayName, tenant.tenantId), tenant) };
  frames.set(request, frame);
  return frame;
}

/** What a failure of the request is shown in. Of its query only what the pages know goes into its links: the rest may be a secret. */
export function frameOfFailed(request: Asked): Frame {
  const frame = frames.get(request) ?? bareFrame(request);
  const { path, query } = partsOf(request.url);
  const known = new URLSearchParams([...query].filter(([name]) => KNOWN.includes(name)));
  return { ...frame, languageLinks: linksTo(path, known) };
}

export function withClient(frame: Frame, client: Client): Frame {
  return { ...frame, client: brandOf(nameOf(client), client) };
}

function brandOf(name: string, { logoUri, accentColor }: Omit<Brand, 'name'>): Brand {
  // Browsers show no other in a page that came by TLS.
  return { name, logoUri: logoUri.startsWith('https:') ? logoUri : '', accentColor };
}

function partsOf(url: string): { path: string; query: URLSearchParams } {
  const [path = '/', ...rest] = url.split('?');
  return { path, query: new URLSearchParams(rest.join('?')) };
}

function linksTo(path: string, query: URLSearchParams): Frame['languageLinks'] {
  return LANGUAGES.map((language) => ({ language, path: pathIn(language, path, query) }));
}

function pathIn({ tag }: Language, path: string, query: URLSearchParams): string {
  const others = [...query].filter(([name]) => name !== UI_LOCALES);
  return `${path}?${new URLSearchParams([...others, [UI_LOCALES, tag]])}`;
}

function rememberedOf(headers: IncomingHttpHeaders): string | undefined {
  return readCookie(headers, LANGUAGE_COOKIES.secure) ?? readCookie(headers, LANGUAGE_COOKIES.plain);
}

/** A language that a link asked for is shown from then on. Undefined where the browser has the cookie already, or nothing was asked. */
export function languageCookie({ url, headers }: Asked, isSecure: boolean): string | undefined {
  const { query } = partsOf(url);
  const { language } = bareFrame({ url, headers });
  // A wish for a language that there is not says nothing of the one that is shown.
  const isAsked = knownOf(query.get(UI_LOCALES)?.split(' ')) === language && rememberedOf(headers) !== language.tag;
  const name = LANGUAGE_COOKIES[isSecure ? 'secure' : 'plain'];
  return isAsked
    ? `${name}=${language.tag}; Path=/; Max-Age=${COOKIE_SECONDS}; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`
    : undefined;
}
