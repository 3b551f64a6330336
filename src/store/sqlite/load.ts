/** Loading the rows that a command names. The transaction is IMMEDIATE, so no other can change them until it ends. */
import type { Database } from 'better-sqlite3';
import type { LoginHandle } from '../../core/handles.ts';
import type { Family, Instant, Token } from '../../core/model.ts';
import type { LoadPlan, State } from '../../core/state.ts';
import {
  CLIENT_COLUMNS,
  CLIENT_SECRET_COLUMNS,
  type ClientRow,
  type ClientSecretRow,
  clientOf,
  clientSecretOf,
  TENANT_COLUMNS,
  type TenantRow,
  tenantOf,
} from '../rows/directory-rows.ts';
import {
  CODE_COLUMNS,
  type CodeRow,
  codeOf,
  MESSAGE_COLUMNS,
  type MessageRow,
  MFA_CHALLENGE_COLUMNS,
  type MfaChallengeRow,
  messageOf,
  mfaChallengeOf,
  TOTP_COLUMNS,
  type TotpRow,
  totpOf,
} from '../rows/person-rows.ts';
import { SUBJECT_COLUMNS, type SubjectRow, subjectOf } from '../rows/subject-rows.ts';
import {
  FAMILY_COLUMNS,
  type FamilyRow,
  familyOf,
  ISSUE_RECORD_COLUMNS,
  type IssueRecordRow,
  issueRecordOf,
  LOGIN_FAILURES_COLUMNS,
  type LoginFailuresRow,
  loginFailuresOf,
  TOKEN_COLUMNS,
  type TokenRow,
  tokenOf,
} from '../rows/token-rows.ts';

export type Loader = (plan: LoadPlan, now: Instant) => State;

export function prepareLoader(database: Database): Loader {
  const tenantById = database.prepare<[string], TenantRow>(`SELECT ${TENANT_COLUMNS} FROM tenant WHERE tenant_id = ?`);
  const clientById = database.prepare<[string], ClientRow>(`SELECT ${CLIENT_COLUMNS} FROM client WHERE client_id = ?`);
  const secretsOfClient = database.prepare<[string], ClientSecretRow>(
    `SELECT ${CLIENT_SECRET_COLUMNS} FROM client_secret WHERE client_id = ?`,
  );
  const subjectById = database.prepare<[string], SubjectRow>(
    `SELECT ${SUBJECT_COLUMNS} FROM subject WHERE subject_id = ?`,
  );
  const tokenByDigest = database.prepare<[Uint8Array], TokenRow>(`SELECT ${TOKEN_COLUMNS} FROM token WHERE digest = ?`);
  const tokenById = database.prepare<[string], TokenRow>(`SELECT ${TOKEN_COLUMNS} FROM token WHERE token_id = ?`);
  const familyById = database.prepare<[string], FamilyRow>(`SELECT ${FAMILY_COLUMNS} FROM family WHERE family_id = ?`);
  const issueRecordByDigest = database.prepare<[Uint8Array], IssueRecordRow>(
    `SELECT ${ISSUE_RECORD_COLUMNS} FROM issue_record WHERE request_digest = ?`,
  );
  const loginFailures = database.prepare<[string, string], LoginFailuresRow>(
    `SELECT ${LOGIN_FAILURES_COLUMNS} FROM login_failures WHERE tenant_id = ? AND key = ?`,
  );
  const handle = database.prepare<[string, string, string], { subject_id: string }>(
    'SELECT subject_id FROM handle WHERE tenant_id = ? AND kind = ? AND key = ?',
  );

  const loadPersonal = preparePersonalLoader(database);

  function loadToken(plan: LoadPlan): Token | undefined {
    if (plan.token === undefined) {
      return undefined;
    }
    return optional(
      'digest' in plan.token ? tokenByDigest.get(plan.token.digest) : tokenById.get(plan.token.tokenId),
      tokenOf,
    );
  }

  function isTaken(tenantId: string, { kind, key }: LoginHandle): boolean {
    return handle.get(tenantId, kind, key) !== undefined;
  }

  return (plan, now) => {
    const token = loadToken(plan);
    const issueRecord = optional(plan.requestDigest && issueRecordByDigest.get(plan.requestDigest), issueRecordOf);
    const familyId = plan.familyId ?? token?.familyId ?? issueRecord?.familyId;
    const family = optional(get(familyById, familyId), familyOf);
    const tenantId = plan.tenantId ?? family?.tenantId;
    const clientId = plan.clientId ?? family?.clientId;
    const clientSecrets = plan.withSecrets && clientId !== undefined ? secretsOfClient.all(clientId) : [];
    const failureKeys = tenantId === undefined ? [] : (plan.failureKeys ?? []);
    const failures = failureKeys.map((key) => loginFailures.get(tenantId ?? '', key));
    return present({
      token,
      family,
      tenant: optional(get(tenantById, tenantId), tenantOf),
      client: optional(get(clientById, clientId), clientOf),
      clientSecrets: clientSecrets.map(clientSecretOf),
      subject: optional(get(subjectById, plan.subjectId ?? subjectIdOf(family)), subjectOf),
      issueRecord,
      loginFailures: failures.filter((row) => row !== undefined).map(loginFailuresOf),
      takenHandles: (plan.handles ?? []).filter((each) => isTaken(tenantId ?? '', each)),
      ...loadPersonal(plan, now),
    });
  };
}

