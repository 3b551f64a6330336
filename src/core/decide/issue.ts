import { timingSafeEqual } from 'node:crypto';
import type { Change, Decision } from '../changes.ts';
import type { Issue, IssuedRecord } from '../commands.ts';
import { INVALID_CREDENTIALS, type Refusal } from '../errors.ts';
import { accessExpiry, familyExpiry, REQUEST_ID_LIFETIME_MS } from '../lifetimes.ts';
import { isFamilyLive } from '../liveness.ts';
import type { Client, ClientSecret, Digest, Family, Instant, IssueRecord, Tenant, Token, TokenKind } from '../model.ts';
import type { State } from '../state.ts';
import { refuse } from './decision.ts';
import { forgetFailures, lockRefusal } from './login.ts';

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
  return begin(state, command, tenant, kind, expiry.expireTime, now);
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

function begin(
  state: State,
  command: Issue,
  tenant: Tenant,
  kind: TokenKind,
  accessExpireTime: Instant,
  now: Instant,
): Decision<Issue> {
  const withRefresh = tenant.policy.refreshEnabled && kind !== 'ANONYMOUS';
  const family: Family = {
    familyId: command.familyId,
    tenantId: command.tenantId,
    clientId: command.clientId,
    refreshClientId: command.refreshClientId,
    subjectKind: command.subjectKind,
    subjectId: command.subjectId,
    kind,
    scopes: command.scopes,
    generation: 0,
    issueRevision: tenant.revision,
    issueTime: now,
    expireTime: familyExpiry(tenant.policy, accessExpireTime, withRefresh, now),
    revokedRevision: null,
    lastRefresh: null,
  };
  const issued = issuedRecord(family, command.tokens.accessTokenId, now, accessExpireTime, withRefresh);
  const changes: Change[] = [
    { change: 'insert_family', family },
    ...newTokens(family, command.tokens, now, accessExpireTime, withRefresh),
    ...forgetFailures(command.tenantId, command.counters, state.loginFailures),
  ];
  if (command.request !== undefined) {
    changes.push({ change: 'insert_issue_record', record: recordOf(command.request, issued, now) });
  }
  return { changes, outcome: { answer: { issued } } };
}

/** The rows of one generation. Both tokens of it carry the generation that the family has. */
export function newTokens(
  family: Family,
  tokens: Issue['tokens'],
  now: Instant,
  accessExpireTime: Instant,
  withRefresh: boolean,
): Change[] {
  const common = { familyId: family.familyId, generation: family.generation, issueTime: now };
  const access: Token = {
    ...common,
    digest: tokens.accessDigest,
    tokenId: tokens.accessTokenId,
    use: 'access',
    expireTime: accessExpireTime,
  };
  const changes: Change[] = [{ change: 'insert_token', token: access, keepUntil: family.expireTime }];
  if (withRefresh) {
    const refresh: Token = {
      ...common,
      digest: tokens.refreshDigest,
      tokenId: tokens.refreshTokenId,
      use: 'refresh',
      expireTime: family.expireTime,
    };
    changes.push({ change: 'insert_token', token: refresh, keepUntil: family.expireTime });
  }
  return changes;
}

export function issuedRecord(
  family: Family,
  tokenId: string,
  issueTime: Instant,
  expireTime: Instant,
  withRefresh: boolean,
): IssuedRecord {
  return {
    tokenId,
    kind: family.kind,
    subjectId: family.subjectId,
    familyId: family.familyId,
    scopes: family.scopes,
    issueTime,
    expireTime,
    refreshExpireTime: withRefresh ? family.expireTime : null,
  };
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
