import type { Digest, Instant } from '../model.ts';
import { policyFrom, policyToJson, type TenantPolicy } from '../policy.ts';
import { bytes, flag, integer, type List, table, text } from '../table.ts';

/** A pool of users, devices and clients, walled off from every other. */
export interface Tenant {
  readonly tenantId: string;
  readonly displayName: string;
  readonly disabled: boolean;
  readonly policy: TenantPolicy;
  /** Grows by one with each revocation event of the tenant, and leaps when a backup is restored. */
  readonly revision: number;
  /** Families issued at an earlier revision than this are dead. */
  readonly cutoff: number;
  readonly createTime: Instant;
  /** The sequence and the hash of the tenant's last audit record; 0 and 32 zero bytes before the first. */
  readonly auditSequence: number;
  readonly auditHash: Digest;
  /** Grows by one with each change of the tenant's clients, of their secrets, or of whether the tenant is disabled. */
  readonly clientVersion: number;
  /** What its pages show; empty: nothing. */
  readonly logoUri: string;
  /** `#rrggbb`; empty: the pages' own. */
  readonly accentColor: string;
}

/** How it looks to people. */
export type TenantBrand = Pick<Tenant, 'displayName' | 'logoUri' | 'accentColor'>;

export const TENANT = table<Tenant>(
  'tenant',
  {
    tenantId: text(),
    displayName: text(),
    disabled: flag,
    policy: { kind: 'text', toStored: policyToJson, fromStored: policyFrom },
    revision: integer(),
    cutoff: integer(),
    createTime: integer(),
    auditSequence: integer(),
    auditHash: bytes(),
    clientVersion: integer(),
    logoUri: text(),
    accentColor: text(),
  },
  { key: ['tenantId'] },
);

export const TENANTS: List<Tenant> = { table: TENANT, by: [], order: ['tenantId'] };
