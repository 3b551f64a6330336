/**
 * Which tenant a path names, and the issuer that the tenant is there (RFC 8414 section 2): below `/t/<tenant>` each is one of its own,
 * and the default tenant is another at the root.
 */
import { TENANT_ID_FORM } from '../core/names.ts';
import { readTenant } from '../core/services/lookups.ts';
import type { Services } from '../core/services/services.ts';
import { HttpError } from './failure.ts';

/** What the operator said. */
export interface NamedIssuers {
  /** How clients reach the server, without a slash at its end. Undefined: where it listens, on loopback. */
  readonly publicUrl: string | undefined;
  /** Undefined: nothing is served at the root. */
  readonly defaultTenant: string | undefined;
  /** Undefined: no tenant has clients of ARTIK Cloud. */
  readonly artikTenant?: string | undefined;
}

export interface Issuer {
  readonly tenantId: string;
  /** What its paths begin with: `/t/<tenant>`, or nothing at the root. */
  readonly path: string;
  /** Undefined: nobody told the server how clients reach it. */
  readonly url: string | undefined;
  /** Whether clients of ARTIK Cloud come here too. */
  readonly isArtik: boolean;
}

/** What ARTIK's /authorize adds to the link to the page, so that the answer is one of ARTIK's. */
export const ARTIK_LINK = { name: 'dialect', value: 'artik' } as const;

/** What stands in a route for the tenant that is named. */
export const TENANT_PATH = '/t/:tenant';

/** The hosts of which each client has its own. */
const LOOPBACK = /^https?:\/\/(?:127\.\d+\.\d+\.\d+|\[::1\])(?=:)/;

export class Issuers {
  readonly #named: NamedIssuers;
  readonly #bound: () => string | undefined;

  /** `bound`: the address of the server itself, once it listens. */
  constructor(named: NamedIssuers, bound: () => string | undefined) {
    this.#named = named;
    this.#bound = bound;
  }

  /** The one that the parameters of a route name. Throws `tenant_not_found` for what can be no tenant. */
  at(parameters: unknown): Issuer {
    const { tenant } = (parameters ?? {}) as { tenant?: string };
    if (tenant === undefined) {
      return this.#root();
    }
    if (!TENANT_ID_FORM.test(tenant)) {
      throw tenantNotFound();
    }
    const path = `/t/${tenant}`;
    return { tenantId: tenant, path, url: this.#under(path), isArtik: tenant === this.#named.artikTenant };
  }

  #root(): Issuer {
    const { defaultTenant, artikTenant } = this.#named;
    if (defaultTenant === undefined) {
      throw new HttpError('tenant_not_found', 'There is no default tenant here. Name one: /t/<tenant> and this path');
    }
    return { tenantId: defaultTenant, path: '', url: this.#under(''), isArtik: defaultTenant === artikTenant };
  }

  #under(path: string): string | undefined {
    const { publicUrl } = this.#named;
    if (publicUrl !== undefined) {
      return publicUrl + path;
    }
    const own = this.#bound();
    return own !== undefined && LOOPBACK.test(own) ? own + path : undefined;
  }
}

export function tenantNotFound(): HttpError {
  return new HttpError('tenant_not_found', 'There is no such tenant here. Check the path');
}

/** Throws `tenant_not_found` for one that is not there or is disabled. */
export async function requireTenant({ store }: Pick<Services, 'store'>, { tenantId }: Issuer): Promise<void> {
  const tenant = await readTenant(store, tenantId);
  if (tenant === undefined || tenant.disabled) {
    throw tenantNotFound();
  }
}
