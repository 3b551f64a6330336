/** Loading codes, messages and second factors that a command names. */
import type { Instant } from '../../core/model.ts';
import type { LoadPlan, State } from '../../core/state.ts';
import { columnsOf, rowOf } from '../rows/columns.ts';
import {
  CODE_COLUMNS,
  codeOf,
  MESSAGE_COLUMNS,
  MFA_CHALLENGE_COLUMNS,
  messageOf,
  mfaChallengeOf,
  TOTP_COLUMNS,
  totpOf,
} from '../rows/person-rows.ts';
import { type Statement, together } from './batch.ts';
import type { Session } from './connections.ts';

const CODE = columnsOf(CODE_COLUMNS);
const TOTP = columnsOf(TOTP_COLUMNS);
const MFA_CHALLENGE = columnsOf(MFA_CHALLENGE_COLUMNS);
const MESSAGE = columnsOf(MESSAGE_COLUMNS);

const STATEMENTS = {
  codes: ['load_codes', `SELECT ${CODE_COLUMNS} FROM code WHERE subject_id = $1`],
  totp: ['load_totp', `SELECT ${TOTP_COLUMNS} FROM totp WHERE subject_id = $1`],
  mfaChallenge: ['load_mfa_challenge', `SELECT ${MFA_CHALLENGE_COLUMNS} FROM mfa_challenge WHERE digest = $1`],
  // What another has locked is being taken; what it took meanwhile is not due any more, which is looked at again under the lock.
  dueMessages: [
    'lock_due_messages',
    `SELECT ${MESSAGE_COLUMNS} FROM message WHERE state = 'pending' AND next_attempt_time <= $1
      ORDER BY next_attempt_time, message_id LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED`,
  ],
} as const satisfies Record<string, Statement>;

export async function loadPersonal(
  session: Session,
  plan: LoadPlan,
  now: Instant,
): Promise<Pick<State, 'codes' | 'totp' | 'mfaChallenge' | 'dueMessages'>> {
  const { subjectId, withCodes, withTotp, mfaChallengeDigest, dueMessages } = plan;
  const [codes, totps, challenges, messages] = await together([
    withCodes === true ? session.query(STATEMENTS.codes, [subjectId]) : undefined,
    withTotp === true ? session.query(STATEMENTS.totp, [subjectId]) : undefined,
    mfaChallengeDigest && session.query(STATEMENTS.mfaChallenge, [mfaChallengeDigest]),
    dueMessages && session.query(STATEMENTS.dueMessages, [now, dueMessages.limit]),
  ]);
  const [totp, challenge] = [totps?.rows[0], challenges?.rows[0]];
  return {
    ...(codes && { codes: codes.rows.map((row) => codeOf(rowOf(CODE, row))) }),
    ...(totp && { totp: totpOf(rowOf(TOTP, totp)) }),
    ...(challenge && { mfaChallenge: mfaChallengeOf(rowOf(MFA_CHALLENGE, challenge)) }),
    ...(messages && { dueMessages: messages.rows.map((row) => messageOf(rowOf(MESSAGE, row))) }),
  };
}