type Personal = Pick<State, 'codes' | 'totp' | 'mfaChallenge' | 'dueMessages'>;

function preparePersonalLoader(database: Database) {
  const codesOfSubject = database.prepare<[string], CodeRow>(`SELECT ${CODE_COLUMNS} FROM code WHERE subject_id = ?`);
  const totpOfSubject = database.prepare<[string], TotpRow>(`SELECT ${TOTP_COLUMNS} FROM totp WHERE subject_id = ?`);
  const challengeByDigest = database.prepare<[Uint8Array], MfaChallengeRow>(
    `SELECT ${MFA_CHALLENGE_COLUMNS} FROM mfa_challenge WHERE digest = ?`,
  );
  const dueMessages = database.prepare<[Instant, number], MessageRow>(
    `SELECT ${MESSAGE_COLUMNS} FROM message WHERE state = 'pending' AND next_attempt_time <= ?
      ORDER BY next_attempt_time, message_id LIMIT ?`,
  );

  return (plan: LoadPlan, now: Instant): { [Key in keyof Personal]: Personal[Key] | undefined } => {
    const { subjectId = '', mfaChallengeDigest } = plan;
    return {
      codes: plan.withCodes ? codesOfSubject.all(subjectId).map(codeOf) : undefined,
      totp: optional(plan.withTotp ? totpOfSubject.get(subjectId) : undefined, totpOf),
      mfaChallenge: optional(mfaChallengeDigest && challengeByDigest.get(mfaChallengeDigest), mfaChallengeOf),
      dueMessages: plan.dueMessages && dueMessages.all(now, plan.dueMessages.limit).map(messageOf),
    };
  };
}

/** The subject of a client's family is the client itself, and is no row of its own. */
function subjectIdOf(family: Family | undefined): string | undefined {
  return family?.subjectKind === 'client' ? undefined : family?.subjectId;
}

function get<Row>(statement: { get(id: string): Row | undefined }, id: string | undefined): Row | undefined {
  return id === undefined ? undefined : statement.get(id);
}

function optional<Row, Value>(row: Row | undefined, convert: (row: Row) => Value): Value | undefined {
  return row === undefined ? undefined : convert(row);
}

/** Leaves out what is undefined, so that absent means absent. */
function present(state: { [Key in keyof State]: State[Key] | undefined }): State {
  return Object.fromEntries(Object.entries(state).filter(([, value]) => value !== undefined)) as unknown as State;
}
