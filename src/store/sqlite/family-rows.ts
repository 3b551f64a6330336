/** The columns that tell what decides about a family's tokens, and what they mean. */
import type { Digest } from '../../core/model.ts';
import type { ConsentState, FamilyReading, FamilyRows } from '../../core/rules/liveness.ts';
import { subjectKindOf, TOKEN_KINDS } from '../../core/tables/families.ts';

/** The kinds whose subject is a row. */
export const KINDS_OF_SUBJECTS = TOKEN_KINDS.flatMap((kind, code) => (subjectKindOf(kind) === 'client' ? [] : [code]));

/**
 * Of the family `f`, the subject `s` and the consent `k`. The digest as text: of each BLOB the driver makes a Buffer outside of V8's heap, and to free those
 * costs more than the look-up.
 */
export const FAMILY_COLUMNS = `f.tenant_id, f.client_id, f.subject_id, f.kind, f.scopes, f.generation, f.issue_revision, f.issue_time,
  f.expire_time, f.revoked_revision, f.audience, f.consent_id, hex(f.access_digest), f.access_issue_time, f.access_expire_time,
  f.refresh_repeat_until, s.tenant_id, s.disabled, s.cutoff, k.tenant_id, k.withdraw_time, k.cutoff`;

export type FamilyRow = [
  tenantId: string,
  clientId: string,
  subjectId: string,
  kind: number,
  scopes: string,
  generation: number,
  issueRevision: number,
  issueTime: number,
  expireTime: number | null,
  revokedRevision: number | null,
  audience: string | null,
  consentId: string | null,
  accessDigest: string,
  accessIssueTime: number,
  accessExpireTime: number,
  repeatUntil: number | null,
  subjectTenantId: string | null,
  subjectDisabled: number,
  subjectCutoff: number,
  consentTenantId: string | null,
  consentWithdrawTime: number | null,
  consentCutoff: number,
];

/** It, and what a statement reads besides. */
type BeginsWithFamily = readonly [...FamilyRow, ...unknown[]];

/** A client or a subject as far as it decides. */
export type HolderState = NonNullable<FamilyRows['client']>;

/** A tenant's row as far as answers need it. */
export interface TenantState {
  readonly revision: number;
  readonly clientVersion: number;
  readonly row: FamilyRows['tenant'];
}

const DIGEST_BYTES = 32;
/** One that is kept keeps the memory of all that share a piece. A piece of Node's own pool would be 8 KiB of whatever came between. */
const PIECE_BYTES = 16 * DIGEST_BYTES;

/** Equal values as one, for there are a hundred thousand families of a few tenants and clients. */
export class SharedValues {
  readonly #texts = new Map<string, string>();
  readonly #scopes = new Map<string, readonly string[]>();
  readonly #subjects = new Map<string, HolderState>();
  #piece: Buffer = Buffer.alloc(0);

  text(text: string): string {
    return sharedIn(this.#texts, text, () => text);
  }

  scopes(text: string): readonly string[] {
    return sharedIn(this.#scopes, text, () => (text === '' ? [] : text.split(' ')), MAX_SHARED_SCOPES);
  }

  /** Of 64 hexadecimal digits; never shared, but close together. */
  digest(hex: string): Digest {
    if (this.#piece.length === 0) {
      this.#piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
    }
    const digest = this.#piece.subarray(0, this.#piece.write(hex, 0, DIGEST_BYTES, 'hex'));
    this.#piece = this.#piece.subarray(DIGEST_BYTES);
    return digest;
  }

  /** Most subjects of a tenant were never cut off. */
  subject(tenantId: string, disabled: boolean, cutoff: number): HolderState {
    return sharedIn(this.#subjects, `${disabled} ${cutoff} ${tenantId}`, () => ({ tenantId, disabled, cutoff }));
  }
}

const MAX_SHARED = 10_000;
/** Each may take 11 KB. */
const MAX_SHARED_SCOPES = 1_000;

function sharedIn<T>(known: Map<string, T>, text: string, make: () => T, max = MAX_SHARED): T {
  const value = known.get(text);
  if (value !== undefined) {
    return value;
  }
  if (known.size >= max) {
    known.clear();
  }
  const made = make();
  known.set(text, made);
  return made;
}

export function familyOf(familyId: string, row: BeginsWithFamily, shared: SharedValues): FamilyReading {
  return {
    familyId,
    tenantId: shared.text(row[0]),
    clientId: shared.text(row[1]),
    subjectId: row[2] === row[1] ? shared.text(row[1]) : row[2],
    kind: TOKEN_KINDS[row[3]] as FamilyReading['kind'],
    scopes: shared.scopes(row[4]),
    generation: row[5],
    issueRevision: row[6],
    issueTime: row[7],
    expireTime: row[8],
    revokedRevision: row[9],
    audience: row[10],
    consentId: row[11],
    accessDigest: shared.digest(row[12]),
    accessIssueTime: row[13],
    accessExpireTime: row[14],
    repeatUntil: row[15] ?? 0,
  };
}

/** Undefined where there is none, and of tokens of a client. */
export function subjectOf(row: BeginsWithFamily, shared: SharedValues): HolderState | undefined {
  return row[16] === null ? undefined : shared.subject(row[16], row[17] === 1, row[18]);
}

/** Undefined where there is none: few families hang on one. */
export function consentOf(row: BeginsWithFamily, shared: SharedValues): ConsentState | undefined {
  const tenantId = row[19];
  return tenantId === null ? undefined : { tenantId: shared.text(tenantId), withdrawTime: row[20], cutoff: row[21] };
}
