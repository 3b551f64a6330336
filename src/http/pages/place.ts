/** Where the pages are: what a browser calls the server, and what the paths of a tenant begin with. */
import type { Issuers } from '../issuers.ts';

/** Below a tenant's base. */
export const ACCOUNT_PATH = '/account';
/** Where what was allowed is taken back. */
export const APPLICATIONS_PATH = `${ACCOUNT_PATH}/applications`;

export const SIGN_UP_PATH = '/sign-up';
export const FORGOTTEN_PATH = '/forgotten-password';
export const VERIFY_PATH = '/verify';

/** The pages of one tenant, as one request reached them. */
export interface Site {
  readonly tenantId: string;
  readonly base: string;
  /** RFC 9207: what the answers of this path are from. */
  readonly issuer: string | undefined;
  /** What browsers call this server; undefined where nobody said. */
  readonly origin: string | undefined;
  /** Whether clients of ARTIK Cloud send people here too. */
  readonly isArtik: boolean;
  /** Whether browsers come by TLS, be it a proxy's. */
  readonly isSecure: boolean;
}

export function siteOf(
  issuers: Issuers,
  { params, protocol }: { readonly params: unknown; readonly protocol: string },
): Site {
  const { tenantId, path, url, isArtik } = issuers.at(params);
  const origin = url === undefined ? undefined : new URL(url).origin;
  const isSecure = (origin ?? `${protocol}:`).startsWith('https:');
  return { tenantId, base: path, issuer: url, origin, isArtik, isSecure };
}
