/** Applying changes of codes, messages and second factors, and appending to the audit log. */
import { AUDIT_COLUMNS, auditRow } from '../rows/audit-rows.ts';
import { columnsOf } from '../rows/columns.ts';
import {
  CODE_COLUMNS,
  codeRow,
  MESSAGE_COLUMNS,
  MFA_CHALLENGE_COLUMNS,
  messageRow,
  mfaChallengeRow,
  TOTP_COLUMNS,
  totpRow,
  VOID,
} from '../rows/person-rows.ts';
import { type Statement, together } from './batch.ts';
import { type Appliers, inserter, putter } from './statements.ts';

const putCode = putter('code', ['subject_id', 'purpose'], columnsOf(`${CODE_COLUMNS}, keep_until`));
const insertMessage = inserter('message', columnsOf(MESSAGE_COLUMNS));
const putTotp = putter('totp', ['subject_id'], columnsOf(TOTP_COLUMNS));
const insertChallenge = inserter('mfa_challenge', columnsOf(MFA_CHALLENGE_COLUMNS));
const insertAudit = inserter('audit', columnsOf(AUDIT_COLUMNS));

const STATEMENTS = {
  deleteCode: ['delete_code', 'DELETE FROM code WHERE subject_id = $1 AND purpose = $2'],
  // Only a pending one: whose lease ran out may tell of it after another has sent it, and what was sealed is gone then.
  setMessageState: [
    'set_message_state',
    `UPDATE message SET state = $2, attempts = $3, next_attempt_time = $4, last_error = $5,
      sealed = CASE $2 WHEN 'pending' THEN sealed END WHERE message_id = $1 AND state = 'pending'`,
  ],
  cancelMessages: [
    'cancel_messages',
    `UPDATE message SET state = 'failed', sealed = NULL, last_error = '${VOID}'
      WHERE subject_id = $1 AND purpose = $2 AND state = 'pending'`,
  ],
  deleteTotp: ['delete_totp', 'DELETE FROM totp WHERE subject_id = $1'],
  deleteChallenge: ['delete_mfa_challenge', 'DELETE FROM mfa_challenge WHERE digest = $1'],
  moveHead: ['move_audit_head', 'UPDATE tenant SET audit_sequence = $2, audit_hash = $3 WHERE tenant_id = $1'],
} satisfies Record<string, Statement>;

export const PERSON_APPLIERS = {
  put_code: (session, { code }) => putCode(session, codeRow(code)),
  delete_code: (session, { subjectId, purpose }) => session.query(STATEMENTS.deleteCode, [subjectId, purpose]),
  insert_message: (session, { message }) => insertMessage(session, messageRow(message)),
  set_message_state: (session, { messageId, state, attempts, nextAttemptTime, lastError }) =>
    session.query(STATEMENTS.setMessageState, [messageId, state, attempts, nextAttemptTime, lastError]),
  cancel_messages: (session, { subjectId, purpose }) => session.query(STATEMENTS.cancelMessages, [subjectId, purpose]),
  put_totp: (session, { totp }) => putTotp(session, totpRow(totp)),
  delete_totp: (session, { subjectId }) => session.query(STATEMENTS.deleteTotp, [subjectId]),
  insert_mfa_challenge: (session, { challenge }) => insertChallenge(session, mfaChallengeRow(challenge)),
  delete_mfa_challenge: (session, { digest }) => session.query(STATEMENTS.deleteChallenge, [digest]),
  append_audit: (session, { record }) =>
    // As with the revocation log: the tenant first, and where another took this sequence meanwhile, everything is done again.
    together([
      session.query(STATEMENTS.moveHead, [record.tenantId, record.sequence, record.hash]),
      insertAudit(session, auditRow(record)),
    ]),
} satisfies Partial<Appliers>;
