/** What a tenant's admin reads back of who changed what. */

import { SymbolonError } from '../errors.ts';
import type { Digest } from '../model.ts';
import { requirePermission } from '../permissions.ts';
import { AUDIT_START, auditHash } from '../rules/audit.ts';
import { readTenant } from '../services/lookups.ts';
import type { Services } from '../services/services.ts';
import type { Store } from '../services/store.ts';
import { AUDIT_RECORDS, type AuditRecord } from '../tables/audit.ts';
import type { Call } from './authenticate.ts';
import { type Listed, listPage, type PageRequest, requireWaiting } from './pages.ts';

export async function listAuditRecords(
  services: Services,
  call: Call,
  page: PageRequest,
): Promise<Listed<AuditRecord>> {
  requirePermission(call.caller, 'read_audit');
  const { tenantId } = call.caller;
  return listPage(services, call, { name: ['audit'], list: AUDIT_RECORDS, by: { tenantId } }, page);
}

/** How far a chain of records was found to hold. */
export interface Verified {
  /** Whether every record that was read follows from the one before it and, at the end, the tenant knows the last of them. */
  readonly intact: boolean;
  readonly count: number;
  readonly lastSequence: number;
  readonly lastHash: Digest;
  /** The first sequence that is missing or does not follow; undefined when intact. */
  readonly brokenSequence: number | undefined;
  /** Whether this was the end of the log. */
  readonly isEnd: boolean;
}

const MAX_AT_ONCE = 10_000;
/** About two milliseconds of work, after which others are served. */
const CHUNK = 200;
/** A second one of a tenant would only take the time of the first. */
const MAX_VERIFYING_OF_TENANT = 1;

export async function verifyAuditLog(
  { store, longReads }: Services,
  call: Call,
  { afterSequence, most }: { readonly afterSequence: number; readonly most: number },
): Promise<Verified> {
  requirePermission(call.caller, 'read_audit');
  if (!Number.isSafeInteger(afterSequence) || afterSequence < 0 || most < 0 || most > MAX_AT_ONCE) {
    throw new SymbolonError(
      'invalid_argument',
      `after_sequence must not be negative, and max_records must be at most ${MAX_AT_ONCE}`,
    );
  }
  const { tenantId } = call.caller;
  return longReads.run('verify', tenantId, MAX_VERIFYING_OF_TENANT, () =>
    verifyRecords(store, tenantId, afterSequence, most === 0 ? MAX_AT_ONCE : most, () => requireWaiting(call)),
  );
}

/** Checks the records after a sequence; those before it are believed. `between` is called after each part, and may throw to end it. */
export async function verifyRecords(
  store: Pick<Store, 'list' | 'read'>,
  tenantId: string,
  afterSequence: number,
  most: number,
  between: () => void = () => undefined,
): Promise<Verified> {
  // The head first: what is appended meanwhile is beyond it, and is not missed.
  const tenant = await readTenant(store, tenantId);
  const head = { sequence: tenant?.auditSequence ?? 0, hash: tenant?.auditHash ?? AUDIT_START };
  const before = await hashOf(store, tenantId, afterSequence);
  let [count, lastSequence, lastHash] = [0, afterSequence, before ?? AUDIT_START];
  const broken = (brokenSequence: number): Verified => {
    return { intact: false, count, lastSequence, lastHash, brokenSequence, isEnd: true };
  };
  if (before === undefined) {
    return broken(afterSequence);
  }
  const end = Math.min(head.sequence, afterSequence + most);
  while (lastSequence < end) {
    const limit = Math.min(CHUNK, end - lastSequence);
    const records = await store.list(AUDIT_RECORDS, { tenantId }, { after: [lastSequence], limit });
    for (const record of records) {
      const follows = record.sequence === lastSequence + 1 && equal(record.hash, auditHash(lastHash, record));
      if (!follows) {
        return broken(lastSequence + 1);
      }
      [count, lastSequence, lastHash] = [count + 1, record.sequence, record.hash];
    }
    if (records.length < limit) {
      return broken(lastSequence + 1);
    }
    between();
  }
  const isEnd = lastSequence >= head.sequence;
  if (isEnd && (await isBeyondHead(store, tenantId, lastSequence))) {
    return broken(lastSequence + 1);
  }
  if (lastSequence === head.sequence && !equal(lastHash, head.hash)) {
    return broken(lastSequence);
  }
  return { intact: true, count, lastSequence, lastHash, brokenSequence: undefined, isEnd };
}

/** Whether a record follows that the tenant does not know of: it was put in, and would be in the way of the next one. */
async function isBeyondHead(store: Pick<Store, 'list' | 'read'>, tenantId: string, sequence: number): Promise<boolean> {
  const [next] = await store.list(AUDIT_RECORDS, { tenantId }, { after: [sequence], limit: 1 });
  // Read after it: what was appended meanwhile has moved the head too.
  return next !== undefined && ((await readTenant(store, tenantId))?.auditSequence ?? 0) <= sequence;
}

/** Undefined when the record is missing. */
async function hashOf(store: Pick<Store, 'list'>, tenantId: string, sequence: number): Promise<Digest | undefined> {
  if (sequence === 0) {
    return AUDIT_START;
  }
  const [record] = await store.list(AUDIT_RECORDS, { tenantId }, { after: [sequence - 1], limit: 1 });
  return record?.sequence === sequence ? record.hash : undefined;
}

function equal(one: Digest, other: Digest): boolean {
  return Buffer.from(one).equals(other);
}
