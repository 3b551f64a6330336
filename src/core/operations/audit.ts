/** What a tenant's admin reads back of who changed what. */

import { SymbolonError } from '../errors.ts';
import type { Digest, Instant } from '../model.ts';
import { MAX_ID } from '../names.ts';
import { requirePermission } from '../permissions.ts';
import { AUDIT_START, auditHash } from '../rules/audit.ts';
import { readTenant } from '../services/lookups.ts';
import type { Services } from '../services/services.ts';
import type { Store } from '../services/store.ts';
import { AUDIT_RECORDS, type AuditRecord } from '../tables/audit.ts';
import type { Call } from './authenticate.ts';
import { type Listed, listPage, type PageRequest, requireWaiting } from './pages.ts';
import { requireText } from './validate.ts';

/** Which records are asked for. */
export interface AuditQuery extends PageRequest {
  /** Those after it; 0: from the first. */
  readonly afterSequence?: number;
  readonly startTime?: Instant;
  /** Empty: anybody. */
  readonly actorId?: string;
  /** Empty: any. */
  readonly targetId?: string;
  /** Of those the last, at most this many; 0: all. */
  readonly newest?: number;
}

/** In which so many are read for a page of which few may be wanted. */
const MAX_READ_OF_PAGE = 5_000;
/** Among which the newest are looked for. */
const MAX_READ_BACKWARDS = 20_000;
const MAX_NEWEST = 1_000;

export async function listAuditRecords(
  services: Services,
  call: Call,
  query: AuditQuery,
): Promise<Listed<AuditRecord>> {
  requirePermission(call.caller, 'read_audit');
  const { afterSequence = 0, startTime, actorId = '', targetId = '', newest = 0, pageToken } = query;
  for (const [field, id] of [['actor_id', actorId] as const, ['target_id', targetId] as const]) {
    if (id !== '') {
      requireText(id, field, MAX_ID);
    }
  }
  if (!Number.isSafeInteger(afterSequence) || afterSequence < 0) {
    throw new SymbolonError('invalid_argument', 'after_sequence must not be negative');
  }
  if (newest > MAX_NEWEST || (newest > 0 && pageToken !== '')) {
    throw new SymbolonError('invalid_argument', `newest must be at most ${MAX_NEWEST}, and without page_token`);
  }
  const { store, longReads } = services;
  const { tenantId } = call.caller;
  const isWanted = ({ actor, targetId: id }: AuditRecord) =>
    (actorId === '' || actor.id === actorId) && (targetId === '' || id === targetId);
  const start = async () =>
    startTime === undefined ? afterSequence : Math.max(afterSequence, await lastBefore(store, tenantId, startTime));
  if (newest > 0) {
    const items = await longReads.run('audit', tenantId, MAX_BACKWARDS_OF_TENANT, async () =>
      newestOf(store, tenantId, { after: await start(), most: newest, isWanted }, call),
    );
    return { items, nextPageToken: '' };
  }
  const name = ['audit', afterSequence, startTime ?? '', actorId, targetId];
  const first = pageToken === '' ? [await start()] : undefined;
  const list = { name, list: AUDIT_RECORDS, by: { tenantId }, start: first, mostRead: MAX_READ_OF_PAGE };
  return listPage(services, call, list, query, isWanted);
}

const MAX_BACKWARDS_OF_TENANT = 4;

/** The last record that was made before a time, by halving the log; 0: none. */
async function lastBefore(store: Pick<Store, 'list' | 'read'>, tenantId: string, time: Instant): Promise<number> {
  let [before, from] = [0, ((await readTenant(store, tenantId))?.auditSequence ?? 0) + 1];
  while (from - before > 1) {
    const middle = Math.floor((before + from) / 2);
    const [record] = await store.list(AUDIT_RECORDS, { tenantId }, { after: [middle - 1], limit: 1 });
    if (record !== undefined && record.eventTime < time) {
      before = middle;
    } else {
      from = middle;
    }
  }
  return before;
}

/** Reads from the end on, a part at a time. */
async function newestOf(
  store: Pick<Store, 'list' | 'read'>,
  tenantId: string,
  wanted: { readonly after: number; readonly most: number; readonly isWanted: (record: AuditRecord) => boolean },
  call: Pick<Call, 'isAbandoned'>,
): Promise<AuditRecord[]> {
  const head = (await readTenant(store, tenantId))?.auditSequence ?? 0;
  const least = Math.max(wanted.after, head - MAX_READ_BACKWARDS);
  let found: AuditRecord[] = [];
  for (let end = head; end > least && found.length < wanted.most; ) {
    const begin = Math.max(least, end - CHUNK);
    const records = await store.list(AUDIT_RECORDS, { tenantId }, { after: [begin], limit: end - begin });
    found = [...records.filter(wanted.isWanted), ...found];
    end = begin;
    requireWaiting(call);
  }
  return found.slice(-wanted.most);
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
