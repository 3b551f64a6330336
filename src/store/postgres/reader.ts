/** Reads that are one statement each, so each sees one moment. */
import type { MfaChallenge, Totp } from '../../core/directory-model.ts';
import type { LoginHandle } from '../../core/handles.ts';
import type { ClientSecret, Digest, LoginFailures, Subject, Tenant } from '../../core/model.ts';
import type { ClientReading } from '../../core/store.ts';
import { columnsOf, prefixed, rowOf } from '../rows/columns.ts';
import { CLIENT_COLUMNS, clientOf, TENANT_COLUMNS, tenantOf } from '../rows/directory-rows.ts';
import { MFA_CHALLENGE_COLUMNS, mfaChallengeOf, TOTP_COLUMNS, totpOf } from '../rows/person-rows.ts';
import { SUBJECT_COLUMNS, subjectOf } from '../rows/subject-rows.ts';
import { LOGIN_FAILURES_COLUMNS, loginFailuresOf } from '../rows/token-rows.ts';
import type { Row, Statement } from './batch.ts';
import type { Session } from './connections.ts';
import { clientVersionOf } from './token-reader.ts';

const TENANT = columnsOf(TENANT_COLUMNS);
const CLIENT = columnsOf(CLIENT_COLUMNS);
const SUBJECT = columnsOf(SUBJECT_COLUMNS);
const LOGIN_FAILURES = columnsOf(LOGIN_FAILURES_COLUMNS);
const TOTP = columnsOf(TOTP_COLUMNS);
const MFA_CHALLENGE = columnsOf(MFA_CHALLENGE_COLUMNS);

const STATEMENTS = {
  client: [
    'read_client',
    `SELECT n.disabled, n.revision, n.client_version, k.secret_id, k.digest, k.expire_time, ${prefixed('c', CLIENT)}
      FROM client c JOIN tenant n ON n.tenant_id = c.tenant_id LEFT JOIN client_secret k ON k.client_id = c.client_id
      WHERE c.client_id = ANY($1::text[])`,
  ],
  tenant: ['read_tenant', `SELECT ${TENANT_COLUMNS} FROM tenant WHERE tenant_id = $1`],
  subjectById: [
    'read_subject',
    `SELECT ${prefixed('s', SUBJECT)} FROM subject s WHERE s.subject_id = $2 AND s.tenant_id = $1`,
  ],
  subjectByHandle: [
    'read_subject_by_handle',
    `SELECT ${prefixed('s', SUBJECT)} FROM handle h JOIN subject s ON s.subject_id = h.subject_id
      WHERE h.tenant_id = $1 AND h.kind = $2 AND h.key = $3`,
  ],
  loginFailures: [
    'read_login_failures',
    `SELECT ${prefixed('f', LOGIN_FAILURES)} FROM unnest($2::text[]) WITH ORDINALITY AS i (key, n)
        JOIN login_failures f ON f.tenant_id = $1 AND f.key = i.key COLLATE "C" ORDER BY i.n`,
  ],
  totp: ['read_totp', `SELECT ${TOTP_COLUMNS} FROM totp WHERE tenant_id = $1 AND subject_id = $2`],
  mfaChallenge: [
    'read_mfa_challenge',
    `SELECT ${MFA_CHALLENGE_COLUMNS} FROM mfa_challenge WHERE tenant_id = $1 AND digest = $2`,
  ],
} as const satisfies Record<string, Statement>;

/** Columns of the tenant and the secret, before the client's. */
const BEFORE_CLIENT = 6;

/** One statement for all, answered in their order. */
export async function readClients(
  session: Session,
  clientIds: readonly string[],
): Promise<(ClientReading | undefined)[]> {
  const { rows } = await session.query(STATEMENTS.client, [[...new Set(clientIds)]]);
  const rowsOf = Map.groupBy(rows, (row) => row[BEFORE_CLIENT]);
  return clientIds.map((clientId) => clientReadingOf(session, clientId, rowsOf.get(clientId) ?? []));
}

function clientReadingOf(session: Session, clientId: string, rows: readonly Row[]): ClientReading | undefined {
  const [first] = rows;
  if (first === undefined) {
    return undefined;
  }
  const [disabled, revision, version] = first as [boolean, number, number];
  const clientVersion = clientVersionOf(session.timeline, version);
  const secrets = rows.map((row) => secretOf(clientId, row)).filter((secret) => secret !== undefined);
  return {
    client: clientOf(rowOf(CLIENT, first, BEFORE_CLIENT)),
    tenant: { disabled, revision },
    secrets,
    clientVersion,
  };
}

/** Undefined in the one row of a client that has none. */
function secretOf(clientId: string, row: Row): ClientSecret | undefined {
  const [, , , secretId, digest, expireTime] = row as [never, never, never, string | null, Uint8Array, number | null];
  return secretId === null ? undefined : { clientId, secretId, digest, expireTime };
}

export async function readTenant(session: Session, tenantId: string): Promise<Tenant | undefined> {
  const [row] = (await session.query(STATEMENTS.tenant, [tenantId])).rows;
  return row && tenantOf(rowOf(TENANT, row));
}

export async function findSubject(
  session: Session,
  tenantId: string,
  { kind, key }: LoginHandle,
): Promise<Subject | undefined> {
  const { rows } =
    kind === 'subject_id'
      ? await session.query(STATEMENTS.subjectById, [tenantId, key])
      : await session.query(STATEMENTS.subjectByHandle, [tenantId, kind, key]);
  return rows[0] && subjectOf(rowOf(SUBJECT, rows[0]));
}

export async function readLoginFailures(
  session: Session,
  tenantId: string,
  keys: readonly string[],
): Promise<LoginFailures[]> {
  const { rows } = await session.query(STATEMENTS.loginFailures, [tenantId, keys]);
  return rows.map((row) => loginFailuresOf(rowOf(LOGIN_FAILURES, row)));
}

export async function readTotp(session: Session, tenantId: string, subjectId: string): Promise<Totp | undefined> {
  const [row] = (await session.query(STATEMENTS.totp, [tenantId, subjectId])).rows;
  return row && totpOf(rowOf(TOTP, row));
}

export async function readMfaChallenge(
  session: Session,
  tenantId: string,
  digest: Digest,
): Promise<MfaChallenge | undefined> {
  const [row] = (await session.query(STATEMENTS.mfaChallenge, [tenantId, digest])).rows;
  return row && mfaChallengeOf(rowOf(MFA_CHALLENGE, row));
}
