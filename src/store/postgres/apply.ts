/** Applying the changes of a decision. All statements name their columns: a newer version may have added some. */
import type { Change } from '../../core/changes.ts';
import type { Principal } from '../../core/commands.ts';
import type { Client, Family, Subject, Tenant, TenantPolicy, Token } from '../../core/model.ts';
import { textOf } from '../rows/columns.ts';
import { type Statement, together } from './batch.ts';
import type { Session } from './connections.ts';

type Kind = Change['change'];
type ChangeOf<K extends Kind> = Extract<Change, { change: K }>;
type Applier<K extends Kind> = (session: Session, change: ChangeOf<K>) => Promise<unknown>;

function insert(table: string, columns: string, conflict = ''): Statement {
  const values = columns.split(',').map((_, i) => `$${i + 1}`);
  return [`insert_${table}`, `INSERT INTO ${table} (${columns}) VALUES (${values.join(', ')}) ${conflict}`];
}

const TABLES = { tenant: 'tenant', client: 'client', user: 'subject', device: 'subject' } as const;
const KEYS = { tenant: 'tenant_id', client: 'client_id', user: 'subject_id', device: 'subject_id' } as const;

function byPrincipal(name: string, sql: (table: string, key: string) => string) {
  return ({ kind }: Principal): Statement => [`${name}_${TABLES[kind]}`, sql(TABLES[kind], KEYS[kind])];
}

const setCutoff = byPrincipal(
  'set_cutoff',
  (table, key) => `UPDATE ${table} SET cutoff = greatest(cutoff, $1) WHERE ${key} = $2`,
);
const setDisabled = byPrincipal('set_disabled', (table, key) => `UPDATE ${table} SET disabled = $1 WHERE ${key} = $2`);
const deletePrincipal = byPrincipal('delete', (table, key) => `DELETE FROM ${table} WHERE ${key} = $1`);

const STATEMENTS = {
  tenant: insert(
    'tenant',
    `tenant_id, display_name, disabled, default_token_lifetime_ms, longest_token_lifetime_ms, refresh_enabled,
      refresh_lifetime_ms, refresh_repeat_window_ms, login_attempts, login_window_ms, login_lock_period_ms, revision, cutoff,
      create_time`,
  ),
  client: insert(
    'client',
    'client_id, tenant_id, display_name, confidential, roles, scopes, disabled, cutoff, create_time',
  ),
  secret: insert('client_secret', 'client_id, secret_id, digest, expire_time'),
  subject: insert(
    'subject',
    `subject_id, tenant_id, kind, password_hash, disabled, cutoff, create_time, login_name, email, email_verified, phone,
      phone_verified, vendor_id`,
  ),
  handle: insert('handle', 'tenant_id, kind, key, subject_id'),
  family: insert(
    'family',
    `family_id, tenant_id, client_id, refresh_client_id, subject_kind, subject_id, kind, scopes, generation, issue_revision,
      issue_time, expire_time, revoked_revision`,
  ),
  token: insert('token', 'digest, token_id, family_id, generation, is_refresh, issue_time, expire_time, keep_until'),
  revocation: insert('revocation', 'tenant_id, revision, scope, key, cause, event_time'),
  // Under the lock of its name: what is there has expired.
  issueRecord: insert(
    'issue_record',
    `request_digest, fingerprint, sealed, expire_time, family_id, access_token_id, access_issue_time, access_expire_time,
      refresh_expire_time, subject_id, kind`,
    `ON CONFLICT (request_digest) DO UPDATE SET fingerprint = excluded.fingerprint, sealed = excluded.sealed,
      expire_time = excluded.expire_time, family_id = excluded.family_id, access_token_id = excluded.access_token_id,
      access_issue_time = excluded.access_issue_time, access_expire_time = excluded.access_expire_time,
      refresh_expire_time = excluded.refresh_expire_time, subject_id = excluded.subject_id, kind = excluded.kind`,
  ),
  loginFailures: insert(
    'login_failures',
    'tenant_id, key, count, window_end_time, lock_end_time, expire_time',
    `ON CONFLICT (tenant_id, key) DO UPDATE SET count = excluded.count, window_end_time = excluded.window_end_time,
      lock_end_time = excluded.lock_end_time, expire_time = excluded.expire_time`,
  ),
  advanceFamily: [
    'advance_family',
    `UPDATE family SET generation = $2, last_sealed = $3, last_repeat_until = $4, last_token_id = $5, last_issue_time = $6,
      last_expire_time = $7 WHERE family_id = $1`,
  ],
  confirmFamily: [
    'confirm_family',
    `UPDATE family SET last_sealed = NULL, last_repeat_until = NULL, last_token_id = NULL, last_issue_time = NULL,
      last_expire_time = NULL WHERE family_id = $1`,
  ],
  revokeFamily: ['revoke_family', 'UPDATE family SET revoked_revision = $2 WHERE family_id = $1'],
  setRevision: ['set_revision', 'UPDATE tenant SET revision = $2 WHERE tenant_id = $1'],
  touchIssueRecord: ['touch_issue_record', 'UPDATE issue_record SET sealed = sealed WHERE request_digest = $1'],
  clearLoginFailures: ['clear_login_failures', 'DELETE FROM login_failures WHERE tenant_id = $1 AND key = $2'],
  updateTenant: [
    'update_tenant',
    `UPDATE tenant SET display_name = $2, default_token_lifetime_ms = $3, longest_token_lifetime_ms = $4, refresh_enabled = $5,
      refresh_lifetime_ms = $6, refresh_repeat_window_ms = $7, login_attempts = $8, login_window_ms = $9,
      login_lock_period_ms = $10 WHERE tenant_id = $1`,
  ],
  expireClientSecrets: [
    'expire_client_secrets',
    'UPDATE client_secret SET expire_time = least(expire_time, $3) WHERE client_id = $1 AND secret_id <> $2',
  ],
  setPasswordHash: ['set_password_hash', 'UPDATE subject SET password_hash = $2 WHERE subject_id = $1'],
} satisfies Record<string, Statement>;

