/**
 * Reading what decides about families, many at once. What can change is read each time and answered from no memory: each answer is what
 * the server said after the call came in.
 */
import { versionAt } from '../../core/rules/authority.ts';
import type { IntrospectionReading } from '../../core/services/store.ts';
import { anyTable } from '../../core/table.ts';
import { FAMILY } from '../../core/tables/families.ts';
import { bytesOfFamily } from '../../core/token-form.ts';
import {
  CHANGING_COLUMNS,
  CHANGING_LENGTH,
  type ChangingRow,
  type FamilyOrigin,
  type FamilyOrigins,
  NOTHING,
  tokenReadingOf,
} from '../rows/family-readings.ts';
import { columnList } from '../rows/sql.ts';
import { type Row, type Statement, together } from './batch.ts';
import type { Session } from './connections.ts';

/** A look-up: the family with that id, of that tenant or (null) of whichever. */
export interface Lookup {
  readonly tenantId: string | null;
  readonly familyId: string;
  readonly bytes: Uint8Array;
}

/** Throws for what can't be a family's id, before it could fail others in a batch. */
export function lookupOf(tenantId: string | null, familyId: string): Lookup {
  return { tenantId, familyId, bytes: bytesOfFamily(familyId) };
}

const ID_BYTES = 16;

/** Ids come one after the other in one value. The tenant is answered even when there is no such family in it. */
const FROM = `
    FROM unnest($1::text[]) WITH ORDINALITY AS i (tenant_id, n)
      LEFT JOIN family f ON f.family_id = substring($2::bytea FROM (i.n::int - 1) * ${ID_BYTES} + 1 FOR ${ID_BYTES})
        AND f.tenant_id = coalesce(i.tenant_id, f.tenant_id)
      LEFT JOIN tenant n ON n.tenant_id = coalesce(i.tenant_id, f.tenant_id)
      LEFT JOIN client c ON c.client_id = f.client_id
      LEFT JOIN subject s ON s.subject_id = f.subject_id
      LEFT JOIN consent k ON k.consent_id = f.consent_id
    ORDER BY i.n`;

/** Of families that were never read before. */
export const READ_FAMILIES: Statement = [
  'read_families',
  `SELECT ${CHANGING_COLUMNS}, ${columnList(anyTable(FAMILY), 'f.')} ${FROM}`,
];
/** Of those that are known. */
export const READ_CHANGING: Statement = ['read_changing', `SELECT ${CHANGING_COLUMNS} ${FROM}`];

/** Where the family's generation is: NULL when there is no family. */
const GENERATION_AT = 4;

/** One round trip for all, answered in their order. */
export async function readFamilies(
  session: Session,
  origins: FamilyOrigins,
  lookups: readonly Lookup[],
): Promise<IntrospectionReading[]> {
  const known = lookups.map(({ familyId }) => origins.get(familyId));
  const [changing, whole] = await together([
    readRows(
      session,
      READ_CHANGING,
      lookups.filter((_, i) => known[i] !== undefined),
    ),
    readRows(
      session,
      READ_FAMILIES,
      lookups.filter((_, i) => known[i] === undefined),
    ),
  ]);
  return known.map((origin) => {
    if (origin !== undefined) {
      return readingOf(session, changing.shift() as Row, origin);
    }
    const row = whole.shift() as Row;
    return readingOf(session, row, originIn(row, origins));
  });
}

/** The same by one statement, so that all are of one moment. */
export async function readFamiliesAtOnce(
  session: Session,
  origins: FamilyOrigins,
  lookups: readonly Lookup[],
): Promise<IntrospectionReading[]> {
  const known = lookups.map(({ familyId }) => origins.get(familyId));
  const isNew = known.includes(undefined);
  const rows = await readRows(session, isNew ? READ_FAMILIES : READ_CHANGING, lookups);
  return rows.map((row, i) => readingOf(session, row, isNew ? originIn(row, origins) : known[i]));
}

function originIn(row: Row, origins: FamilyOrigins): FamilyOrigin | undefined {
  return row[GENERATION_AT] === null ? undefined : origins.remember(row, CHANGING_LENGTH);
}

async function readRows(session: Session, statement: Statement, lookups: readonly Lookup[]): Promise<Row[]> {
  if (lookups.length === 0) {
    return [];
  }
  const tenantIds = lookups.map(({ tenantId }) => tenantId);
  const { rows } = await session.query(statement, [tenantIds, Buffer.concat(lookups.map(({ bytes }) => bytes))]);
  return [...rows];
}

/** A family of another tenant is not found by its row, and so as unknown as one that is not there. */
function readingOf({ timeline }: Session, values: Row, origin: FamilyOrigin | undefined): IntrospectionReading {
  const row = values.slice(0, CHANGING_LENGTH) as unknown as ChangingRow | [null];
  if (row[0] === null) {
    return NOTHING;
  }
  const [revision, version] = row;
  const reading = origin && tokenReadingOf(origin, row);
  return { reading, revision, clientVersion: versionAt(timeline, version) };
}
