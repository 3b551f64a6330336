/**
 * Reading what decides about many families, all of one moment. One statement finds all of them: to call it a thousand times costs more than
 * what it finds. What they have in common is read once: the tenant and the clients.
 */
import type { Database, Statement } from 'better-sqlite3';
import type { FamilyRows } from '../../core/rules/liveness.ts';
import type { IntrospectionReading } from '../../core/services/store.ts';
import { subjectKindOf, TOKEN_KINDS } from '../../core/tables/families.ts';
import { bytesOfFamily } from '../../core/token-form.ts';
import { NOTHING } from '../rows/family-readings.ts';

const ID_BYTES = 16;

/** The kinds whose subject is a row. */
const OF_SUBJECTS = TOKEN_KINDS.flatMap((kind, code) => (subjectKindOf(kind) === 'client' ? [] : [code])).join(', ');

/** Ids come one after the other in one value. The digest as text: a Buffer of the driver's costs more than the look-up. */
const FAMILIES = `SELECT i.key, f.tenant_id, f.generation, f.revoked_revision, f.refresh_repeat_until, hex(f.access_digest),
    f.access_issue_time, f.access_expire_time, f.expire_time, f.client_id, f.subject_id, f.kind, f.scopes, f.issue_revision,
    f.issue_time, f.audience, f.consent_id, s.tenant_id, s.disabled, s.cutoff
  FROM json_each(?) i
    JOIN family f ON f.family_id = substr(?, i.key * ${ID_BYTES} + 1, ${ID_BYTES})
    LEFT JOIN subject s ON s.subject_id = CASE WHEN f.kind IN (${OF_SUBJECTS}) THEN f.subject_id END`;

type FamilyRow = [
  place: number,
  tenantId: string,
  generation: number,
  revokedRevision: number | null,
  repeatUntil: number | null,
  accessDigest: string,
  accessIssueTime: number,
  accessExpireTime: number,
  expireTime: number | null,
  clientId: string,
  subjectId: string,
  kind: number,
  scopes: string,
  issueRevision: number,
  issueTime: number,
  audience: string | null,
  consentId: string | null,
  subjectTenantId: string | null,
  subjectDisabled: number,
  subjectCutoff: number,
];

const TENANT = 'SELECT revision, client_version, disabled, cutoff FROM tenant WHERE tenant_id = ?';
const CLIENT = 'SELECT tenant_id, disabled, cutoff FROM client WHERE client_id = ?';

interface TenantReading {
  readonly unknown: IntrospectionReading;
  readonly row: FamilyRows['tenant'];
}

export class ManyFamilies {
  readonly #families: Statement;
  readonly #tenant: Statement;
  readonly #client: Statement;
  readonly #atOnce: (work: () => IntrospectionReading[]) => IntrospectionReading[];

  constructor(database: Database) {
    this.#families = database.prepare(FAMILIES).raw();
    this.#tenant = database.prepare(TENANT).raw();
    this.#client = database.prepare(CLIENT).raw();
    this.#atOnce = database.transaction((work: () => IntrospectionReading[]) => work());
  }

  read(tenantId: string | null, familyIds: readonly string[]): IntrospectionReading[] {
    const ids = Buffer.allocUnsafe(familyIds.length * ID_BYTES);
    for (const [i, familyId] of familyIds.entries()) {
      ids.set(bytesOfFamily(familyId), i * ID_BYTES);
    }
    return this.#atOnce(() => this.#read(tenantId, familyIds, ids));
  }

  #read(asked: string | null, familyIds: readonly string[], ids: Buffer): IntrospectionReading[] {
    const tenants = remembering((tenantId: string) => this.#readTenant(tenantId));
    const clients = remembering((clientId: string) => this.#readClient(clientId));
    const scopesOf = remembering((text: string) => (text === '' ? [] : text.split(' ')));
    const unknown = (asked === null ? undefined : tenants(asked)?.unknown) ?? NOTHING;
    const readings = new Array<IntrospectionReading>(familyIds.length).fill(unknown);
    for (const row of this.#families.all(`[${'0,'.repeat(familyIds.length - 1)}0]`, ids) as FamilyRow[]) {
      const place = row[0];
      const tenantId = row[1];
      const tenant = tenants(tenantId);
      if (tenant === undefined || (asked !== null && tenantId !== asked)) {
        continue;
      }
      const { revision, clientVersion } = tenant.unknown;
      const reading = {
        family: {
          familyId: familyIds[place] as string,
          tenantId,
          clientId: row[9],
          subjectId: row[10],
          kind: TOKEN_KINDS[row[11]] as (typeof TOKEN_KINDS)[number],
          scopes: scopesOf(row[12]),
          issueRevision: row[13],
          issueTime: row[14],
          audience: row[15],
          consentId: row[16],
          generation: row[2],
          revokedRevision: row[3],
          repeatUntil: row[4] ?? 0,
          accessDigest: Buffer.from(row[5], 'hex'),
          accessIssueTime: row[6],
          accessExpireTime: row[7],
          expireTime: row[8],
        },
        tenant: tenant.row,
        client: clients(row[9]),
        subject: row[17] === null ? undefined : { tenantId: row[17], disabled: row[18] === 1, cutoff: row[19] },
      };
      readings[place] = { reading, revision, clientVersion };
    }
    return readings;
  }

  #readTenant(tenantId: string): TenantReading | undefined {
    const row = this.#tenant.get(tenantId) as [number, number, number, number] | undefined;
    if (row === undefined) {
      return undefined;
    }
    const [revision, clientVersion, disabled, cutoff] = row;
    return { unknown: { reading: undefined, revision, clientVersion }, row: { disabled: disabled === 1, cutoff } };
  }

  #readClient(clientId: string): FamilyRows['client'] {
    const row = this.#client.get(clientId) as [string, number, number] | undefined;
    return row && { tenantId: row[0], disabled: row[1] === 1, cutoff: row[2] };
  }
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
