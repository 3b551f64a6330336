/** Applying the changes of a decision, each of them one statement. */
import type { Database, Statement } from 'better-sqlite3';
import type { Change } from '../../core/changes.ts';
import type { Principal } from '../../core/commands.ts';
import type { Family, Subject, Tenant, Token } from '../../core/model.ts';
import { textOf } from '../rows/columns.ts';

export type Applier = (change: Change) => void;

type Kind = Change['change'];
type ChangeOf<K extends Kind> = Extract<Change, { change: K }>;

const PRINCIPAL_TABLES = { tenant: 'tenant', client: 'client', user: 'subject', device: 'subject' } as const;
const PRINCIPAL_KEYS = { tenant: 'tenant_id', client: 'client_id', user: 'subject_id', device: 'subject_id' } as const;

export function prepareApplier(database: Database): Applier {
  const statements = prepareStatements(database);
  const byPrincipal = (sql: (table: string, key: string) => string) =>
    Object.fromEntries(
      (['tenant', 'client', 'user', 'device'] as const).map((kind) => [
        kind,
        database.prepare(sql(PRINCIPAL_TABLES[kind], PRINCIPAL_KEYS[kind])),
      ]),
    ) as Record<Principal['kind'], Statement>;
  const setCutoff = byPrincipal((table, key) => `UPDATE ${table} SET cutoff = max(cutoff, ?) WHERE ${key} = ?`);
  const setDisabled = byPrincipal((table, key) => `UPDATE ${table} SET disabled = ? WHERE ${key} = ?`);
  const deletePrincipal = byPrincipal((table, key) => `DELETE FROM ${table} WHERE ${key} = ?`);

  const appliers: { [K in Kind]: (change: ChangeOf<K>) => void } = {
    insert_tenant: ({ tenant }) => statements.insertTenant.run(tenantParameters(tenant)),
    insert_client: ({ client }) =>
      statements.insertClient.run({
        ...client,
        confidential: Number(client.confidential),
        roles: textOf(client.roles),
        scopes: textOf(client.scopes),
        disabled: Number(client.disabled),
      }),
    insert_client_secret: ({ secret }) => statements.insertClientSecret.run(secret),
    insert_subject: ({ subject, handles }) => {
      statements.insertSubject.run(subjectParameters(subject));
      for (const { kind, key } of handles) {
        statements.insertHandle.run(subject.tenantId, kind, key, subject.subjectId);
      }
    },
    insert_family: ({ family }) => statements.insertFamily.run(familyParameters(family)),
    insert_token: ({ token, keepUntil }) => statements.insertToken.run({ ...tokenParameters(token), keepUntil }),
    advance_family: ({ familyId, generation, lastRefresh }) =>
      statements.advanceFamily.run({ familyId, generation, ...lastRefresh }),
    confirm_family: ({ familyId }) => statements.confirmFamily.run(familyId),
    revoke_family: ({ familyId, revision }) => statements.revokeFamily.run(revision, familyId),
    log_revocation: ({ event }) => {
      statements.insertRevocation.run(event);
      statements.setRevision.run(event.revision, event.tenantId);
    },
    set_cutoff: ({ principal, cutoff }) => setCutoff[principal.kind].run(cutoff, principal.id),
    set_disabled: ({ principal, disabled }) => setDisabled[principal.kind].run(Number(disabled), principal.id),
    delete_principal: ({ principal }) => deletePrincipal[principal.kind].run(principal.id),
    insert_issue_record: ({ record }) => statements.insertIssueRecord.run(record),
    touch_issue_record: ({ requestDigest }) => statements.touchIssueRecord.run(requestDigest),
    put_login_failures: ({ failures }) =>
      statements.putLoginFailures.run({
        ...failures,
        expireTime: Math.max(failures.windowEndTime, failures.lockEndTime ?? 0),
      }),
    clear_login_failures: ({ tenantId, key }) => statements.clearLoginFailures.run(tenantId, key),
    update_tenant: ({ tenant }) => statements.updateTenant.run(tenantParameters(tenant)),
    expire_client_secrets: (change) => statements.expireClientSecrets.run(change),
    set_password_hash: ({ subjectId, passwordHash }) => statements.setPasswordHash.run(passwordHash, subjectId),
  };
  return (change) => (appliers[change.change] as (change: Change) => void)(change);
}

