/** Applying changes of codes, messages and second factors, and appending to the audit log. */
import type { Database } from 'better-sqlite3';
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
import { type Appliers, prepareInsert } from './statements.ts';

export function preparePersonAppliers(database: Database) {
  const putCode = prepareInsert(database, 'code', columnsOf(`${CODE_COLUMNS}, keep_until`), 'INSERT OR REPLACE');
  const deleteCode = database.prepare('DELETE FROM code WHERE subject_id = ? AND purpose = ?');
  const insertMessage = prepareInsert(database, 'message', columnsOf(MESSAGE_COLUMNS));
  // Only a pending one: whose lease ran out may tell of it after another has sent it, and what was sealed is gone then.
  const setMessageState = database.prepare(
    `UPDATE message SET state = @state, attempts = @attempts, next_attempt_time = @nextAttemptTime, last_error = @lastError,
      sealed = CASE @state WHEN 'pending' THEN sealed END
    WHERE message_id = @messageId AND state = 'pending'`,
  );
  const cancelMessages = database.prepare(
    `UPDATE message SET state = 'failed', sealed = NULL, last_error = '${VOID}'
    WHERE subject_id = ? AND purpose = ? AND state = 'pending'`,
  );
  const putTotp = prepareInsert(database, 'totp', columnsOf(TOTP_COLUMNS), 'INSERT OR REPLACE');
  const deleteTotp = database.prepare('DELETE FROM totp WHERE subject_id = ?');
  const insertChallenge = prepareInsert(database, 'mfa_challenge', columnsOf(MFA_CHALLENGE_COLUMNS));
  const deleteChallenge = database.prepare('DELETE FROM mfa_challenge WHERE digest = ?');
  const insertAudit = prepareInsert(database, 'audit', columnsOf(AUDIT_COLUMNS));
  const moveHead = database.prepare('UPDATE tenant SET audit_sequence = ?, audit_hash = ? WHERE tenant_id = ?');

  return {
    put_code: ({ code }) => putCode(codeRow(code)),
    delete_code: ({ subjectId, purpose }) => deleteCode.run(subjectId, purpose),
    insert_message: ({ message }) => insertMessage(messageRow(message)),
    set_message_state: (change) => setMessageState.run(change),
    cancel_messages: ({ subjectId, purpose }) => cancelMessages.run(subjectId, purpose),
    put_totp: ({ totp }) => putTotp(totpRow(totp)),
    delete_totp: ({ subjectId }) => deleteTotp.run(subjectId),
    insert_mfa_challenge: ({ challenge }) => insertChallenge(mfaChallengeRow(challenge)),
    delete_mfa_challenge: ({ digest }) => deleteChallenge.run(digest),
    append_audit: ({ record }) => {
      insertAudit(auditRow(record));
      moveHead.run(record.sequence, record.hash, record.tenantId);
    },
  } satisfies Partial<Appliers>;
}
