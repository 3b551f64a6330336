/** Reading what decides about a family's tokens: in one statement, so that it is of one moment. */
import type { Database, Statement } from 'better-sqlite3';
import type { IntrospectionReading } from '../../core/services/store.ts';
import { bytesOfFamily } from '../../core/token-form.ts';
import { NOTHING } from '../rows/family-readings.ts';
import type { ReadMoment } from './change-marks.ts';
import { consentOf, FAMILY_COLUMNS, type FamilyRow, familyOf, type SharedValues, subjectOf } from './family-rows.ts';
import type { KeptRows } from './kept-rows.ts';

const COLUMNS = `${FAMILY_COLUMNS}, n.revision, n.client_version, n.disabled, n.cutoff, c.tenant_id, c.disabled, c.cutoff`;

const HOLDERS = `LEFT JOIN client c ON c.client_id = f.client_id
  LEFT JOIN subject s ON s.subject_id = f.subject_id
  LEFT JOIN consent k ON k.consent_id = f.consent_id`;

/** Nulls for what does not exist. */
type WholeRow = [
  ...FamilyRow,
  revision: number,
  clientVersion: number,
  tenantDisabled: number,
  tenantCutoff: number,
  clientTenantId: string | null,
  clientDisabled: number,
  clientCutoff: number,
];

/**
 * From the tenant outwards, so that its revision is answered even when there is no such family. In a join a bare `?` makes SQLite
 * prepare the statement anew at every execution; `(SELECT ?)` does not (decision 0017).
 */
export const OF_TENANT = `SELECT ${COLUMNS}
  FROM tenant n
    LEFT JOIN family f ON f.family_id = (SELECT ?) AND f.tenant_id = n.tenant_id
    ${HOLDERS}
  WHERE n.tenant_id = (SELECT ?)`;

export const OF_FAMILY = `SELECT ${COLUMNS}
  FROM family f
    JOIN tenant n ON n.tenant_id = f.tenant_id
    ${HOLDERS}
  WHERE f.family_id = (SELECT ?)`;

export class FamilyReader {
  readonly #ofTenant: Statement;
  readonly #ofFamily: Statement;
  readonly #shared: SharedValues;
  #kept: KeptRows | undefined;

  constructor(database: Database, shared: SharedValues) {
    this.#ofTenant = database.prepare(OF_TENANT).raw();
    this.#ofFamily = database.prepare(OF_FAMILY).raw();
    this.#shared = shared;
  }

  keepIn(kept: KeptRows): void {
    this.#kept = kept;
  }

  /**
   * A family of another tenant is as unknown; without a tenant it is read whatever its tenant is. `moment`: of before the transaction that
   * this is read in.
   */
  read(tenantId: string | null, familyId: string, moment: ReadMoment | undefined): IntrospectionReading {
    const id = bytesOfFamily(familyId);
    const row = (tenantId === null ? this.#ofFamily.get(id) : this.#ofTenant.get(id, tenantId)) as WholeRow | undefined;
    if (row === undefined) {
      return NOTHING;
    }
    const [revision, clientVersion] = [row[22], row[23]];
    if (row[0] === null) {
      return { reading: undefined, revision, clientVersion };
    }
    const family = familyOf(familyId, row, this.#shared);
    const subject = subjectOf(row, this.#shared);
    const consent = consentOf(row, this.#shared);
    const tenant = { revision, clientVersion, row: { disabled: row[24] === 1, cutoff: row[25] } };
    const client = row[26] === null ? undefined : { tenantId: row[26], disabled: row[27] === 1, cutoff: row[28] };
    if (moment !== undefined) {
      this.#kept?.keep({ family, subject, consent, tenant, client }, moment);
    }
    return { reading: { family, tenant: tenant.row, client, subject, consent }, revision, clientVersion };
  }
}
