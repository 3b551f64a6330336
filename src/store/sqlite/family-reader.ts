/** Reading what decides about a family's tokens: what can change of it in one statement, so that it is of one moment. */

import type { Database, Statement } from 'better-sqlite3';
import type { IntrospectionReading } from '../../core/services/store.ts';
import { anyTable } from '../../core/table.ts';
import { FAMILY } from '../../core/tables/families.ts';
import { bytesOfFamily } from '../../core/token-form.ts';
import {
  CHANGING_COLUMNS,
  CHANGING_LENGTH,
  type ChangingRow,
  type FamilyOrigin,
  FamilyOrigins,
  NOTHING,
  tokenReadingOf,
} from '../rows/family-readings.ts';
import { columnList } from '../rows/sql.ts';

/**
 * The digest as text: of each BLOB the driver makes a Buffer outside of V8's heap, and to free those costs more than the look-up. The
 * Buffer that is made of the text is a piece of Node's pool.
 */
const CHANGING_AS_TEXT = CHANGING_COLUMNS.replace('f.access_digest', 'hex(f.access_digest)');
const DIGEST_AT = 7;

const WHOLE_COLUMNS = `${CHANGING_COLUMNS}, ${columnList(anyTable(FAMILY), 'f.')}`;

/**
 * From the tenant outwards, so that its revision is answered even when there is no such family. In a join a bare `?` makes SQLite
 * prepare the statement anew at every execution; `(SELECT ?)` does not (decision 0017).
 */
export const ofTenant = (columns: string) =>
  `SELECT ${columns}
    FROM tenant n
      LEFT JOIN family f ON f.family_id = (SELECT ?) AND f.tenant_id = n.tenant_id
      LEFT JOIN client c ON c.client_id = f.client_id
      LEFT JOIN subject s ON s.subject_id = f.subject_id
    WHERE n.tenant_id = (SELECT ?)`;

export const OF_FAMILY = `SELECT ${WHOLE_COLUMNS}
  FROM family f
    JOIN tenant n ON n.tenant_id = f.tenant_id
    LEFT JOIN client c ON c.client_id = f.client_id
    LEFT JOIN subject s ON s.subject_id = f.subject_id
  WHERE f.family_id = (SELECT ?)`;

export class FamilyReader {
  readonly #changing: Statement;
  readonly #whole: Statement;
  readonly #ofFamily: Statement;
  readonly #origins = new FamilyOrigins();

  constructor(database: Database) {
    this.#changing = database.prepare(ofTenant(CHANGING_AS_TEXT)).raw();
    this.#whole = database.prepare(ofTenant(WHOLE_COLUMNS)).raw();
    this.#ofFamily = database.prepare(OF_FAMILY).raw();
  }

  /** A family of another tenant is as unknown; without a tenant it is read whatever its tenant is. */
  read(tenantId: string | null, familyId: string): IntrospectionReading {
    const origin = this.#origins.get(familyId);
    const id = bytesOfFamily(familyId);
    if (origin === undefined) {
      return this.#readUnknown(tenantId, id);
    }
    const row = this.#changing.get(id, tenantId ?? origin.tenantId) as unknown[] | undefined;
    const digest = row?.[DIGEST_AT];
    if (row !== undefined && typeof digest === 'string') {
      row[DIGEST_AT] = Buffer.from(digest, 'hex');
    }
    return readingOf(row as ChangingRow | undefined, origin);
  }

  #readUnknown(tenantId: string | null, id: Uint8Array): IntrospectionReading {
    const row = (tenantId === null ? this.#ofFamily.get(id) : this.#whole.get(id, tenantId)) as ChangingRow | undefined;
    const isThere = row !== undefined && row[CHANGING_LENGTH as number] !== null;
    return readingOf(row, isThere ? this.#origins.remember(row, CHANGING_LENGTH) : undefined);
  }
}

/** The statement finds no family in another tenant than its own, so an origin of another tenant gives nothing away. */
function readingOf(row: ChangingRow | undefined, origin: FamilyOrigin | undefined): IntrospectionReading {
  return row === undefined
    ? NOTHING
    : { reading: origin && tokenReadingOf(origin, row), revision: row[0], clientVersion: row[1] };
}
