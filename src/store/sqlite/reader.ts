/** Reads, on the calling thread. Each is one statement, so each sees one moment and holds nothing open afterwards. */
import type { Database } from 'better-sqlite3';
import type { LoginHandle } from '../../core/handles.ts';
import type { TokenReading } from '../../core/liveness.ts';
import type { ClientSecret, Digest, LoginFailures, Subject, SubjectKind, Tenant, TokenKind } from '../../core/model.ts';
import type { ClientReading, IntrospectionReading } from '../../core/store.ts';
import { openReader } from './connection.ts';
import {
  CLIENT_COLUMNS,
  type ClientRow,
  clientOf,
  SUBJECT_COLUMNS,
  type SubjectRow,
  subjectOf,
  TENANT_COLUMNS,
  type TenantRow,
  tenantOf,
} from './directory-rows.ts';
import { LOGIN_FAILURES_COLUMNS, type LoginFailuresRow, loginFailuresOf } from './token-rows.ts';
import { wordsOf } from './words.ts';

/** A token joined with all that decides about it; the columns of what does not exist are null. */
interface ReadingRow {
  revision: number;
  client_version: number;
  tenant_disabled: number;
  tenant_cutoff: number;
  token_id: string | null;
  token_generation: number;
  is_refresh: number;
  token_issue_time: number;
  token_expire_time: number;
  family_id: string | null;
  tenant_id: string;
  client_id: string;
  subject_kind: SubjectKind;
  subject_id: string;
  kind: TokenKind;
  scopes: string;
  generation: number;
  issue_revision: number;
  expire_time: number;
  revoked_revision: number | null;
  repeat_until: number | null;
  client_tenant_id: string | null;
  client_disabled: number | null;
  client_cutoff: number | null;
  subject_tenant_id: string | null;
  subject_disabled: number | null;
  subject_cutoff: number | null;
}

const READING_COLUMNS = `
  n.revision, n.client_version, n.disabled AS tenant_disabled, n.cutoff AS tenant_cutoff,
  t.token_id, t.generation AS token_generation, t.is_refresh, t.issue_time AS token_issue_time,
  t.expire_time AS token_expire_time,
  f.family_id, f.tenant_id, f.client_id, f.subject_kind, f.subject_id, f.kind, f.scopes, f.generation,
  f.issue_revision, f.expire_time, f.revoked_revision, f.last_repeat_until AS repeat_until,
  c.tenant_id AS client_tenant_id, c.disabled AS client_disabled, c.cutoff AS client_cutoff,
  s.tenant_id AS subject_tenant_id, s.disabled AS subject_disabled, s.cutoff AS subject_cutoff`;

const STANDING_JOINS = `
  LEFT JOIN client c ON c.client_id = f.client_id
  LEFT JOIN subject s ON s.subject_id = f.subject_id`;

export class Reader {
  readonly #database: Database;
  readonly #statements;

  constructor(path: string) {
    this.#database = openReader(path);
    this.#statements = prepareStatements(this.#database);
  }

  readToken(tenantId: string, digest: Digest): IntrospectionReading {
    const row = this.#statements.tokenInTenant.get(digest, tenantId);
    return { reading: row && readingOf(row), revision: row?.revision ?? 0, clientVersion: row?.client_version ?? -1 };
  }

  readBearer(digest: Digest): TokenReading | undefined {
    const row = this.#statements.token.get(digest);
    return row && readingOf(row);
  }

  readClient(clientId: string): ClientReading | undefined {
    const rows = this.#statements.client.all(clientId);
    const [first] = rows;
    if (first === undefined) {
      return undefined;
    }
    const secrets: ClientSecret[] = [];
    for (const { secret_id: secretId, digest, expire_time: expireTime } of rows) {
      if (secretId !== null && digest !== null) {
        secrets.push({ clientId, secretId, digest, expireTime });
      }
    }
    const tenant = { disabled: first.tenant_disabled === 1, revision: first.tenant_revision };
    return { client: clientOf(first), tenant, secrets, clientVersion: first.client_version };
  }

  readTenant(tenantId: string): Tenant | undefined {
    const row = this.#statements.tenant.get(tenantId);
    return row && tenantOf(row);
  }

  findSubject(tenantId: string, handle: LoginHandle): Subject | undefined {
    const row =
      handle.kind === 'subject_id'
        ? this.#statements.subjectById.get(tenantId, handle.key)
        : this.#statements.subjectByHandle.get(tenantId, handle.kind, handle.key);
    return row && subjectOf(row);
  }

