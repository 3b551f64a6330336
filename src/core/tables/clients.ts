import type { Digest, Instant } from '../model.ts';
import { bytes, flag, integer, type List, table, text, words } from '../table.ts';

/**
 * `admin`: the super user of its tenant. `introspect`: a service that may introspect the tokens of its tenant. `operator`: makes
 * tenants and manages all of them.
 */
export type ClientRole = 'admin' | 'introspect' | 'operator';

/** How a client may get tokens at the standard endpoints (RFC 6749 section 1.3, RFC 8628 section 3.4). */
export type GrantType =
  | 'authorization_code'
  | 'client_credentials'
  | 'refresh_token'
  | 'device_code'
  | 'password'
  | 'implicit';

/** An OAuth client. A public one has no secret and only names itself. */
export interface Client {
  readonly clientId: string;
  readonly tenantId: string;
  readonly displayName: string;
  readonly confidential: boolean;
  readonly roles: readonly ClientRole[];
  /** The scopes that it may ask for. */
  readonly scopes: readonly string[];
  readonly disabled: boolean;
  readonly cutoff: number;
  readonly createTime: Instant;
  /** Whether it is the platform's own: it alone may take people's passwords (RFC 9700 section 2.4). */
  readonly firstParty: boolean;
  readonly grants: readonly GrantType[];
  /** Where people may be sent back to, compared exactly (RFC 9700 section 2.1). */
  readonly redirectUris: readonly string[];
  /** What its consent page shows; empty: nothing. */
  readonly logoUri: string;
  /** `#rrggbb`; empty: the page's own. */
  readonly accentColor: string;
}

/** How a client takes part in authorization, apart from its secrets. */
export type ClientRegistration = Pick<Client, 'firstParty' | 'grants' | 'redirectUris' | 'logoUri' | 'accentColor'>;

/** Of a client that says nothing of it. */
export function defaultRegistration({ confidential }: Pick<Client, 'confidential'>): ClientRegistration {
  const grants: readonly GrantType[] = confidential ? ['client_credentials', 'refresh_token'] : [];
  return { firstParty: false, grants, redirectUris: [], logoUri: '', accentColor: '' };
}

export const CLIENT = table<Client>(
  'client',
  {
    clientId: text(),
    tenantId: text(),
    displayName: text(),
    confidential: flag,
    roles: words<ClientRole>(),
    scopes: words(),
    disabled: flag,
    cutoff: integer(),
    createTime: integer(),
    firstParty: flag,
    grants: words<GrantType>(),
    redirectUris: words(),
    logoUri: text(),
    accentColor: text(),
  },
  { key: ['clientId'] },
);

export const CLIENTS: List<Client> = { table: CLIENT, by: ['tenantId'], order: ['clientId'] };

/** One of the secrets that a confidential client holds; several overlap while one replaces the other. */
export interface ClientSecret {
  readonly secretId: string;
  readonly clientId: string;
  readonly digest: Digest;
  /** Absent: never. */
  readonly expireTime: Instant | null;
}

export const CLIENT_SECRET = table<ClientSecret>(
  'client_secret',
  { clientId: text(), secretId: text(), digest: bytes(), expireTime: integer<number | null>() },
  { key: ['clientId', 'secretId'], diesWith: ['clientId'] },
);
