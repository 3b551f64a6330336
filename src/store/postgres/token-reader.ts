/**
 * Reading what decides about tokens, many at once. What can change is read each time and answered from no memory: each answer is what
 * the primary said after the call came in.
 */
import type { Digest } from '../../core/model.ts';
import type { IntrospectionReading } from '../../core/store.ts';
import {
  NOTHING,
  ORIGIN_COLUMNS,
  type Origin,
  type OriginRow,
  type Origins,
  STANDING_COLUMNS,
  type StandingRow,
  tokenReadingOf,
} from '../rows/token-readings.ts';
import { type Row, type Statement, together } from './batch.ts';
import type { Session } from './connections.ts';

/** A look-up: the token with that digest, of that tenant or (null) of whichever. */
export interface Lookup {
  readonly tenantId: string | null;
  readonly digest: Digest;
}

const DIGEST_BYTES = 32;
const STANDING_LENGTH = STANDING_COLUMNS.split(',').length;

const JOINS = `
      LEFT JOIN client c ON c.client_id = f.client_id
      LEFT JOIN subject s ON s.subject_id = f.subject_id`;

/** Of tokens that were never read before. The tenant's revision is answered even when there is no such token. */
const READ_TOKENS: Statement = [
  'read_tokens',
  `SELECT ${STANDING_COLUMNS}, ${ORIGIN_COLUMNS}
    FROM unnest($1::text[]) WITH ORDINALITY AS i (tenant_id, n)
      LEFT JOIN token t ON t.digest = substring($2::bytea FROM (i.n::int - 1) * ${DIGEST_BYTES} + 1 FOR ${DIGEST_BYTES})
      LEFT JOIN family f ON f.family_id = t.family_id AND f.tenant_id = coalesce(i.tenant_id, f.tenant_id)
      LEFT JOIN tenant n ON n.tenant_id = coalesce(i.tenant_id, f.tenant_id)${JOINS}
    ORDER BY i.n`,
];

/** Of those whose family is known. */
const READ_STANDINGS: Statement = [
  'read_standings',
  `SELECT ${STANDING_COLUMNS}
    FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS i (tenant_id, family_id, n)
      LEFT JOIN tenant n ON n.tenant_id = i.tenant_id
      LEFT JOIN family f ON f.family_id = i.family_id AND f.tenant_id = i.tenant_id${JOINS}
    ORDER BY i.n`,
];

/** One round trip for all, answered in their order. */
export async function readTokens(
  session: Session,
  origins: Origins,
  lookups: readonly Lookup[],
): Promise<IntrospectionReading[]> {
  const known = lookups.map(({ digest }) => origins.get(digest));
  const unknown = lookups.filter((_, i) => known[i] === undefined);
  const [standings, tokens] = await together([
    readStandings(session, lookups, known),
    unknown.length === 0 ? [] : readUnknown(session, unknown),
  ]);
  return lookups.map(({ tenantId, digest }, i) => {
    const origin = known[i];
    return origin === undefined
      ? newReadingOf(session, origins, digest, tokens.shift() as Row)
      : readingOf(session, standings.shift() as Row, isOf(origin, tenantId) ? origin : undefined);
  });
}

async function readStandings(
  session: Session,
  lookups: readonly Lookup[],
  known: readonly (Origin | undefined)[],
): Promise<Row[]> {
  const tenantIds: string[] = [];
  const familyIds: (string | null)[] = [];
  for (const [i, origin] of known.entries()) {
    if (origin !== undefined) {
      const tenantId = lookups[i]?.tenantId ?? null;
      tenantIds.push(tenantId ?? origin.family.tenantId);
      familyIds.push(isOf(origin, tenantId) ? origin.family.familyId : null);
    }
  }
  return tenantIds.length === 0 ? [] : [...(await session.query(READ_STANDINGS, [tenantIds, familyIds])).rows];
}

async function readUnknown(session: Session, lookups: readonly Lookup[]): Promise<Row[]> {
  const tenantIds = lookups.map(({ tenantId }) => tenantId);
  const digests = Buffer.concat(lookups.map(({ digest }) => digest));
  return [...(await session.query(READ_TOKENS, [tenantIds, digests])).rows];
}

/** A token of another tenant is as unknown. */
function isOf({ family }: Origin, tenantId: string | null): boolean {
  return tenantId === null || family.tenantId === tenantId;
}

function newReadingOf(session: Session, origins: Origins, digest: Digest, row: Row): IntrospectionReading {
  const originRow = row.slice(STANDING_LENGTH) as unknown as OriginRow;
  // Without its family, the token is of another tenant, or of none.
  const isKnown = originRow[5] !== null;
  return readingOf(session, row, isKnown ? origins.remember(digest, originRow) : undefined);
}

function readingOf({ timeline }: Session, values: Row, origin: Origin | undefined): IntrospectionReading {
  const row = values as unknown as StandingRow;
  if (row[0] === null) {
    return NOTHING;
  }
  const reading = origin && tokenReadingOf(origin, row);
  return { reading, revision: row[0], clientVersion: clientVersionOf(timeline, row[1]) };
}

/**
 * A number that grows with whatever changes a tenant's clients, and with each promotion: a standby may have been promoted that had
 * not got the last change, and would count another as that.
 */
export function clientVersionOf(timeline: number, version: number): number {
  return timeline * 2 ** 40 + version;
}
