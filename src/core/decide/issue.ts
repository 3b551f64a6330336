import { timingSafeEqual } from 'node:crypto';
import type { Change, Decision } from '../changes.ts';
import type { Issue, IssuedRecord } from '../commands.ts';
import type { MfaChallenge } from '../directory-model.ts';
import { INVALID_CREDENTIALS, type Refusal } from '../errors.ts';
import { accessExpiry, MFA_CHALLENGE_LIFETIME_MS, REQUEST_ID_LIFETIME_MS } from '../lifetimes.ts';
import { isFamilyLive } from '../liveness.ts';
import type { Client, ClientSecret, Digest, Instant, IssueRecord, Subject, Tenant, TokenKind } from '../model.ts';
import type { State } from '../state.ts';
import { refuse } from './decision.ts';
import { type BegunFamily, beginFamily } from './family.ts';
import { lockRefusal } from './login.ts';

/** Begins a family with its first tokens, or answers those that the same request id got before. */
export function issue(state: State, command: Issue, now: Instant): Decision<Issue> {
  const locked = lockRefusal(command.counters, state.loginFailures, now);
  if (locked !== undefined) {
    return refuse(locked);
  }
  const { tenant, client } = state;
  if (tenant === undefined || client === undefined || !isProven(state, tenant, client, command, now)) {
    return refuse(INVALID_CREDENTIALS);
  }
  const { issueRecord } = state;
  if (issueRecord !== undefined && issueRecord.expireTime > now) {
    return repeat(state, issueRecord, command, now);
  }
  const scopeRefusal = refuseScopes(command.scopes, client);
  if (scopeRefusal !== undefined) {
    return refuse(scopeRefusal);
  }
  const kind = kindOf(command, client);
  const expiry = accessExpiry(tenant.policy, kind, command.expireTime, now);
  if ('refusal' in expiry) {
    return refuse(expiry.refusal);
  }
  // The password alone proves nobody who has a second factor.
  return state.subject?.mfaEnabled === true && command.proof.by === 'password'
    ? challengeFor(state.subject, command, tenant, now)
    : rememberRequest(command, beginFamily(state, command, tenant, kind, expiry.expireTime, now), now);
}

/** Begins the family of a subject that is proven by other means than the command's. */
export function begin(
  state: State,
  command: Issue,
  now: Instant,
): BegunFamily | { changes: readonly Change[]; outcome: { refusal: Refusal } } {
  const { tenant, client } = state;
  if (tenant === undefined || client?.tenantId !== tenant.tenantId || client.disabled || tenant.disabled) {
    return refuse(INVALID_CREDENTIALS);
  }
  const scopeRefusal = refuseScopes(command.scopes, client);
  if (scopeRefusal !== undefined) {
    return refuse(scopeRefusal);
  }
  const kind = kindOf(command, client);
  const expiry = accessExpiry(tenant.policy, kind, command.expireTime, now);
  return 'refusal' in expiry
    ? refuse(expiry.refusal)
    : beginFamily(state, command, tenant, kind, expiry.expireTime, now);
}

/** The access token that was asked for stands for the challenge, and opens nothing else. */
function challengeFor(subject: Subject, command: Issue, tenant: Tenant, now: Instant): Decision<Issue> {
  const { subjectId } = subject;
  const expireTime = now + MFA_CHALLENGE_LIFETIME_MS;
  const challenge: MfaChallenge = {
    digest: command.tokens.accessDigest,
    tenantId: command.tenantId,
    clientId: command.clientId,
    refreshClientId: command.refreshClientId,
    subjectId,
    scopes: command.scopes,
    tokenExpireTime: command.expireTime ?? null,
    issueRevision: tenant.revision,
    expireTime,
  };
  return {
    changes: [{ change: 'insert_mfa_challenge', challenge }],
    outcome: { answer: { challenge: { subjectId, expireTime } } },
  };
}

