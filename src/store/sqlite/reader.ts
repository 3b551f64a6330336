/** Reads, on the calling thread. Each is one statement, so each sees one moment and holds nothing open afterwards. */
import type { Database } from 'better-sqlite3';
import type { MfaChallenge, Totp } from '../../core/directory-model.ts';
import type { LoginHandle } from '../../core/handles.ts';
import type { TokenReading } from '../../core/liveness.ts';
import type { ClientSecret, Digest, LoginFailures, Subject, Tenant } from '../../core/model.ts';
import type { ClientReading, IntrospectionReading } from '../../core/store.ts';
import { columnsOf, prefixed } from '../rows/columns.ts';
import {
  CLIENT_COLUMNS,
  type ClientRow,
  clientOf,
  TENANT_COLUMNS,
  type TenantRow,
  tenantOf,
} from '../rows/directory-rows.ts';
import {
  MFA_CHALLENGE_COLUMNS,
  type MfaChallengeRow,
  mfaChallengeOf,
  TOTP_COLUMNS,
  type TotpRow,
  totpOf,
} from '../rows/person-rows.ts';
import { SUBJECT_COLUMNS, type SubjectRow, subjectOf } from '../rows/subject-rows.ts';
import { LOGIN_FAILURES_COLUMNS, type LoginFailuresRow, loginFailuresOf } from '../rows/token-rows.ts';
import { openReader } from './connection.ts';
import { Lists } from './lists.ts';
import { ReadGroup } from './read-group.ts';
import { TokenReader } from './token-reader.ts';

export class Reader {
  readonly lists: Lists;
  readonly #database: Database;
  readonly #statements;
  readonly #tokens: TokenReader;
  readonly #group: ReadGroup;

  constructor(path: string) {
    this.#database = openReader(path);
    this.#statements = prepareStatements(this.#database);
    this.#tokens = new TokenReader(this.#database);
    this.#group = new ReadGroup(this.#database);
    this.lists = new Lists(this.#database);
  }

  readToken(tenantId: string, digest: Digest): Promise<IntrospectionReading> {
    return this.#group.run(() => this.#tokens.readInTenant(tenantId, digest));
  }

  readBearer(digest: Digest): TokenReading | undefined {
    return this.#tokens.read(digest);
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

  readTotp(tenantId: string, subjectId: string): Totp | undefined {
    const row = this.#statements.totp.get(tenantId, subjectId);
    return row && totpOf(row);
  }

  readMfaChallenge(tenantId: string, digest: Digest): MfaChallenge | undefined {
    const row = this.#statements.mfaChallenge.get(tenantId, digest);
    return row && mfaChallengeOf(row);
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

/** `(SELECT ?)` and not `?` in joins: docs/decisions.md. */
function prepareStatements(database: Database) {
  const subjectColumns = prefixed('s', columnsOf(SUBJECT_COLUMNS));
  return {
    client: database.prepare<[string], ClientJoinRow>(
      `SELECT ${prefixed('c', columnsOf(CLIENT_COLUMNS))}, n.disabled AS tenant_disabled, n.revision AS tenant_revision,
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
    totp: database.prepare<[string, string], TotpRow>(
      `SELECT ${TOTP_COLUMNS} FROM totp WHERE tenant_id = ? AND subject_id = ?`,
    ),
    mfaChallenge: database.prepare<[string, Digest], MfaChallengeRow>(
      `SELECT ${MFA_CHALLENGE_COLUMNS} FROM mfa_challenge WHERE tenant_id = ? AND digest = ?`,
    ),
  };
}