  readLoginFailures(tenantId: string, keys: readonly string[]): LoginFailures[] {
    const rows = keys.map((key) => this.#statements.loginFailures.get(tenantId, key));
    return rows.filter((row) => row !== undefined).map(loginFailuresOf);
  }

  close(): void {
    this.#database.close();
  }
}

/** A client joined with its tenant, once for each of its secrets; with none, the secret's columns are null. */
interface ClientJoinRow extends ClientRow {
  tenant_disabled: number;
  tenant_revision: number;
  client_version: number;
  secret_id: string | null;
  digest: Uint8Array | null;
  expire_time: number | null;
}

function prefixed(table: string, columns: string): string {
  return columns
    .split(',')
    .map((column) => `${table}.${column.trim()}`)
    .join(', ');
}

/**
 * In a join a bare `?` makes SQLite prepare the statement anew at every execution, for the value might change the plan; `(SELECT ?)`
 * does not, and is five times as fast (docs/performance.md).
 */
function prepareStatements(database: Database) {
  const subjectColumns = prefixed('s', SUBJECT_COLUMNS);
  return {
    // From the tenant outwards, so that its revision is answered even when there is no such token.
    tokenInTenant: database.prepare<[Digest, string], ReadingRow>(
      `SELECT ${READING_COLUMNS} FROM tenant n
        LEFT JOIN token t ON t.digest = (SELECT ?)
        LEFT JOIN family f ON f.family_id = t.family_id AND f.tenant_id = n.tenant_id
        ${STANDING_JOINS} WHERE n.tenant_id = (SELECT ?)`,
    ),
    token: database.prepare<[Digest], ReadingRow>(
      `SELECT ${READING_COLUMNS} FROM token t
        JOIN family f ON f.family_id = t.family_id
        JOIN tenant n ON n.tenant_id = f.tenant_id
        ${STANDING_JOINS} WHERE t.digest = (SELECT ?)`,
    ),
    client: database.prepare<[string], ClientJoinRow>(
      `SELECT ${prefixed('c', CLIENT_COLUMNS)}, n.disabled AS tenant_disabled, n.revision AS tenant_revision,
          n.client_version,
          k.secret_id, k.digest, k.expire_time
        FROM client c JOIN tenant n ON n.tenant_id = c.tenant_id LEFT JOIN client_secret k ON k.client_id = c.client_id
        WHERE c.client_id = (SELECT ?)`,
    ),
    tenant: database.prepare<[string], TenantRow>(`SELECT ${TENANT_COLUMNS} FROM tenant WHERE tenant_id = ?`),
    subjectById: database.prepare<[string, string], SubjectRow>(
      `SELECT ${subjectColumns} FROM subject s WHERE s.tenant_id = ? AND s.subject_id = ?`,
    ),
    subjectByHandle: database.prepare<[string, string, string], SubjectRow>(
      `SELECT ${subjectColumns} FROM handle h JOIN subject s ON s.subject_id = h.subject_id
        WHERE h.tenant_id = (SELECT ?) AND h.kind = (SELECT ?) AND h.key = (SELECT ?)`,
    ),
    loginFailures: database.prepare<[string, string], LoginFailuresRow>(
      `SELECT ${LOGIN_FAILURES_COLUMNS} FROM login_failures WHERE tenant_id = ? AND key = ?`,
    ),
  };
}

function readingOf(row: ReadingRow): TokenReading | undefined {
  if (row.token_id === null || row.family_id === null) {
    return undefined;
  }
  return {
    token: {
      tokenId: row.token_id,
      familyId: row.family_id,
      generation: row.token_generation,
      use: row.is_refresh === 1 ? 'refresh' : 'access',
      issueTime: row.token_issue_time,
      expireTime: row.token_expire_time,
    },
    family: {
      familyId: row.family_id,
      tenantId: row.tenant_id,
      clientId: row.client_id,
      subjectKind: row.subject_kind,
      subjectId: row.subject_id,
      kind: row.kind,
      scopes: wordsOf(row.scopes),
      generation: row.generation,
      issueRevision: row.issue_revision,
      expireTime: row.expire_time,
      revokedRevision: row.revoked_revision,
      repeatUntil: row.repeat_until,
    },
    tenant: { disabled: row.tenant_disabled === 1, cutoff: row.tenant_cutoff },
    client: standingOf(row.client_tenant_id, row.client_disabled, row.client_cutoff),
    subject: standingOf(row.subject_tenant_id, row.subject_disabled, row.subject_cutoff),
  };
}

function standingOf(tenantId: string | null, disabled: number | null, cutoff: number | null) {
  return tenantId === null || disabled === null || cutoff === null
    ? undefined
    : { tenantId, disabled: disabled === 1, cutoff };
}
