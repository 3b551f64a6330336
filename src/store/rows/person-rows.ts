/** The rows of codes, messages and second factors, and the words of the core that they stand for. */
import type {
  Channel,
  Code,
  CodePurpose,
  Message,
  MessageState,
  MfaChallenge,
  Totp,
} from '../../core/directory-model.ts';
import type { Digest } from '../../core/model.ts';
import { type Flag, textOf, wordsOf } from './columns.ts';

export interface CodeRow {
  subject_id: string;
  purpose: CodePurpose;
  tenant_id: string;
  digest: Uint8Array;
  address: string;
  attempts_left: number;
  expire_time: number;
  sent_count: number;
  window_end_time: number;
}

export const CODE_COLUMNS = `subject_id, purpose, tenant_id, digest, address, attempts_left, expire_time, sent_count,
  window_end_time`;

export function codeOf(row: CodeRow): Code {
  return {
    tenantId: row.tenant_id,
    subjectId: row.subject_id,
    purpose: row.purpose,
    digest: row.digest,
    address: row.address,
    attemptsLeft: row.attempts_left,
    expireTime: row.expire_time,
    sentCount: row.sent_count,
    windowEndTime: row.window_end_time,
  };
}

/** `keep_until`: an expired code still counts as one that was sent. */
export function codeRow(code: Code): CodeRow & { keep_until: number } {
  return {
    subject_id: code.subjectId,
    purpose: code.purpose,
    tenant_id: code.tenantId,
    digest: code.digest,
    address: code.address,
    attempts_left: code.attemptsLeft,
    expire_time: code.expireTime,
    sent_count: code.sentCount,
    window_end_time: code.windowEndTime,
    keep_until: Math.max(code.expireTime, code.windowEndTime),
  };
}

export interface MessageRow {
  message_id: string;
  tenant_id: string;
  subject_id: string;
  channel: Channel;
  purpose: CodePurpose;
  address: string;
  sealed: Uint8Array | null;
  state: MessageState;
  attempts: number;
  next_attempt_time: number;
  last_error: string | null;
  create_time: number;
  expire_time: number;
  keep_until: number;
}

export const MESSAGE_COLUMNS = `message_id, tenant_id, subject_id, channel, purpose, address, sealed, state, attempts,
  next_attempt_time, last_error, create_time, expire_time, keep_until`;

export function messageOf(row: MessageRow): Message {
  return {
    messageId: row.message_id,
    tenantId: row.tenant_id,
    subjectId: row.subject_id,
    channel: row.channel,
    purpose: row.purpose,
    address: row.address,
    sealed: row.sealed,
    state: row.state,
    attempts: row.attempts,
    nextAttemptTime: row.next_attempt_time,
    lastError: row.last_error,
    createTime: row.create_time,
    expireTime: row.expire_time,
    keepUntil: row.keep_until,
  };
}

export function messageRow(message: Message): MessageRow {
  return {
    message_id: message.messageId,
    tenant_id: message.tenantId,
    subject_id: message.subjectId,
    channel: message.channel,
    purpose: message.purpose,
    address: message.address,
    sealed: message.sealed,
    state: message.state,
    attempts: message.attempts,
    next_attempt_time: message.nextAttemptTime,
    last_error: message.lastError,
    create_time: message.createTime,
    expire_time: message.expireTime,
    keep_until: message.keepUntil,
  };
}

export interface TotpRow {
  subject_id: string;
  tenant_id: string;
  sealed: Uint8Array;
  active: Flag;
  last_step: number;
  recovery_digests: Uint8Array;
}

export const TOTP_COLUMNS = 'subject_id, tenant_id, sealed, active, last_step, recovery_digests';

export function totpOf(row: TotpRow): Totp {
  return {
    subjectId: row.subject_id,
    tenantId: row.tenant_id,
    sealed: row.sealed,
    active: Boolean(row.active),
    lastStep: row.last_step,
    recoveryDigests: digestsOf(row.recovery_digests),
  };
}

export function totpRow(totp: Totp): TotpRow {
  return {
    subject_id: totp.subjectId,
    tenant_id: totp.tenantId,
    sealed: totp.sealed,
    active: totp.active,
    last_step: totp.lastStep,
    recovery_digests: Buffer.concat(totp.recoveryDigests),
  };
}

const DIGEST_BYTES = 32;

/** One after the other in one column. */
function digestsOf(bytes: Uint8Array): Digest[] {
  const count = Math.floor(bytes.length / DIGEST_BYTES);
  return Array.from({ length: count }, (_, i) => bytes.subarray(i * DIGEST_BYTES, (i + 1) * DIGEST_BYTES));
}

export interface MfaChallengeRow {
  digest: Uint8Array;
  tenant_id: string;
  client_id: string;
  refresh_client_id: string;
  subject_id: string;
  scopes: string;
  token_expire_time: number | null;
  issue_revision: number;
  expire_time: number;
}

export const MFA_CHALLENGE_COLUMNS = `digest, tenant_id, client_id, refresh_client_id, subject_id, scopes, token_expire_time,
  issue_revision, expire_time`;

export function mfaChallengeOf(row: MfaChallengeRow): MfaChallenge {
  return {
    digest: row.digest,
    tenantId: row.tenant_id,
    clientId: row.client_id,
    refreshClientId: row.refresh_client_id,
    subjectId: row.subject_id,
    scopes: wordsOf(row.scopes),
    tokenExpireTime: row.token_expire_time,
    issueRevision: row.issue_revision,
    expireTime: row.expire_time,
  };
}

export function mfaChallengeRow(challenge: MfaChallenge): MfaChallengeRow {
  return {
    digest: challenge.digest,
    tenant_id: challenge.tenantId,
    client_id: challenge.clientId,
    refresh_client_id: challenge.refreshClientId,
    subject_id: challenge.subjectId,
    scopes: textOf(challenge.scopes),
    token_expire_time: challenge.tokenExpireTime,
    issue_revision: challenge.issueRevision,
    expire_time: challenge.expireTime,
  };
}

/** Why a message was given up whose code is of no use any more. */
export const VOID = 'its code was replaced, used or taken back';
