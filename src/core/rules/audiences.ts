/** Audiences that are the server's own, and no resource server's. */

/** Of what a browser holds while somebody is signed in on the pages of authorization. It opens these pages alone. */
export const PAGES_AUDIENCE = 'urn:symbolon:pages';

const HOUR_MS = 60 * 60_000;

/** Whatever the tenant's tokens live: who leaves a browser open is signed in there no longer than this. */
export const PAGES_LIFETIME_MS = 12 * HOUR_MS;

export function isForPages(audience: string | null | undefined): boolean {
  return audience === PAGES_AUDIENCE;
}
