/** The rows of families and tokens, and of what is kept beside them, and the words of the core that they stand for. */
import type { Family, Instant, IssueRecord, LoginFailures, SubjectKind, Token, TokenKind } from '../../core/model.ts';
import { type Flag, textOf, wordsOf } from './columns.ts';

export interface FamilyRow {
  family_id: string;
  tenant_id: string;
  client_id: string;
  refresh_client_id: string;
  subject_kind: SubjectKind;
  subject_id: string;
  kind: TokenKind;
  scopes: string;
  generation: number;
  issue_revision: number;
  issue_time: number;
  expire_time: number;
  revoked_revision: number | null;
  last_sealed: Uint8Array | null;
  last_repeat_until: number | null;
  last_token_id: string | null;
  last_issue_time: number | null;
  last_expire_time: number | null;
}

export const FAMILY_COLUMNS = `family_id, tenant_id, client_id, refresh_client_id, subject_kind, subject_id, kind, scopes,
  generation, issue_revision, issue_time, expire_time, revoked_revision, last_sealed, last_repeat_until, last_token_id,
  last_issue_time, last_expire_time`;

export function familyOf(row: FamilyRow): Family {
  return {
    familyId: row.family_id,
    tenantId: row.tenant_id,
    clientId: row.client_id,
    refreshClientId: row.refresh_client_id,
    subjectKind: row.subject_kind,
    subjectId: row.subject_id,
    kind: row.kind,
    scopes: wordsOf(row.scopes),
    generation: row.generation,
    issueRevision: row.issue_revision,
    issueTime: row.issue_time,
    expireTime: row.expire_time,
    revokedRevision: row.revoked_revision,
    lastRefresh:
      row.last_sealed === null
        ? null
        : {
            sealed: row.last_sealed,
            repeatUntil: row.last_repeat_until ?? 0,
            tokenId: row.last_token_id ?? '',
            issueTime: row.last_issue_time ?? 0,
            expireTime: row.last_expire_time ?? 0,
          },
  };
}

export function familyRow({ lastRefresh, ...family }: Family): FamilyRow {
  return {
    family_id: family.familyId,
    tenant_id: family.tenantId,
    client_id: family.clientId,
    refresh_client_id: family.refreshClientId,
    subject_kind: family.subjectKind,
    subject_id: family.subjectId,
    kind: family.kind,
    scopes: textOf(family.scopes),
    generation: family.generation,
    issue_revision: family.issueRevision,
    issue_time: family.issueTime,
    expire_time: family.expireTime,
    revoked_revision: family.revokedRevision,
    last_sealed: lastRefresh?.sealed ?? null,
    last_repeat_until: lastRefresh?.repeatUntil ?? null,
    last_token_id: lastRefresh?.tokenId ?? null,
    last_issue_time: lastRefresh?.issueTime ?? null,
    last_expire_time: lastRefresh?.expireTime ?? null,
  };
}

export interface TokenRow {
  digest: Uint8Array;
  token_id: string;
  family_id: string;
  generation: number;
  is_refresh: Flag;
  issue_time: number;
  expire_time: number;
}

export const TOKEN_COLUMNS = 'digest, token_id, family_id, generation, is_refresh, issue_time, expire_time';

export function tokenOf(row: TokenRow): Token {
  return {
    digest: row.digest,
    tokenId: row.token_id,
    familyId: row.family_id,
    generation: row.generation,
    use: row.is_refresh ? 'refresh' : 'access',
    issueTime: row.issue_time,
    expireTime: row.expire_time,
  };
}

export function tokenRow(token: Token, keepUntil: Instant): TokenRow & { keep_until: number } {
  return {
    digest: token.digest,
    token_id: token.tokenId,
    family_id: token.familyId,
    generation: token.generation,
    is_refresh: token.use === 'refresh',
    issue_time: token.issueTime,
    expire_time: token.expireTime,
    keep_until: keepUntil,
  };
}

export interface IssueRecordRow {
  request_digest: Uint8Array;
  fingerprint: Uint8Array;
  sealed: Uint8Array;
  expire_time: number;
  family_id: string;
  access_token_id: string;
  access_issue_time: number;
  access_expire_time: number;
  refresh_expire_time: number | null;
  subject_id: string;
  kind: TokenKind;
}

export const ISSUE_RECORD_COLUMNS = `request_digest, fingerprint, sealed, expire_time, family_id, access_token_id,
  access_issue_time, access_expire_time, refresh_expire_time, subject_id, kind`;

export function issueRecordOf(row: IssueRecordRow): IssueRecord {
  return {
    requestDigest: row.request_digest,
    fingerprint: row.fingerprint,
    sealed: row.sealed,
    expireTime: row.expire_time,
    familyId: row.family_id,
    accessTokenId: row.access_token_id,
    accessIssueTime: row.access_issue_time,
    accessExpireTime: row.access_expire_time,
    refreshExpireTime: row.refresh_expire_time,
    subjectId: row.subject_id,
    kind: row.kind,
  };
}

export function issueRecordRow(record: IssueRecord): IssueRecordRow {
  return {
    request_digest: record.requestDigest,
    fingerprint: record.fingerprint,
    sealed: record.sealed,
    expire_time: record.expireTime,
    family_id: record.familyId,
    access_token_id: record.accessTokenId,
    access_issue_time: record.accessIssueTime,
    access_expire_time: record.accessExpireTime,
    refresh_expire_time: record.refreshExpireTime,
    subject_id: record.subjectId,
    kind: record.kind,
  };
}

export interface LoginFailuresRow {
  tenant_id: string;
  key: string;
  count: number;
  window_end_time: number;
  lock_end_time: number | null;
}

export const LOGIN_FAILURES_COLUMNS = 'tenant_id, key, count, window_end_time, lock_end_time';

export function loginFailuresOf(row: LoginFailuresRow): LoginFailures {
  return {
    tenantId: row.tenant_id,
    key: row.key,
    count: row.count,
    windowEndTime: row.window_end_time,
    lockEndTime: row.lock_end_time,
  };
}

/** `expire_time`: when the row means nothing any more. */
export function loginFailuresRow(failures: LoginFailures): LoginFailuresRow & { expire_time: number } {
  return {
    tenant_id: failures.tenantId,
    key: failures.key,
    count: failures.count,
    window_end_time: failures.windowEndTime,
    lock_end_time: failures.lockEndTime,
    expire_time: Math.max(failures.windowEndTime, failures.lockEndTime ?? 0),
  };
}
