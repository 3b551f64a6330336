/** The rows of the audit log, and the words of the core that they stand for. */
import type { Actor } from '../../core/actor.ts';
import type { AuditRecord } from '../../core/directory-model.ts';

export interface AuditRow {
  tenant_id: string;
  sequence: number;
  event_time: number;
  actor_kind: Actor['kind'];
  actor_id: string;
  actor_token_id: string | null;
  actor_address: string | null;
  actor_request_id: string | null;
  action: string;
  target_kind: string;
  target_id: string;
  result: string;
  details: string;
  hash: Uint8Array;
}

export const AUDIT_COLUMNS = `tenant_id, sequence, event_time, actor_kind, actor_id, actor_token_id, actor_address,
  actor_request_id, action, target_kind, target_id, result, details, hash`;

export function auditRecordOf(row: AuditRow): AuditRecord {
  return {
    tenantId: row.tenant_id,
    sequence: row.sequence,
    eventTime: row.event_time,
    actor: {
      kind: row.actor_kind,
      id: row.actor_id,
      tokenId: row.actor_token_id,
      address: row.actor_address,
      requestId: row.actor_request_id,
    },
    action: row.action,
    targetKind: row.target_kind,
    targetId: row.target_id,
    result: row.result,
    details: row.details,
    hash: row.hash,
  };
}

export function auditRow({ actor, ...record }: AuditRecord): AuditRow {
  return {
    tenant_id: record.tenantId,
    sequence: record.sequence,
    event_time: record.eventTime,
    actor_kind: actor.kind,
    actor_id: actor.id,
    actor_token_id: actor.tokenId,
    actor_address: actor.address,
    actor_request_id: actor.requestId,
    action: record.action,
    target_kind: record.targetKind,
    target_id: record.targetId,
    result: record.result,
    details: record.details,
    hash: record.hash,
  };
}
