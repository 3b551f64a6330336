/**
 * The audit log: who changed what, chained by hashes, so that a record that was altered, taken out or put in is found. The chain is
 * not keyed: who can write the store can also write a chain anew, which only a head that was kept elsewhere betrays.
 */
import { createHash } from 'node:crypto';
import { type Change, insert, set } from '../changes.ts';
import type { Digest, Instant } from '../model.ts';
import { AUDIT, type AuditRecord } from '../tables/audit.ts';
import { TENANT, type Tenant } from '../tables/tenants.ts';

/** What the first record of a tenant follows. */
export const AUDIT_START: Digest = new Uint8Array(32);

/** The hash of a record that follows one with the hash `previous`: SHA-256 over that and the record in one unambiguous form. */
export function auditHash(previous: Digest, record: Omit<AuditRecord, 'hash'>): Digest {
  const { actor } = record;
  const fields = [
    record.tenantId,
    record.sequence,
    record.eventTime,
    actor.kind,
    actor.id,
    actor.tokenId,
    actor.address,
    actor.requestId,
    record.action,
    record.targetKind,
    record.targetId,
    record.result,
    record.details,
  ];
  return new Uint8Array(createHash('sha256').update(previous).update(JSON.stringify(fields)).digest());
}

/** The sequence and hash of a tenant's last record. */
export type AuditHead = Pick<Tenant, 'auditSequence' | 'auditHash'>;

/** The record that follows the head of its tenant's log, which moves to it. */
export function appendAudit(
  head: AuditHead,
  entry: Omit<AuditRecord, 'sequence' | 'eventTime' | 'hash'>,
  now: Instant,
): readonly Change[] {
  const unsigned = { ...entry, sequence: head.auditSequence + 1, eventTime: now };
  const hash = auditHash(head.auditHash, unsigned);
  const { tenantId } = entry;
  return [
    insert(AUDIT, { ...unsigned, hash }),
    set(TENANT, { tenantId }, { auditSequence: unsigned.sequence, auditHash: hash }),
  ];
}