function prepareStatements(database: Database) {
  return {
    insertTenant: database.prepare(
      `INSERT INTO tenant VALUES (@tenantId, @displayName, @disabled, @defaultTokenLifetimeMs, @longestTokenLifetimeMs,
        @refreshEnabled, @refreshLifetimeMs, @refreshRepeatWindowMs, @loginAttempts, @loginWindowMs, @loginLockPeriodMs,
        @revision, @cutoff, @createTime, 0)`,
    ),
    insertClient: database.prepare(
      `INSERT INTO client VALUES (@clientId, @tenantId, @displayName, @confidential, @roles, @scopes, @disabled, @cutoff,
        @createTime)`,
    ),
    insertClientSecret: database.prepare(
      'INSERT INTO client_secret VALUES (@clientId, @secretId, @digest, @expireTime)',
    ),
    insertSubject: database.prepare(
      `INSERT INTO subject VALUES (@subjectId, @tenantId, @kind, @passwordHash, @disabled, @cutoff, @createTime, @loginName,
        @email, @emailVerified, @phone, @phoneVerified, @vendorId)`,
    ),
    insertHandle: database.prepare('INSERT INTO handle VALUES (?, ?, ?, ?)'),
    insertFamily: database.prepare(
      `INSERT INTO family VALUES (@familyId, @tenantId, @clientId, @refreshClientId, @subjectKind, @subjectId, @kind, @scopes,
        @generation, @issueRevision, @issueTime, @expireTime, @revokedRevision, NULL, NULL, NULL, NULL, NULL)`,
    ),
    insertToken: database.prepare(
      'INSERT INTO token VALUES (@digest, @tokenId, @familyId, @generation, @isRefresh, @issueTime, @expireTime, @keepUntil)',
    ),
    advanceFamily: database.prepare(
      `UPDATE family SET generation = @generation, last_sealed = @sealed, last_repeat_until = @repeatUntil,
        last_token_id = @tokenId, last_issue_time = @issueTime, last_expire_time = @expireTime
      WHERE family_id = @familyId`,
    ),
    confirmFamily: database.prepare(
      `UPDATE family SET last_sealed = NULL, last_repeat_until = NULL, last_token_id = NULL, last_issue_time = NULL,
        last_expire_time = NULL
      WHERE family_id = ?`,
    ),
    revokeFamily: database.prepare('UPDATE family SET revoked_revision = ? WHERE family_id = ?'),
    insertRevocation: database.prepare(
      'INSERT INTO revocation VALUES (@tenantId, @revision, @scope, @key, @cause, @eventTime)',
    ),
    setRevision: database.prepare('UPDATE tenant SET revision = ? WHERE tenant_id = ?'),
    insertIssueRecord: database.prepare(
      `INSERT OR REPLACE INTO issue_record VALUES (@requestDigest, @fingerprint, @sealed, @expireTime, @familyId,
        @accessTokenId, @accessIssueTime, @accessExpireTime, @refreshExpireTime, @subjectId, @kind)`,
    ),
    touchIssueRecord: database.prepare('UPDATE issue_record SET sealed = sealed WHERE request_digest = ?'),
    putLoginFailures: database.prepare(
      'INSERT OR REPLACE INTO login_failures VALUES (@tenantId, @key, @count, @windowEndTime, @lockEndTime, @expireTime)',
    ),
    clearLoginFailures: database.prepare('DELETE FROM login_failures WHERE tenant_id = ? AND key = ?'),
    updateTenant: database.prepare(
      `UPDATE tenant SET display_name = @displayName, default_token_lifetime_ms = @defaultTokenLifetimeMs,
        longest_token_lifetime_ms = @longestTokenLifetimeMs, refresh_enabled = @refreshEnabled,
        refresh_lifetime_ms = @refreshLifetimeMs, refresh_repeat_window_ms = @refreshRepeatWindowMs,
        login_attempts = @loginAttempts, login_window_ms = @loginWindowMs, login_lock_period_ms = @loginLockPeriodMs
      WHERE tenant_id = @tenantId`,
    ),
    expireClientSecrets: database.prepare(
      `UPDATE client_secret SET expire_time = min(ifnull(expire_time, @expireTime), @expireTime)
      WHERE client_id = @clientId AND secret_id <> @exceptSecretId`,
    ),
    setPasswordHash: database.prepare('UPDATE subject SET password_hash = ? WHERE subject_id = ?'),
  };
}

function tenantParameters({ policy, ...tenant }: Tenant) {
  return {
    ...tenant,
    ...policy,
    disabled: Number(tenant.disabled),
    refreshEnabled: Number(policy.refreshEnabled),
  };
}

function subjectParameters(subject: Subject) {
  return {
    ...subject,
    disabled: Number(subject.disabled),
    emailVerified: Number(subject.emailVerified),
    phoneVerified: Number(subject.phoneVerified),
  };
}

function familyParameters({ lastRefresh: _, ...family }: Family) {
  return { ...family, scopes: textOf(family.scopes) };
}

function tokenParameters({ use, ...token }: Token) {
  return { ...token, isRefresh: Number(use === 'refresh') };
}
