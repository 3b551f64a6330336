/**
 * What decides about a token, put together from what never changes of it and its family, which is remembered once it was read, and
 * from what can change, which is read each time. Nothing that is remembered can become untrue, so there is nothing to invalidate.
 */
import type { FamilyReading, TokenReading } from '../../core/liveness.ts';
import type { Digest, SubjectKind, TokenKind } from '../../core/model.ts';
import type { IntrospectionReading } from '../../core/store.ts';
import { type Flag, wordsOf } from './columns.ts';

/** What never changes of a token and its family. */
export interface Origin {
  readonly token: TokenReading['token'];
  readonly family: Omit<FamilyReading, 'generation' | 'revokedRevision' | 'repeatUntil'>;
}

/** Columns of the token `t` and its family `f`, in the order of OriginRow. */
export const ORIGIN_COLUMNS = `t.token_id, t.generation, t.is_refresh, t.issue_time, t.expire_time,
  f.family_id, f.tenant_id, f.client_id, f.subject_kind, f.subject_id, f.kind, f.scopes, f.issue_revision, f.expire_time`;

export type OriginRow = [
  tokenId: string,
  tokenGeneration: number,
  isRefresh: Flag,
  tokenIssueTime: number,
  tokenExpireTime: number,
  familyId: string,
  tenantId: string,
  clientId: string,
  subjectKind: SubjectKind,
  subjectId: string,
  kind: TokenKind,
  scopes: string,
  issueRevision: number,
  expireTime: number,
];

/** Columns of the tenant `n`, the family `f`, the client `c` and the subject `s`, in the order of StandingRow. */
export const STANDING_COLUMNS = `n.revision, n.client_version, n.disabled, n.cutoff,
  f.generation, f.revoked_revision, f.last_repeat_until,
  c.tenant_id, c.disabled, c.cutoff, s.tenant_id, s.disabled, s.cutoff`;

/** Nulls for whatever does not exist. */
export type StandingRow = [
  revision: number,
  clientVersion: number,
  tenantDisabled: Flag,
  tenantCutoff: number,
  generation: number | null,
  revokedRevision: number | null,
  repeatUntil: number | null,
  clientTenantId: string | null,
  clientDisabled: Flag | null,
  clientCutoff: number | null,
  subjectTenantId: string | null,
  subjectDisabled: Flag | null,
  subjectCutoff: number | null,
];

export const NOTHING: IntrospectionReading = { reading: undefined, revision: 0, clientVersion: -1 };

/** About half a kilobyte each. */
const MOST_REMEMBERED = 50_000;

export class Origins {
  readonly #remembered = new Map<string, Origin>();

  get(digest: Digest): Origin | undefined {
    return this.#remembered.get(keyOf(digest));
  }

  remember(digest: Digest, row: OriginRow): Origin {
    if (this.#remembered.size >= MOST_REMEMBERED) {
      const [oldest] = this.#remembered.keys();
      this.#remembered.delete(oldest ?? '');
    }
    const origin = originOf(row);
    this.#remembered.set(keyOf(digest), origin);
    return origin;
  }
}

function keyOf(digest: Digest): string {
  return Buffer.from(digest.buffer, digest.byteOffset, digest.byteLength).toString('latin1');
}

function originOf(row: OriginRow): Origin {
  const [tokenId, tokenGeneration, isRefresh, tokenIssueTime, tokenExpireTime, familyId, tenantId, clientId] = row;
  return {
    token: {
      tokenId,
      familyId,
      generation: tokenGeneration,
      use: isRefresh ? 'refresh' : 'access',
      issueTime: tokenIssueTime,
      expireTime: tokenExpireTime,
    },
    family: {
      familyId,
      tenantId,
      clientId,
      subjectKind: row[8],
      subjectId: row[9],
      kind: row[10],
      scopes: wordsOf(row[11]),
      issueRevision: row[12],
      expireTime: row[13],
    },
  };
}

/** Undefined when the family was purged since the token was remembered. */
export function tokenReadingOf({ token, family }: Origin, row: StandingRow): TokenReading | undefined {
  const [, , tenantDisabled, tenantCutoff, generation, revokedRevision, repeatUntil] = row;
  if (generation === null) {
    return undefined;
  }
  return {
    token,
    family: { ...family, generation, revokedRevision, repeatUntil },
    tenant: { disabled: Boolean(tenantDisabled), cutoff: tenantCutoff },
    client: standingOf(row[7], row[8], row[9]),
    subject: standingOf(row[10], row[11], row[12]),
  };
}

function standingOf(tenantId: string | null, disabled: Flag | null, cutoff: number | null) {
  return tenantId === null || disabled === null || cutoff === null
    ? undefined
    : { tenantId, disabled: Boolean(disabled), cutoff };
}
