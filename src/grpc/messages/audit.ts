/** The messages about the audit log. */
import {
  ActorKind,
  type AuditRecord as AuditRecordMessage,
  type ListAuditRecordsRequest,
  type VerifyAuditLogResponse,
} from '../../../gen/ts/symbolon/v1/audit_service.ts';
import type { Actor } from '../../core/actor.ts';
import type { Digest } from '../../core/model.ts';
import type { AuditQuery, Verified } from '../../core/operations/audit.ts';
import type { AuditRecord } from '../../core/tables/audit.ts';
import { parseInstant, toTimestamp } from './time.ts';

const ACTORS = {
  client: ActorKind.CLIENT,
  user: ActorKind.USER,
  device: ActorKind.DEVICE,
  operator: ActorKind.OPERATOR,
  server: ActorKind.SERVER,
} as const satisfies Record<Actor['kind'], ActorKind>;

export function parseAuditQuery({ startTime, ...query }: ListAuditRecordsRequest): AuditQuery {
  return { ...query, ...(startTime === undefined ? {} : { startTime: parseInstant(startTime, 'start_time') }) };
}

export function toAuditRecordMessage(record: AuditRecord): AuditRecordMessage {
  const { sequence, eventTime, actor, action, targetKind, targetId, result, details, hash } = record;
  return {
    sequence,
    eventTime: toTimestamp(eventTime),
    actor: {
      kind: ACTORS[actor.kind],
      id: actor.id,
      tokenId: actor.tokenId ?? '',
      address: actor.address ?? '',
      requestId: actor.requestId ?? '',
    },
    action,
    targetKind,
    targetId,
    result,
    details,
    hash: toHex(hash),
  };
}

export function toVerifiedMessage(verified: Verified): VerifyAuditLogResponse {
  const { intact, count, lastSequence, lastHash, brokenSequence, isEnd } = verified;
  return {
    intact,
    verifiedCount: count,
    lastSequence,
    lastHash: toHex(lastHash),
    brokenSequence: brokenSequence ?? 0,
    endReached: intact && isEnd,
  };
}

function toHex(digest: Digest): string {
  return Buffer.from(digest).toString('hex');
}
