/** Loading the rows that a command names, after locking those that it may change. */
import type { LoginHandle } from '../../core/handles.ts';
import type { Family, Instant, IssueRecord, Token } from '../../core/model.ts';
import type { LoadPlan, State } from '../../core/state.ts';
import { columnsOf, prefixed, rowOf } from '../rows/columns.ts';
import {
  CLIENT_COLUMNS,
  CLIENT_SECRET_COLUMNS,
  clientOf,
  clientSecretOf,
  TENANT_COLUMNS,
  tenantOf,
} from '../rows/directory-rows.ts';
import { SUBJECT_COLUMNS, subjectOf } from '../rows/subject-rows.ts';
import {
  FAMILY_COLUMNS,
  familyOf,
  ISSUE_RECORD_COLUMNS,
  issueRecordOf,
  LOGIN_FAILURES_COLUMNS,
  loginFailuresOf,
  TOKEN_COLUMNS,
  tokenOf,
} from '../rows/token-rows.ts';
import { LOCK_SPACE } from './advisory-locks.ts';
import { type Row, type Statement, together } from './batch.ts';
import type { Session } from './connections.ts';
import { loadPersonal } from './load-person.ts';

const FAMILY = columnsOf(FAMILY_COLUMNS);
const TOKEN = columnsOf(TOKEN_COLUMNS);
const TENANT = columnsOf(TENANT_COLUMNS);
const CLIENT = columnsOf(CLIENT_COLUMNS);
const SUBJECT = columnsOf(SUBJECT_COLUMNS);
const ISSUE_RECORD = columnsOf(ISSUE_RECORD_COLUMNS);
const SECRET = columnsOf(CLIENT_SECRET_COLUMNS);
const LOGIN_FAILURES = columnsOf(LOGIN_FAILURES_COLUMNS);

const TOKEN_AND_FAMILY = `SELECT ${prefixed('f', FAMILY)}, ${prefixed('t', TOKEN)} FROM token t JOIN family f ON f.family_id = t.family_id`;
/** NO KEY: whoever makes a client or subject refers to its tenant, and need not wait. */
const LOCKED = 'FOR NO KEY UPDATE OF f';

const STATEMENTS = {
  lockTenant: ['lock_tenant', 'SELECT FROM tenant WHERE tenant_id = $1 FOR NO KEY UPDATE'],
  lockSubject: ['lock_subject', 'SELECT FROM subject WHERE subject_id = $1 FOR NO KEY UPDATE'],
  // Rows that may not exist yet can't be locked, so their names are.
  lockName: ['lock_name', `SELECT pg_advisory_xact_lock(${LOCK_SPACE}::bigint << 32 # hashtextextended($1, 0))`],
  shareName: [
    'share_name',
    `SELECT pg_advisory_xact_lock_shared(${LOCK_SPACE}::bigint << 32 # hashtextextended($1, 0))`,
  ],
  familyByDigest: ['lock_family_by_digest', `${TOKEN_AND_FAMILY} WHERE t.digest = $1 ${LOCKED}`],
  familyByTokenId: ['lock_family_by_token_id', `${TOKEN_AND_FAMILY} WHERE t.token_id = $1 ${LOCKED}`],
  familyById: ['lock_family', `SELECT ${prefixed('f', FAMILY)} FROM family f WHERE f.family_id = $1 ${LOCKED}`],
  readFamily: ['read_family', `SELECT ${prefixed('f', FAMILY)} FROM family f WHERE f.family_id = $1`],
  // One statement, so of one moment: a revision that is newer than the standing read with it would let a cutoff be passed.
  principals: [
    'load_principals',
    `SELECT ${prefixed('n', TENANT)}, ${prefixed('c', CLIENT)}, ${prefixed('s', SUBJECT)}
      FROM (SELECT $1::text COLLATE "C" AS tenant_id, $2::text COLLATE "C" AS client_id, $3::text COLLATE "C" AS subject_id) i
        LEFT JOIN tenant n ON n.tenant_id = i.tenant_id
        LEFT JOIN client c ON c.client_id = i.client_id
        LEFT JOIN subject s ON s.subject_id = i.subject_id`,
  ],
  secrets: ['load_secrets', `SELECT ${CLIENT_SECRET_COLUMNS} FROM client_secret WHERE client_id = $1`],
  issueRecord: ['load_issue_record', `SELECT ${ISSUE_RECORD_COLUMNS} FROM issue_record WHERE request_digest = $1`],
  loginFailures: [
    'load_login_failures',
    `SELECT ${LOGIN_FAILURES_COLUMNS} FROM login_failures WHERE tenant_id = $1 AND key = ANY($2::text[])`,
  ],
  handle: ['load_handle', 'SELECT FROM handle WHERE tenant_id = $1 AND kind = $2 AND key = $3'],
} as const satisfies Record<string, Statement>;

