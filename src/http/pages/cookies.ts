/** The cookies of the pages: who is signed in, which browser it is before that, and what it has proven. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Site } from './place.ts';

type CookieOf = Pick<Site, 'tenantId' | 'isSecure'>;

/**
 * With the prefix a browser takes the cookie from this host alone, and by TLS alone: a neighbour below the same domain can't plant one
 * (RFC 6265bis section 4.1.3). A tenant's id has no dot, so no tenant's cookie is called as the browser's.
 */
function prefixOf({ isSecure }: CookieOf): string {
  return isSecure ? '__Host-symbolon' : 'symbolon';
}

/** Each tenant has its own: what another tenant gave says nothing here. */
export function sessionCookie(site: CookieOf): string {
  return `${prefixOf(site)}-${site.tenantId}`;
}

export function browserCookie(site: CookieOf): string {
  return `${prefixOf(site)}.browser`;
}

/** That the password was proven for the second factor which is being turned on. */
export function enrollingCookie(site: CookieOf): string {
  return `${prefixOf(site)}.enrolling`;
}

/** Undefined where there is none, or several: of two of one name one is not ours. */
export function readCookie(headers: IncomingHttpHeaders, name: string): string | undefined {
  const values = (headers.cookie ?? '').split(';').flatMap((pair) => {
    const equals = pair.indexOf('=');
    return pair.slice(0, Math.max(equals, 0)).trim() === name ? [pair.slice(equals + 1).trim()] : [];
  });
  return values.length === 1 ? values[0] : undefined;
}

/** Until the browser is closed. Lax: a client's link brings people here with it, and a client's form does not. */
export function setCookie(site: CookieOf, name: string, value: string): Record<string, string> {
  return { 'Set-Cookie': `${name}=${value}; Path=/; HttpOnly; SameSite=Lax${site.isSecure ? '; Secure' : ''}` };
}

export function clearCookie(site: CookieOf, name: string): Record<string, string> {
  const [, cookie = ''] = Object.entries(setCookie(site, name, ''))[0] ?? [];
  return { 'Set-Cookie': `${cookie}; Max-Age=0` };
}
