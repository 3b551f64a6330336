/**
 * The audit log: who changed what, chained by hashes, so that a record that was altered, taken out or put in is found. The chain is
 * not keyed: whoever can write the store can also write a chain anew, which only a head that was kept elsewhere betrays.
 */
import { createHash } from 'node:crypto';
import type { AuditRecord } from './directory-model.ts';
import type { Digest } from './model.ts';

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