const APPLIERS: { [K in Kind]: Applier<K> } = {
  insert_tenant: (session, { tenant }) => session.query(STATEMENTS.tenant, tenantValues(tenant)),
  insert_client: (session, { client }) => session.query(STATEMENTS.client, clientValues(client)),
  insert_client_secret: (session, { secret }) =>
    session.query(STATEMENTS.secret, [secret.clientId, secret.secretId, secret.digest, secret.expireTime]),
  insert_subject: (session, { subject, handles }) =>
    together([
      session.query(STATEMENTS.subject, subjectValues(subject)),
      ...handles.map(({ kind, key }) =>
        session.query(STATEMENTS.handle, [subject.tenantId, kind, key, subject.subjectId]),
      ),
    ]),
  insert_family: (session, { family }) => session.query(STATEMENTS.family, familyValues(family)),
  insert_token: (session, { token, keepUntil }) => session.query(STATEMENTS.token, [...tokenValues(token), keepUntil]),
  advance_family: (session, { familyId, generation, lastRefresh }) => {
    const { sealed, repeatUntil, tokenId, issueTime, expireTime } = lastRefresh;
    const values = [familyId, generation, sealed, repeatUntil, tokenId, issueTime, expireTime];
    return session.query(STATEMENTS.advanceFamily, values);
  },
  confirm_family: (session, { familyId }) => session.query(STATEMENTS.confirmFamily, [familyId]),
  revoke_family: (session, { familyId, revision }) => session.query(STATEMENTS.revokeFamily, [familyId, revision]),
  log_revocation: (session, { event }) => {
    const { tenantId, revision, scope, key, cause, eventTime } = event;
    // The tenant first, as those do that lock it: else two would wait for each other. When another took this revision meanwhile,
    // the event's key is taken, and everything is done again.
    return together([
      session.query(STATEMENTS.setRevision, [tenantId, revision]),
      session.query(STATEMENTS.revocation, [tenantId, revision, scope, key, cause, eventTime]),
    ]);
  },
  set_cutoff: (session, { principal, cutoff }) => session.query(setCutoff(principal), [cutoff, principal.id]),
  set_disabled: (session, { principal, disabled }) => session.query(setDisabled(principal), [disabled, principal.id]),
  delete_principal: (session, { principal }) => session.query(deletePrincipal(principal), [principal.id]),
  insert_issue_record: (session, { record }) =>
    session.query(STATEMENTS.issueRecord, [
      record.requestDigest,
      record.fingerprint,
      record.sealed,
      record.expireTime,
      record.familyId,
      record.accessTokenId,
      record.accessIssueTime,
      record.accessExpireTime,
      record.refreshExpireTime,
      record.subjectId,
      record.kind,
    ]),
  touch_issue_record: (session, { requestDigest }) => session.query(STATEMENTS.touchIssueRecord, [requestDigest]),
  put_login_failures: (session, { failures }) => {
    const { tenantId, key, count, windowEndTime, lockEndTime } = failures;
    const expireTime = Math.max(windowEndTime, lockEndTime ?? 0);
    return session.query(STATEMENTS.loginFailures, [tenantId, key, count, windowEndTime, lockEndTime, expireTime]);
  },
  clear_login_failures: (session, { tenantId, key }) => session.query(STATEMENTS.clearLoginFailures, [tenantId, key]),
  update_tenant: (session, { tenant: { tenantId, displayName, policy } }) =>
    session.query(STATEMENTS.updateTenant, [tenantId, displayName, ...policyValues(policy)]),
  expire_client_secrets: (session, { clientId, exceptSecretId, expireTime }) =>
    session.query(STATEMENTS.expireClientSecrets, [clientId, exceptSecretId, expireTime]),
  set_password_hash: (session, { subjectId, passwordHash }) =>
    session.query(STATEMENTS.setPasswordHash, [subjectId, passwordHash]),
};