/** Whether what the credential was checked against still holds, in this transaction. */
function isProven(state: State, tenant: Tenant, client: Client, command: Issue, now: Instant): boolean {
  const { subject } = state;
  if (tenant.disabled || client.disabled || client.tenantId !== tenant.tenantId) {
    return false;
  }
  switch (command.proof.by) {
    case 'password':
      return (
        subject !== undefined &&
        subject.tenantId === tenant.tenantId &&
        !subject.disabled &&
        subject.passwordHash === command.proof.passwordHash
      );
    case 'client_secret':
      return client.confidential && matchesSecret(state.clientSecrets, command.proof.digest, now);
    case 'name':
      return !client.confidential;
  }
}

/** Whether one of the secrets that have not expired has this digest. */
export function matchesSecret(secrets: readonly ClientSecret[], digest: Digest, now: Instant): boolean {
  return secrets.some(
    (secret) => (secret.expireTime === null || secret.expireTime > now) && timingSafeEqual(secret.digest, digest),
  );
}

function refuseScopes(scopes: readonly string[], client: Client): Refusal | undefined {
  const refused = scopes.find((scope) => !client.scopes.includes(scope));
  return refused === undefined
    ? undefined
    : { code: 'scope_not_allowed', message: `The client may not ask for the scope ${refused}` };
}

function kindOf(command: Issue, client: Client): TokenKind {
  switch (command.subjectKind) {
    case 'user':
      return 'USER';
    case 'device':
      return 'DEVICE';
    case 'client':
      if (command.proof.by === 'name') {
        return 'ANONYMOUS';
      }
      return client.roles.includes('admin') ? 'ADMIN' : 'APPLICATION';
  }
}

/** Keeps the answer for a repeat of the request. */
function rememberRequest({ request }: Issue, begun: BegunFamily, now: Instant): Decision<Issue> {
  if (request === undefined) {
    return begun;
  }
  const record = recordOf(request, begun.outcome.answer.issued, now);
  return { ...begun, changes: [...begun.changes, { change: 'insert_issue_record', record }] };
}

function recordOf(request: NonNullable<Issue['request']>, issued: IssuedRecord, now: Instant): IssueRecord {
  return {
    ...request,
    expireTime: now + REQUEST_ID_LIFETIME_MS,
    familyId: issued.familyId,
    accessTokenId: issued.tokenId,
    accessIssueTime: issued.issueTime,
    accessExpireTime: issued.expireTime,
    refreshExpireTime: issued.refreshExpireTime,
    subjectId: issued.subjectId,
    kind: issued.kind,
  };
}

function repeat(state: State, record: IssueRecord, command: Issue, now: Instant): Decision<Issue> {
  const { request } = command;
  if (request === undefined || !timingSafeEqual(record.fingerprint, request.fingerprint)) {
    return refuse({ code: 'request_id_reused', message: 'The request_id was used before with another request' });
  }
  if (!isUntouched(state, now)) {
    return refuse({ code: 'request_id_reused', message: 'What this request_id was answered with has ended since' });
  }
  const repeated: IssuedRecord = {
    tokenId: record.accessTokenId,
    kind: record.kind,
    subjectId: record.subjectId,
    familyId: record.familyId,
    scopes: command.scopes,
    issueTime: record.accessIssueTime,
    expireTime: record.accessExpireTime,
    refreshExpireTime: record.refreshExpireTime,
  };
  return {
    changes: [{ change: 'touch_issue_record', requestDigest: record.requestDigest }],
    outcome: { answer: { repeated, sealed: record.sealed } },
  };
}

/** Whether the tokens of the first answer still are what they were: nobody wants to be answered with dead ones. */
function isUntouched({ family, tenant, client, subject }: State, now: Instant): boolean {
  return (
    family !== undefined &&
    tenant !== undefined &&
    family.generation === 0 &&
    isFamilyLive({ family, tenant, client, subject }, now)
  );
}
