/** Applying the changes of a decision. */
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
import { DIRECTORY_APPLIERS } from './apply-directory.ts';
import { PERSON_APPLIERS } from './apply-person.ts';
import { type Statement, together } from './batch.ts';
import type { Session } from './connections.ts';
import { type Applier, type Appliers, inserter, type Kind, putter } from './statements.ts';

const insertFamily = inserter('family', columnsOf(FAMILY_COLUMNS));
const insertToken = inserter('token', columnsOf(`${TOKEN_COLUMNS}, keep_until`));
// Under the lock of its name: what is there has expired.
const putIssueRecord = putter('issue_record', ['request_digest'], columnsOf(ISSUE_RECORD_COLUMNS));
const putLoginFailures = putter(
  'login_failures',
  ['tenant_id', 'key'],
  columnsOf(`${LOGIN_FAILURES_COLUMNS}, expire_time`),
);

const STATEMENTS = {
  revocation: [
    'insert_revocation',
    'INSERT INTO revocation (tenant_id, revision, scope, key, cause, event_time) VALUES ($1, $2, $3, $4, $5, $6)',
  ],
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
} satisfies Record<string, Statement>;

const TOKEN_APPLIERS = {
  insert_family: (session, { family }) => insertFamily(session, familyRow(family)),
  insert_token: (session, { token, keepUntil }) => insertToken(session, tokenRow(token, keepUntil)),
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
  insert_issue_record: (session, { record }) => putIssueRecord(session, issueRecordRow(record)),
  touch_issue_record: (session, { requestDigest }) => session.query(STATEMENTS.touchIssueRecord, [requestDigest]),
  put_login_failures: (session, { failures }) => putLoginFailures(session, loginFailuresRow(failures)),
  clear_login_failures: (session, { tenantId, key }) => session.query(STATEMENTS.clearLoginFailures, [tenantId, key]),
} satisfies Partial<Appliers>;

const APPLIERS: Appliers = { ...DIRECTORY_APPLIERS, ...TOKEN_APPLIERS, ...PERSON_APPLIERS };

/** Sends one change; what comes next need not wait for it. */
export function apply(session: Session, change: Change): Promise<unknown> {
  return (APPLIERS[change.change] as Applier<Kind>)(session, change);
}
