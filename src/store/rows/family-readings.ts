/**
 * What decides about a family's tokens, put together from what never changes of it, which is remembered once it was read, and from what
 * can change, which is read each time. Nothing that is remembered can become untrue, so there is nothing to invalidate.
 */
import type { FamilyReading, TokenReading } from '../../core/rules/liveness.ts';
import type { IntrospectionReading } from '../../core/services/store.ts';
import { FAMILY, type Family } from '../../core/tables/families.ts';
import { FAMILY_BYTES, familyBytes, OldestFirst } from './oldest-first.ts';

/** What never changes of a family. */
export type FamilyOrigin = Omit<
  FamilyReading,
  | 'generation'
  | 'revokedRevision'
  | 'repeatUntil'
  | 'accessDigest'
  | 'accessIssueTime'
  | 'accessExpireTime'
  | 'expireTime'
>;

/** A boolean column; SQLite has 0 and 1 for it. */
export type Flag = boolean | number;

/** Columns of the tenant `n`, the family `f`, the client `c`, the subject `s` and the consent `k`, in the order of ChangingRow. */
export const CHANGING_COLUMNS = `n.revision, n.client_version, n.disabled, n.cutoff,
  f.generation, f.revoked_revision, f.refresh_repeat_until, f.access_digest, f.access_issue_time, f.access_expire_time, f.expire_time,
  c.tenant_id, c.disabled, c.cutoff, s.tenant_id, s.disabled, s.cutoff,
  k.tenant_id, k.withdraw_time, k.cutoff`;

/** Nulls for what does not exist. */
export type ChangingRow = [
  revision: number,
  clientVersion: number,
  tenantDisabled: Flag,
  tenantCutoff: number,
  generation: number | null,
  revokedRevision: number | null,
  repeatUntil: number | null,
  accessDigest: Uint8Array,
  accessIssueTime: number,
  accessExpireTime: number,
  expireTime: number | null,
  clientTenantId: string | null,
  clientDisabled: Flag | null,
  clientCutoff: number | null,
  subjectTenantId: string | null,
  subjectDisabled: Flag | null,
  subjectCutoff: number | null,
  consentTenantId: string | null,
  consentWithdrawTime: number | null,
  consentCutoff: number | null,
];

export const CHANGING_LENGTH = CHANGING_COLUMNS.split(',').length;

export const NOTHING: IntrospectionReading = { reading: undefined, revision: 0, clientVersion: -1 };

/** 30 MiB: so many of the usual size. */
const MAX_BYTES = 50_000 * FAMILY_BYTES;

export class FamilyOrigins {
  readonly #remembered = new OldestFirst<FamilyOrigin>(MAX_BYTES, familyBytes);

  get(familyId: string): FamilyOrigin | undefined {
    return this.#remembered.get(familyId);
  }

  /** Takes the columns of FAMILY from `offset` on. */
  remember(row: readonly unknown[], offset: number): FamilyOrigin {
    const origin = originOf(FAMILY.fromRow(row, offset));
    this.#remembered.set(origin.familyId, origin);
    return origin;
  }
}

function originOf(family: Family): FamilyOrigin {
  const { familyId, tenantId, clientId, subjectId, kind, scopes, issueRevision, issueTime, audience, consentId } =
    family;
  return { familyId, tenantId, clientId, subjectId, kind, scopes, issueRevision, issueTime, audience, consentId };
}

/** Undefined when the family was purged since it was remembered. */
export function tokenReadingOf(origin: FamilyOrigin, row: ChangingRow): TokenReading | undefined {
  const [, , tenantDisabled, tenantCutoff, generation, revokedRevision, repeatUntil] = row;
  if (generation === null) {
    return undefined;
  }
  return {
    family: {
      ...origin,
      generation,
      revokedRevision,
      repeatUntil: repeatUntil ?? 0,
      accessDigest: row[7],
      accessIssueTime: row[8],
      accessExpireTime: row[9],
      expireTime: row[10],
    },
    tenant: { disabled: Boolean(tenantDisabled), cutoff: tenantCutoff },
    client: holderOf(row[11], row[12], row[13]),
    subject: holderOf(row[14], row[15], row[16]),
    consent: consentOf(row[17], row[18], row[19]),
  };
}

function holderOf(tenantId: string | null, disabled: Flag | null, cutoff: number | null) {
  return tenantId === null || disabled === null || cutoff === null
    ? undefined
    : { tenantId, disabled: Boolean(disabled), cutoff };
}

function consentOf(tenantId: string | null, withdrawTime: number | null, cutoff: number | null) {
  return tenantId === null || cutoff === null ? undefined : { tenantId, withdrawTime, cutoff };
}
