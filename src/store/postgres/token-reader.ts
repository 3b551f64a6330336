/**
 * Reading what decides about tokens. Look-ups that come in while others are being answered go together in the next statement, so a
 * busy node asks the server some hundred times a second and not once for each call. Nothing is answered from memory: each
 * answer is what the primary said after the call came in.
 */
import type { TokenReading } from '../../core/liveness.ts';
import type { Digest, SubjectKind, TokenKind } from '../../core/model.ts';
import type { IntrospectionReading } from '../../core/store.ts';
import { wordsOf } from '../rows/columns.ts';
import type { Row, Statement } from './batch.ts';
import type { Session } from './connections.ts';

/** A look-up: the token with that digest, of that tenant or (null) of whichever. */
export interface Lookup {
  readonly tenantId: string | null;
  readonly digest: Digest;
}

const DIGEST_BYTES = 32;

/** From the tenant outwards where one is named, so that its revision is answered even when there is no such token. */
const READ_TOKENS: Statement = [
  'read_tokens',
  `SELECT n.revision, n.client_version, n.disabled, n.cutoff,
      f.generation, f.revoked_revision, f.last_repeat_until,
      c.tenant_id, c.disabled, c.cutoff, s.tenant_id, s.disabled, s.cutoff,
      t.token_id, t.generation, t.is_refresh, t.issue_time, t.expire_time,
      f.family_id, f.tenant_id, f.client_id, f.subject_kind, f.subject_id, f.kind, f.scopes, f.issue_revision, f.expire_time
    FROM unnest($1::text[]) WITH ORDINALITY AS i (tenant_id, n)
      LEFT JOIN token t ON t.digest = substring($2::bytea FROM (i.n::int - 1) * ${DIGEST_BYTES} + 1 FOR ${DIGEST_BYTES})
      LEFT JOIN family f ON f.family_id = t.family_id AND f.tenant_id = coalesce(i.tenant_id, f.tenant_id)
      LEFT JOIN tenant n ON n.tenant_id = coalesce(i.tenant_id, f.tenant_id)
      LEFT JOIN client c ON c.client_id = f.client_id
      LEFT JOIN subject s ON s.subject_id = f.subject_id
    ORDER BY i.n`,
];

/** In the order of the statement's columns; nulls for what does not exist. */
type TokenRow = [
  revision: number | null,
  clientVersion: number,
  tenantDisabled: boolean,
  tenantCutoff: number,
  generation: number | null,
  revokedRevision: number | null,
  repeatUntil: number | null,
  clientTenantId: string | null,
  clientDisabled: boolean,
  clientCutoff: number,
  subjectTenantId: string | null,
  subjectDisabled: boolean,
  subjectCutoff: number,
  tokenId: string,
  tokenGeneration: number,
  isRefresh: boolean,
  tokenIssueTime: number,
  tokenExpireTime: number,
  familyId: string,
  tenantId: string,
  clientId: string,
  subjectKind: SubjectKind,
  subjectId: string,
  kind: TokenKind,
  scopes: string,
  issueRevision: number,
  expireTime: number,
];

const NOTHING: IntrospectionReading = { reading: undefined, revision: 0, clientVersion: -1 };

/** One statement for all, answered in their order. */
export async function readTokens(session: Session, lookups: readonly Lookup[]): Promise<IntrospectionReading[]> {
  const digests = Buffer.concat(lookups.map(({ digest }) => digest));
  const tenantIds = lookups.map(({ tenantId }) => tenantId);
  const { rows } = await session.query(READ_TOKENS, [tenantIds, digests]);
  return rows.map((row) => readingOf(row, session.timeline));
}

/**
 * A number that grows with whatever changes a tenant's clients, and with each promotion: a standby may have been promoted that had
 * not got the last change, and would count another as that.
 */
export function clientVersionOf(timeline: number, version: number): number {
  return timeline * 2 ** 40 + version;
}

function readingOf(values: Row, timeline: number): IntrospectionReading {
  const row = values as unknown as TokenRow;
  const [revision, clientVersion] = row;
  return revision === null
    ? NOTHING
    : { reading: tokenReadingOf(row), revision, clientVersion: clientVersionOf(timeline, clientVersion) };
}

function tokenReadingOf(row: TokenRow): TokenReading | undefined {
  const [, , tenantDisabled, tenantCutoff, generation, revokedRevision, repeatUntil] = row;
  if (generation === null) {
    return undefined;
  }
  const familyId = row[18];
  return {
    token: {
      tokenId: row[13],
      familyId,
      generation: row[14],
      use: row[15] ? 'refresh' : 'access',
      issueTime: row[16],
      expireTime: row[17],
    },
    family: {
      familyId,
      tenantId: row[19],
      clientId: row[20],
      subjectKind: row[21],
      subjectId: row[22],
      kind: row[23],
      scopes: wordsOf(row[24]),
      issueRevision: row[25],
      expireTime: row[26],
      generation,
      revokedRevision,
      repeatUntil,
    },
    tenant: { disabled: tenantDisabled, cutoff: tenantCutoff },
    client: standingOf(row[7], row[8], row[9]),
    subject: standingOf(row[10], row[11], row[12]),
  };
}

function standingOf(tenantId: string | null, disabled: boolean, cutoff: number) {
  return tenantId === null ? undefined : { tenantId, disabled, cutoff };
}