/** Sends one change; what comes next need not wait for it. */
export function apply(session: Session, change: Change): Promise<unknown> {
  return (APPLIERS[change.change] as Applier<Kind>)(session, change);
}

function tenantValues({ policy, ...tenant }: Tenant): unknown[] {
  return [
    tenant.tenantId,
    tenant.displayName,
    tenant.disabled,
    ...policyValues(policy),
    tenant.revision,
    tenant.cutoff,
    tenant.createTime,
  ];
}

function policyValues(policy: TenantPolicy): unknown[] {
  return [
    policy.defaultTokenLifetimeMs,
    policy.longestTokenLifetimeMs,
    policy.refreshEnabled,
    policy.refreshLifetimeMs,
    policy.refreshRepeatWindowMs,
    policy.loginAttempts,
    policy.loginWindowMs,
    policy.loginLockPeriodMs,
  ];
}

function clientValues(client: Client): unknown[] {
  const { clientId, tenantId, displayName, confidential, disabled, cutoff, createTime } = client;
  const [roles, scopes] = [textOf(client.roles), textOf(client.scopes)];
  return [clientId, tenantId, displayName, confidential, roles, scopes, disabled, cutoff, createTime];
}

function subjectValues(subject: Subject): unknown[] {
  return [
    subject.subjectId,
    subject.tenantId,
    subject.kind,
    subject.passwordHash,
    subject.disabled,
    subject.cutoff,
    subject.createTime,
    subject.loginName,
    subject.email,
    subject.emailVerified,
    subject.phone,
    subject.phoneVerified,
    subject.vendorId,
  ];
}

function familyValues(family: Family): unknown[] {
  return [
    family.familyId,
    family.tenantId,
    family.clientId,
    family.refreshClientId,
    family.subjectKind,
    family.subjectId,
    family.kind,
    textOf(family.scopes),
    family.generation,
    family.issueRevision,
    family.issueTime,
    family.expireTime,
    family.revokedRevision,
  ];
}

function tokenValues(token: Token): unknown[] {
  const { digest, tokenId, familyId, generation, use, issueTime, expireTime } = token;
  return [digest, tokenId, familyId, generation, use === 'refresh', issueTime, expireTime];
}
