/**
 * Rows that decide about tokens, kept by one thread and never stale: `change-marks.ts` tells of each whether it may have changed. Rows are kept,
 * and never what followed from them, nor that there was none.
 */
import type { ConsentState, FamilyReading } from '../../core/rules/liveness.ts';
import type { IntrospectionReading } from '../../core/services/store.ts';
import { CLIENT } from '../../core/tables/clients.ts';
import { CONSENT } from '../../core/tables/consents.ts';
import { FAMILY, subjectKindOf } from '../../core/tables/families.ts';
import { SUBJECT } from '../../core/tables/subjects.ts';
import { TENANT } from '../../core/tables/tenants.ts';
import { FAMILY_BYTES, familyBytes, OldestFirst } from '../rows/oldest-first.ts';
import { type ChangeMarks, markOf, type ReadMoment } from './change-marks.ts';
import type { HolderState, TenantState } from './family-rows.ts';

/** 60 MiB: so many of the usual size. */
const MAX_BYTES = 102_400 * FAMILY_BYTES;
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

/** A family, its subject and its consent, read in one moment, and what it shares with others. */
class KeptFamily {
  readonly mark: number;
  readonly subjectMark: number;
  readonly consentMark: number;
  readonly tenant: SharedRow<TenantState>;
  readonly client: SharedRow<HolderState>;
  family: FamilyReading;
  /** Undefined of a token of a client, whose subject is not a row. */
  subject: HolderState | undefined;
  /** Undefined of a family that hangs on none. */
  consent: ConsentState | undefined;
  moment: ReadMoment;

  constructor(
    tenant: SharedRow<TenantState>,
    client: SharedRow<HolderState>,
    family: FamilyReading,
    subject: HolderState | undefined,
    consent: ConsentState | undefined,
    moment: ReadMoment,
  ) {
    this.mark = markOf(FAMILY.name, family.familyId);
    this.subjectMark = subject === undefined ? this.mark : markOf(SUBJECT.name, family.subjectId);
    this.consentMark = family.consentId === null ? this.mark : markOf(CONSENT.name, family.consentId);
    this.tenant = tenant;
    this.client = client;
    this.family = family;
    this.subject = subject;
    this.consent = consent;
    this.moment = moment;
  }
}

export type { KeptFamily };

/** What was read of a family, whether or not it can be kept. */
export interface FamilyRead {
  readonly family: FamilyReading;
  readonly subject: HolderState | undefined;
  readonly consent: ConsentState | undefined;
  readonly tenant: TenantState;
  readonly client: HolderState | undefined;
}

export class KeptRows {
  readonly #marks: ChangeMarks;
  /** Scopes of a family never change. */
  readonly #families = new OldestFirst<KeptFamily>(MAX_BYTES, ({ family }) => familyBytes(family));
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

  /** The same of a family, its subject and its consent. */
  isFamilyUnchanged({ mark, subjectMark, consentMark, moment }: KeptFamily, own?: ReadMoment): boolean {
    const marks = this.#marks;
    return (
      moment === own ||
      (marks.isUnchanged(mark, moment) &&
        marks.isUnchanged(subjectMark, moment) &&
        marks.isUnchanged(consentMark, moment) &&
        marks.isOfEpoch(moment))
    );
  }

  /** The same of all rows that decide about its tokens. */
  isWhole(kept: KeptFamily, own?: ReadMoment): boolean {
    return (
      this.isFamilyUnchanged(kept, own) && this.isUnchanged(kept.tenant, own) && this.isUnchanged(kept.client, own)
    );
  }

  /** `moment`: of before the transaction that read it. */
  keep({ family, subject, consent, tenant, client }: FamilyRead, moment: ReadMoment): void {
    const { familyId, tenantId, clientId, kind, consentId } = family;
    const hasSubject = subjectKindOf(kind) !== 'client';
    const isConsentGone = consentId !== null && consent === undefined;
    if (client === undefined || (hasSubject && subject === undefined) || isConsentGone) {
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
      kept.consent = consent;
      kept.moment = moment;
      return;
    }
    this.#families.set(familyId, new KeptFamily(sharedTenant, sharedClient, family, own, consent, moment));
  }

  keepTenant(tenantId: string, tenant: TenantState, moment: ReadMoment): SharedRow<TenantState> {
    return shared(this.#tenants, TENANT.name, tenantId, tenant, moment);
  }

  keepClient(clientId: string, client: HolderState, moment: ReadMoment): SharedRow<HolderState> {
    return shared(this.#clients, CLIENT.name, clientId, client, moment);
  }
}

export function readingOf({ family, subject, consent, tenant, client }: KeptFamily): IntrospectionReading {
  const { revision, clientVersion, row } = tenant.row;
  return { reading: { family, tenant: row, client: client.row, subject, consent }, revision, clientVersion };
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
