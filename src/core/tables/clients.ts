import type { Digest, Instant } from '../model.ts';
import { bytes, flag, integer, type List, table, text, words } from '../table.ts';

/**
 * `admin`: the super user of its tenant. `introspect`: a service that may introspect the tokens of its tenant. `operator`: makes
 * tenants and manages all of them.
 */
export type ClientRole = 'admin' | 'introspect' | 'operator';

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
  { key: ['clientId', 'secretId'], diesWith: 'clientId' },
);
