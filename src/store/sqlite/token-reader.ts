/**
 * Reading what decides about a token. What never changes of a token and its family is remembered once it was read; all that can
 * change is read each time, in one statement, so that it is of one moment and never stale.
 */
import type { Database } from 'better-sqlite3';
import type { FamilyReading, TokenReading } from '../../core/liveness.ts';
import type { Digest, SubjectKind, TokenKind } from '../../core/model.ts';
import type { IntrospectionReading } from '../../core/store.ts';
import { wordsOf } from '../rows/columns.ts';

/** What never changes of a token and its family. */
interface Origin {
  readonly token: TokenReading['token'];
  readonly family: Omit<FamilyReading, 'generation' | 'revokedRevision' | 'repeatUntil'>;
}

interface OriginRow {
  token_id: string;
  token_generation: number;
  is_refresh: number;
  token_issue_time: number;
  token_expire_time: number;
  family_id: string;
  tenant_id: string;
  client_id: string;
  subject_kind: SubjectKind;
  subject_id: string;
  kind: TokenKind;
  scopes: string;
  issue_revision: number;
  expire_time: number;
}

/** Revision, client version, disabled and cutoff of the tenant; then nulls for whatever of the rest does not exist. */
type StandingRow = [
  revision: number,
  clientVersion: number,
  tenantDisabled: number,
  tenantCutoff: number,
  generation: number | null,
  revokedRevision: number | null,
  repeatUntil: number | null,
  clientTenantId: string | null,
  clientDisabled: number | null,
  clientCutoff: number | null,
  subjectTenantId: string | null,
  subjectDisabled: number | null,
  subjectCutoff: number | null,
];

const NOTHING: IntrospectionReading = { reading: undefined, revision: 0, clientVersion: -1 };
/** About half a kilobyte each. */
const MOST_REMEMBERED = 50_000;

export class TokenReader {
  readonly #origin;
  readonly #standing;
  readonly #remembered = new Map<string, Origin>();

  constructor(database: Database) {
    // In a join a bare `?` makes SQLite prepare the statement anew at every execution; `(SELECT ?)` does not (docs/decisions.md).
    this.#origin = database.prepare<[Digest], OriginRow>(
      `SELECT t.token_id, t.generation AS token_generation, t.is_refresh, t.issue_time AS token_issue_time,
          t.expire_time AS token_expire_time, f.family_id, f.tenant_id, f.client_id, f.subject_kind, f.subject_id, f.kind,
          f.scopes, f.issue_revision, f.expire_time
        FROM token t JOIN family f ON f.family_id = t.family_id WHERE t.digest = (SELECT ?)`,
    );
    // From the tenant outwards, so that its revision is answered even when there is no such family.
    this.#standing = database
      .prepare<[string | null, string]>(
        `SELECT n.revision, n.client_version, n.disabled, n.cutoff, f.generation, f.revoked_revision, f.last_repeat_until,
          c.tenant_id, c.disabled, c.cutoff, s.tenant_id, s.disabled, s.cutoff
        FROM tenant n
          LEFT JOIN family f ON f.family_id = (SELECT ?) AND f.tenant_id = n.tenant_id
          LEFT JOIN client c ON c.client_id = f.client_id
          LEFT JOIN subject s ON s.subject_id = f.subject_id
        WHERE n.tenant_id = (SELECT ?)`,
      )
      .raw();
  }

  /** A token of another tenant is as unknown. */
  readInTenant(tenantId: string, digest: Digest): IntrospectionReading {
    const origin = this.#originOf(digest);
    return this.#read(tenantId, origin?.family.tenantId === tenantId ? origin : undefined);
  }

  read(digest: Digest): TokenReading | undefined {
    const origin = this.#originOf(digest);
    return origin && this.#read(origin.family.tenantId, origin).reading;
  }

  #read(tenantId: string, origin: Origin | undefined): IntrospectionReading {
    const row = this.#standing.get(origin?.family.familyId ?? null, tenantId) as StandingRow | undefined;
    return row === undefined
      ? NOTHING
      : { reading: origin && readingOf(origin, row), revision: row[0], clientVersion: row[1] };
  }

  #originOf(digest: Digest): Origin | undefined {
    const key = Buffer.from(digest.buffer, digest.byteOffset, digest.byteLength).toString('latin1');
    const known = this.#remembered.get(key);
    if (known !== undefined) {
      return known;
    }
    const row = this.#origin.get(digest);
    return row && this.#remember(key, originOf(row));
  }

  #remember(key: string, origin: Origin): Origin {
    if (this.#remembered.size >= MOST_REMEMBERED) {
      const [oldest] = this.#remembered.keys();
      this.#remembered.delete(oldest ?? key);
    }
    this.#remembered.set(key, origin);
    return origin;
  }
}

function originOf(row: OriginRow): Origin {
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
      issueRevision: row.issue_revision,
      expireTime: row.expire_time,
    },
  };
}

/** Undefined when the family was purged since the token was remembered. */
function readingOf({ token, family }: Origin, row: StandingRow): TokenReading | undefined {
  const [, , tenantDisabled, tenantCutoff, generation, revokedRevision, repeatUntil] = row;
  if (generation === null) {
    return undefined;
  }
  return {
    token,
    family: { ...family, generation, revokedRevision, repeatUntil },
    tenant: { disabled: tenantDisabled === 1, cutoff: tenantCutoff },
    client: standingOf(row[7], row[8], row[9]),
    subject: standingOf(row[10], row[11], row[12]),
  };
}

function standingOf(tenantId: string | null, disabled: number | null, cutoff: number | null) {
  return tenantId === null || disabled === null || cutoff === null
    ? undefined
    : { tenantId, disabled: disabled === 1, cutoff };
}
