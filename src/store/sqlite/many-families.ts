/**
 * Reading what decides about many families, all of one moment. What is kept of them is taken from there; one statement finds all others: to
 * call it a thousand times costs more than what it finds. What they have in common is read once: the tenant and the clients.
 */
import type { Database, Statement } from 'better-sqlite3';
import type { IntrospectionReading } from '../../core/services/store.ts';
import { bytesOfFamily } from '../../core/token-form.ts';
import { NOTHING } from '../rows/family-readings.ts';
import type { ReadMoment } from './change-marks.ts';
import {
  consentOf,
  FAMILY_COLUMNS,
  type FamilyRow,
  familyOf,
  type HolderState,
  KINDS_OF_SUBJECTS,
  type SharedValues,
  subjectOf,
  type TenantState,
} from './family-rows.ts';
import { type KeptFamily, type KeptRows, readingOf } from './kept-rows.ts';

const ID_BYTES = 16;

/** Ids come one after the other in one value. */
const FAMILIES = `SELECT ${FAMILY_COLUMNS}, i.key
  FROM json_each(?) i
    JOIN family f ON f.family_id = substr(?, i.key * ${ID_BYTES} + 1, ${ID_BYTES})
    LEFT JOIN subject s ON s.subject_id = CASE WHEN f.kind IN (${KINDS_OF_SUBJECTS.join(', ')}) THEN f.subject_id END
    LEFT JOIN consent k ON k.consent_id = f.consent_id`;

type PlacedRow = [...FamilyRow, place: number];
const PLACE_AT = 22;

const TENANT = 'SELECT revision, client_version, disabled, cutoff FROM tenant WHERE tenant_id = ?';
const CLIENT = 'SELECT tenant_id, disabled, cutoff FROM client WHERE client_id = ?';

/** The tenants and clients that were read in one transaction. */
interface Shared {
  readonly tenants: (tenantId: string) => TenantState | undefined;
  readonly clients: (clientId: string) => HolderState | undefined;
}

export class ManyFamilies {
  readonly #families: Statement;
  readonly #tenant: Statement;
  readonly #client: Statement;
  readonly #shared: SharedValues;
  readonly #atOnce: (work: () => IntrospectionReading[]) => IntrospectionReading[];
  #kept: KeptRows | undefined;

  constructor(database: Database, shared: SharedValues) {
    this.#families = database.prepare(FAMILIES).raw();
    this.#tenant = database.prepare(TENANT).raw();
    this.#client = database.prepare(CLIENT).raw();
    this.#shared = shared;
    this.#atOnce = database.transaction((work: () => IntrospectionReading[]) => work());
  }

  keepIn(kept: KeptRows): void {
    this.#kept = kept;
  }

  read(tenantId: string | null, familyIds: readonly string[]): IntrospectionReading[] {
    return this.#readWithKept(tenantId, familyIds) ?? this.#readAll(tenantId, familyIds);
  }

  /** Undefined when what is kept changed while the rest was read: then they are not of one moment. */
  #readWithKept(asked: string | null, familyIds: readonly string[]): IntrospectionReading[] | undefined {
    const rows = this.#kept;
    if (rows === undefined) {
      return undefined;
    }
    const all = familyIds.map((familyId) => rows.find(asked, familyId));
    if (all.every((kept) => kept !== undefined && rows.isWhole(kept))) {
      return all.map((kept) => readingOf(kept as KeptFamily));
    }
    const moment = rows.moment();
    const found = all.map((kept) => (kept !== undefined && rows.isFamilyUnchanged(kept) ? kept : undefined));
    const missing = familyIds.filter((_, place) => found[place] === undefined);
    const read = this.#atOnce(() => {
      const shared = this.#readShared();
      for (const kept of found) {
        this.#renewShared(rows, kept, shared, moment);
      }
      return this.#readFamilies(asked, missing, shared, moment);
    });
    if (!found.every((kept) => kept === undefined || rows.isWhole(kept, moment))) {
      return undefined;
    }
    let next = 0;
    return found.map((kept) => (kept === undefined ? (read[next++] as IntrospectionReading) : readingOf(kept)));
  }

  /** Tenants change with each revocation, so they are read again where anything is. */
  #renewShared(rows: KeptRows, kept: KeptFamily | undefined, { tenants, clients }: Shared, moment: ReadMoment): void {
    if (kept === undefined) {
      return;
    }
    const { tenantId, clientId } = kept.family;
    const tenant = kept.tenant.moment === moment ? undefined : tenants(tenantId);
    const client = kept.client.moment === moment ? undefined : clients(clientId);
    if (tenant !== undefined) {
      rows.keepTenant(tenantId, tenant, moment);
    }
    if (client !== undefined) {
      rows.keepClient(clientId, client, moment);
    }
  }

  #readAll(asked: string | null, familyIds: readonly string[]): IntrospectionReading[] {
    const moment = this.#kept?.moment();
    return this.#atOnce(() => this.#readFamilies(asked, familyIds, this.#readShared(), moment));
  }

  #readFamilies(
    asked: string | null,
    familyIds: readonly string[],
    { tenants, clients }: Shared,
    moment: ReadMoment | undefined,
  ): IntrospectionReading[] {
    if (familyIds.length === 0) {
      return [];
    }
    const own = asked === null ? undefined : tenants(asked);
    const unknown = own === undefined ? NOTHING : { reading: undefined, ...versionsOf(own) };
    const readings = new Array<IntrospectionReading>(familyIds.length).fill(unknown);
    const rows = this.#families.all(`[${'0,'.repeat(familyIds.length - 1)}0]`, bytesOf(familyIds)) as PlacedRow[];
    for (const row of rows) {
      const tenant = tenants(row[0]);
      if (tenant === undefined || (asked !== null && row[0] !== asked)) {
        continue;
      }
      const place = row[PLACE_AT];
      const family = familyOf(familyIds[place] as string, row, this.#shared);
      const client = clients(row[1]);
      const [subject, consent] = [subjectOf(row, this.#shared), consentOf(row, this.#shared)];
      readings[place] = { reading: { family, tenant: tenant.row, client, subject, consent }, ...versionsOf(tenant) };
      if (moment !== undefined) {
        this.#kept?.keep({ family, subject, consent, tenant, client }, moment);
      }
    }
    return readings;
  }

  #readShared(): Shared {
    return {
      tenants: remembering((tenantId) => this.#readTenant(tenantId)),
      clients: remembering((clientId) => this.#readClient(clientId)),
    };
  }

  #readTenant(tenantId: string): TenantState | undefined {
    const row = this.#tenant.get(tenantId) as [number, number, number, number] | undefined;
    return row && { revision: row[0], clientVersion: row[1], row: { disabled: row[2] === 1, cutoff: row[3] } };
  }

  #readClient(clientId: string): HolderState | undefined {
    const row = this.#client.get(clientId) as [string, number, number] | undefined;
    return row && { tenantId: row[0], disabled: row[1] === 1, cutoff: row[2] };
  }
}

function versionsOf({ revision, clientVersion }: TenantState) {
  return { revision, clientVersion };
}

function bytesOf(familyIds: readonly string[]): Buffer {
  const ids = Buffer.allocUnsafe(familyIds.length * ID_BYTES);
  for (const [i, familyId] of familyIds.entries()) {
    ids.set(bytesOfFamily(familyId), i * ID_BYTES);
  }
  return ids;
}

/** Asks once for each. */
function remembering<T>(ask: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>();
  return (key) => {
    const value = known.get(key);
    if (value !== undefined || known.has(key)) {
      return value as T;
    }
    const asked = ask(key);
    known.set(key, asked);
    return asked;
  };
}
