/** Applying the changes of a decision, each of them one statement or a few. */
import type { Database } from 'better-sqlite3';
import type { Change } from '../../core/changes.ts';
import { columnsOf } from '../rows/columns.ts';
import {
  FAMILY_COLUMNS,
  familyRow,
  ISSUE_RECORD_COLUMNS,
  issueRecordRow,
  LOGIN_FAILURES_COLUMNS,
  loginFailuresRow,
  TOKEN_COLUMNS,
  tokenRow,
} from '../rows/token-rows.ts';
import { prepareDirectoryAppliers } from './apply-directory.ts';
import { preparePersonAppliers } from './apply-person.ts';
import { type Appliers, prepareInsert } from './statements.ts';

export type Applier = (change: Change) => void;

export function prepareApplier(database: Database): Applier {
  const appliers: Appliers = {
    ...prepareDirectoryAppliers(database),
    ...prepareTokenAppliers(database),
    ...preparePersonAppliers(database),
  };
  return (change) => (appliers[change.change] as Applier)(change);
}

function prepareTokenAppliers(database: Database) {
  const insertFamily = prepareInsert(database, 'family', columnsOf(FAMILY_COLUMNS));
  const insertToken = prepareInsert(database, 'token', columnsOf(`${TOKEN_COLUMNS}, keep_until`));
  const insertIssueRecord = prepareInsert(
    database,
    'issue_record',
    columnsOf(ISSUE_RECORD_COLUMNS),
    'INSERT OR REPLACE',
  );
  const putLoginFailures = prepareInsert(
    database,
    'login_failures',
    columnsOf(`${LOGIN_FAILURES_COLUMNS}, expire_time`),
    'INSERT OR REPLACE',
  );
  const statements = prepareStatements(database);

  return {
    insert_family: ({ family }) => insertFamily(familyRow(family)),
    insert_token: ({ token, keepUntil }) => insertToken(tokenRow(token, keepUntil)),
    advance_family: ({ familyId, generation, lastRefresh }) =>
      statements.advanceFamily.run({ familyId, generation, ...lastRefresh }),
    confirm_family: ({ familyId }) => statements.confirmFamily.run(familyId),
    revoke_family: ({ familyId, revision }) => statements.revokeFamily.run(revision, familyId),
    log_revocation: ({ event }) => {
      statements.insertRevocation.run(event);
      statements.setRevision.run(event.revision, event.tenantId);
    },
    insert_issue_record: ({ record }) => insertIssueRecord(issueRecordRow(record)),
    touch_issue_record: ({ requestDigest }) => statements.touchIssueRecord.run(requestDigest),
    put_login_failures: ({ failures }) => putLoginFailures(loginFailuresRow(failures)),
    clear_login_failures: ({ tenantId, key }) => statements.clearLoginFailures.run(tenantId, key),
  } satisfies Partial<Appliers>;
}

function prepareStatements(database: Database) {
  return {
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
      `INSERT INTO revocation (tenant_id, revision, scope, key, cause, event_time)
      VALUES (@tenantId, @revision, @scope, @key, @cause, @eventTime)`,
    ),
    setRevision: database.prepare('UPDATE tenant SET revision = ? WHERE tenant_id = ?'),
    touchIssueRecord: database.prepare('UPDATE issue_record SET sealed = sealed WHERE request_digest = ?'),
    clearLoginFailures: database.prepare('DELETE FROM login_failures WHERE tenant_id = ? AND key = ?'),
  };
}