/** Loads in one round trip what the plan names; a token's or an issue record's family takes one more. */
export async function load(session: Session, plan: LoadPlan, now: Instant): Promise<State> {
  // Without a family there is nothing to wait for, and all goes with the BEGIN.
  const start: { family?: Family; token?: Token } = namesFamily(plan) ? await loadFamily(session, plan) : {};
  const tenantId = plan.tenantId ?? start.family?.tenantId;
  const [, principals, secrets, record, failures, takenHandles, personal] = await together([
    takeLocks(session, plan),
    readPrincipals(
      session,
      tenantId,
      plan.clientId ?? start.family?.clientId,
      plan.subjectId ?? subjectIdOf(start.family),
    ),
    plan.withSecrets === true ? session.query(STATEMENTS.secrets, [plan.clientId]) : undefined,
    plan.requestDigest && session.query(STATEMENTS.issueRecord, [plan.requestDigest]),
    (plan.failureKeys ?? []).length > 0
      ? session.query(STATEMENTS.loginFailures, [tenantId, plan.failureKeys])
      : undefined,
    takenOf(session, tenantId, plan.handles ?? []),
    loadPersonal(session, plan, now),
  ]);
  const issueRecord = present<IssueRecord>(record?.rows[0], (row) => issueRecordOf(rowOf(ISSUE_RECORD, row)));
  const family = start.family ?? (issueRecord && (await readFamily(session, issueRecord.familyId)));
  return {
    ...principals,
    ...(start.token === undefined ? {} : { token: start.token }),
    ...(family === undefined ? {} : { family }),
    ...(issueRecord === undefined ? {} : { issueRecord }),
    clientSecrets: (secrets?.rows ?? []).map((row) => clientSecretOf(rowOf(SECRET, row))),
    loginFailures: (failures?.rows ?? []).map((row) => loginFailuresOf(rowOf(LOGIN_FAILURES, row))),
    takenHandles,
    ...personal,
  };
}

function namesFamily({ token, familyId }: LoadPlan): boolean {
  return token !== undefined || familyId !== undefined;
}

/** Whether anything has to be locked; else each step sees one moment and is all or nothing by itself. */
export function takesLocks(plan: LoadPlan): boolean {
  return plan.locks.some((lock) => {
    switch (lock) {
      case 'request':
        return plan.requestDigest !== undefined;
      case 'failures':
        return (plan.failureKeys ?? []).length > 0;
      default:
        return true;
    }
  });
}

/** The family is the first lock, and leads to the rest. */
async function loadFamily(
  session: Session,
  { token, familyId }: LoadPlan,
): Promise<{ family?: Family; token?: Token }> {
  const [statement, value] =
    token === undefined
      ? ([STATEMENTS.familyById, familyId] as const)
      : 'digest' in token
        ? ([STATEMENTS.familyByDigest, token.digest] as const)
        : ([STATEMENTS.familyByTokenId, token.tokenId] as const);
  const [row] = (await session.query(statement, [value])).rows;
  if (row === undefined) {
    return {};
  }
  const family = familyOf(rowOf(FAMILY, row));
  return token === undefined ? { family } : { family, token: tokenOf(rowOf(TOKEN, row, FAMILY.length)) };
}

/** All in one order, so that no two commands wait for each other. */
async function takeLocks(session: Session, plan: LoadPlan): Promise<void> {
  const queries: Promise<unknown>[] = [];
  if (plan.locks.includes('tenant')) {
    queries.push(session.query(STATEMENTS.lockTenant, [plan.tenantId]));
  }
  if (plan.locks.includes('subject')) {
    queries.push(session.query(STATEMENTS.lockSubject, [plan.subjectId]));
  }
  if (plan.locks.includes('request') && plan.requestDigest !== undefined) {
    queries.push(session.query(STATEMENTS.lockName, [`request ${Buffer.from(plan.requestDigest).toString('hex')}`]));
  }
  if (plan.locks.includes('failures')) {
    for (const key of [...(plan.failureKeys ?? [])].sort()) {
      const isChanged = plan.changedFailureKeys?.includes(key) ?? false;
      const statement = isChanged ? STATEMENTS.lockName : STATEMENTS.shareName;
      queries.push(session.query(statement, [`failures ${plan.tenantId} ${key}`]));
    }
  }
  await together(queries);
}

async function readPrincipals(
  session: Session,
  tenantId: string | undefined,
  clientId: string | undefined,
  subjectId: string | undefined,
): Promise<Pick<State, 'tenant' | 'client' | 'subject'>> {
  const { rows } = await session.query(STATEMENTS.principals, [tenantId ?? null, clientId ?? null, subjectId ?? null]);
  const row = rows[0] ?? [];
  const at = { client: TENANT.length, subject: TENANT.length + CLIENT.length };
  return {
    ...(row[0] === null ? {} : { tenant: tenantOf(rowOf(TENANT, row)) }),
    ...(row[at.client] === null ? {} : { client: clientOf(rowOf(CLIENT, row, at.client)) }),
    ...(row[at.subject] === null ? {} : { subject: subjectOf(rowOf(SUBJECT, row, at.subject)) }),
  };
}

async function readFamily(session: Session, familyId: string): Promise<Family | undefined> {
  const { rows } = await session.query(STATEMENTS.readFamily, [familyId]);
  return present(rows[0], (row) => familyOf(rowOf(FAMILY, row)));
}

async function takenOf(
  session: Session,
  tenantId: string | undefined,
  handles: readonly LoginHandle[],
): Promise<LoginHandle[]> {
  const results = await together(
    handles.map(({ kind, key }) => session.query(STATEMENTS.handle, [tenantId, kind, key])),
  );
  return handles.filter((_, i) => results[i]?.rowCount === 1);
}

/** The subject of a client's family is the client itself, and is no row of its own. */
function subjectIdOf(family: Family | undefined): string | undefined {
  return family?.subjectKind === 'client' ? undefined : family?.subjectId;
}

function present<Value>(row: Row | undefined, convert: (row: Row) => Value): Value | undefined {
  return row === undefined ? undefined : convert(row);
}
