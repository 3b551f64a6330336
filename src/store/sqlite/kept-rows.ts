/**
 * Rows that decide about tokens, kept by one thread and never stale: `change-marks.ts` tells of each whether it may have changed. Rows are kept,
 * and never what followed from them, nor that there was none.
 */
import type { FamilyReading } from '../../core/rules/liveness.ts';
import type { IntrospectionReading } from '../../core/services/store.ts';
import { CLIENT } from '../../core/tables/clients.ts';
import { FAMILY, subjectKindOf } from '../../core/tables/families.ts';
import { SUBJECT } from '../../core/tables/subjects.ts';
import { TENANT } from '../../core/tables/tenants.ts';
import { type ChangeMarks, markOf, type ReadMoment } from './change-marks.ts';
import type { HolderState, TenantState } from './family-rows.ts';

/** Of the usual size. */
const MAX_FAMILIES = 102_400;
/** Of a family with all that it holds. Up to so many characters of scopes are in it. */
const FAMILY_BYTES = 600;
const USUAL_SCOPES = 256;
/** What an entry of scopes takes besides its characters. */
const SCOPE_BYTES = 40;
/** 60 MiB. Of families with the longest scopes, which may all differ, 100,000 would take a gigabyte. */
const MAX_BYTES = MAX_FAMILIES * FAMILY_BYTES;
const MAX_SHARED = 10_000;

/** A row of a tenant or a client, which many families have in common. */
class SharedRow<Row> {
  readonly mark: number;
  row: Row;
  moment: ReadMoment;

  constructor(mark: number, row: Row, moment: ReadMoment) {
    this.mark = mark;
    this.row = row;
    this.moment = moment;
  }
}

/** A family and its subject, read in one moment, and what it shares with others. */
class KeptFamily {
  readonly mark: number;
  readonly subjectMark: number;
  readonly tenant: SharedRow<TenantState>;
  readonly client: SharedRow<HolderState>;
  family: FamilyReading;
  /** Undefined of a token of a client, whose subject is not a row. */
  subject: HolderState | undefined;
  moment: ReadMoment;
  readonly bytes: number;

  constructor(
    tenant: SharedRow<TenantState>,
    client: SharedRow<HolderState>,
    family: FamilyReading,
    subject: HolderState | undefined,
    moment: ReadMoment,
  ) {
    this.mark = markOf(FAMILY.name, family.familyId);
    this.subjectMark = subject === undefined ? this.mark : markOf(SUBJECT.name, family.subjectId);
    this.tenant = tenant;
    this.client = client;
    this.family = family;
    this.subject = subject;
    this.moment = moment;
    this.bytes = FAMILY_BYTES + Math.max(0, bytesOf(family.scopes) - USUAL_SCOPES);
  }
}

export type { KeptFamily };

/** What was read of a family, whether or not it can be kept. */
export interface FamilyRead {
  readonly family: FamilyReading;
  readonly subject: HolderState | undefined;
  readonly tenant: TenantState;
  readonly client: HolderState | undefined;
}

export class KeptRows {
  readonly #marks: ChangeMarks;
  readonly #families = new Map<string, KeptFamily>();
  #bytes = 0;
  /** Kept, for a new one would walk over all that was deleted before. */
  readonly #oldest = this.#families.keys();
  readonly #tenants = new Map<string, SharedRow<TenantState>>();
  readonly #clients = new Map<string, SharedRow<HolderState>>();

  constructor(marks: ChangeMarks) {
    this.#marks = marks;
  }

  /** To be called before the transaction of a reading begins. */
  moment(): ReadMoment {
    return this.#marks.moment();
  }

  /** A family of this tenant, or of any. It has to be asked whether it is unchanged. */
  find(tenantId: string | null, familyId: string): KeptFamily | undefined {
    const kept = this.#families.get(familyId);
    return kept === undefined || tenantId === null || kept.family.tenantId === tenantId ? kept : undefined;
  }

  /**
   * Whether a row is as the store has it now; rows read at `own` are of that transaction, and need not be. To be asked once all rows of an
   * answer are in hand.
   */
  isUnchanged({ mark, moment }: SharedRow<unknown>, own?: ReadMoment): boolean {
    const marks = this.#marks;
    return moment === own || (marks.isUnchanged(mark, moment) && marks.isOfEpoch(moment));
  }

  /** The same of a family and its subject. */
  isFamilyUnchanged({ mark, subjectMark, moment }: KeptFamily, own?: ReadMoment): boolean {
    const marks = this.#marks;
    return (
      moment === own ||
      (marks.isUnchanged(mark, moment) && marks.isUnchanged(subjectMark, moment) && marks.isOfEpoch(moment))
    );
  }

  /** The same of all rows that decide about its tokens. */
  isWhole(kept: KeptFamily, own?: ReadMoment): boolean {
    return (
      this.isFamilyUnchanged(kept, own) && this.isUnchanged(kept.tenant, own) && this.isUnchanged(kept.client, own)
    );
  }

  /** `moment`: of before the transaction that read it. */
  keep({ family, subject, tenant, client }: FamilyRead, moment: ReadMoment): void {
    const { familyId, tenantId, clientId, kind } = family;
    const hasSubject = subjectKindOf(kind) !== 'client';
    if (client === undefined || (hasSubject && subject === undefined)) {
      return;
    }
    // The subject of a client's token is the client: a row of its name says nothing, and is not looked at.
    const own = hasSubject ? subject : undefined;
    const sharedTenant = this.keepTenant(tenantId, tenant, moment);
    const sharedClient = this.keepClient(clientId, client, moment);
    const kept = this.#families.get(familyId);
    if (kept !== undefined && kept.tenant === sharedTenant && kept.client === sharedClient) {
      kept.family = family;
      kept.subject = own;
      kept.moment = moment;
      return;
    }
    this.#add(new KeptFamily(sharedTenant, sharedClient, family, own, moment));
  }

  /** In the place of the same family, or of the oldest. */
  #add(kept: KeptFamily): void {
    const { familyId } = kept.family;
    this.#bytes += kept.bytes - (this.#families.get(familyId)?.bytes ?? 0);
    this.#families.set(familyId, kept);
    while (this.#bytes > MAX_BYTES) {
      const oldest = this.#oldest.next().value ?? '';
      this.#bytes -= this.#families.get(oldest)?.bytes ?? 0;
      this.#families.delete(oldest);
    }
  }

  keepTenant(tenantId: string, tenant: TenantState, moment: ReadMoment): SharedRow<TenantState> {
    return shared(this.#tenants, TENANT.name, tenantId, tenant, moment);
  }

  keepClient(clientId: string, client: HolderState, moment: ReadMoment): SharedRow<HolderState> {
    return shared(this.#clients, CLIENT.name, clientId, client, moment);
  }
}

export function readingOf({ family, subject, tenant, client }: KeptFamily): IntrospectionReading {
  const { revision, clientVersion, row } = tenant.row;
  return { reading: { family, tenant: row, client: client.row, subject }, revision, clientVersion };
}

function shared<Row>(
  all: Map<string, SharedRow<Row>>,
  table: string,
  id: string,
  row: Row,
  moment: ReadMoment,
): SharedRow<Row> {
  const known = all.get(id);
  if (known !== undefined) {
    known.row = row;
    known.moment = moment;
    return known;
  }
  if (all.size >= MAX_SHARED) {
    all.clear();
  }
  const made = new SharedRow(markOf(table, id), row, moment);
  all.set(id, made);
  return made;
}

function bytesOf(scopes: readonly string[]): number {
  return scopes.reduce((bytes, scope) => bytes + scope.length + SCOPE_BYTES, 0);
}
