/** The messages about the audit log, and about what was sent to people. */
import {
  ActorKind,
  type AuditRecord as AuditRecordMessage,
  Channel as ChannelMessage,
  type Message as MessageMessage,
  MessagePurpose,
  MessageState as MessageStateMessage,
  type VerifyAuditLogResponse,
} from '../../../gen/ts/symbolon/v1/directory_service.ts';
import type { Actor } from '../../core/actor.ts';
import type { AuditRecord, Channel, CodePurpose, Message, MessageState } from '../../core/directory-model.ts';
import type { Digest } from '../../core/model.ts';
import type { Verified } from '../../core/operations/directory/records.ts';
import { timestampOf } from './time.ts';

const CHANNELS = {
  email: ChannelMessage.EMAIL,
  sms: ChannelMessage.SMS,
} as const satisfies Record<Channel, ChannelMessage>;

const PURPOSES = {
  verify_email: MessagePurpose.VERIFY_EMAIL,
  verify_phone: MessagePurpose.VERIFY_PHONE,
  reset_password: MessagePurpose.RESET_PASSWORD,
} as const satisfies Record<CodePurpose, MessagePurpose>;

const STATES = {
  pending: MessageStateMessage.PENDING,
  sent: MessageStateMessage.SENT,
  failed: MessageStateMessage.FAILED,
} as const satisfies Record<MessageState, MessageStateMessage>;

const ACTORS = {
  client: ActorKind.CLIENT,
  user: ActorKind.USER,
  device: ActorKind.DEVICE,
  operator: ActorKind.OPERATOR,
  server: ActorKind.SERVER,
} as const satisfies Record<Actor['kind'], ActorKind>;

/** The code is left out, also sealed. */
export function messageMessageOf(message: Message): MessageMessage {
  const { messageId, subjectId, channel, purpose, address, state, attempts, lastError } = message;
  return {
    messageId,
    userId: subjectId,
    channel: CHANNELS[channel],
    purpose: PURPOSES[purpose],
    address,
    state: STATES[state],
    attempts,
    lastError: lastError ?? '',
    createTime: timestampOf(message.createTime),
    nextAttemptTime: state === 'pending' ? timestampOf(message.nextAttemptTime) : undefined,
    expireTime: timestampOf(message.expireTime),
  };
}

export function auditRecordMessageOf(record: AuditRecord): AuditRecordMessage {
  const { sequence, eventTime, actor, action, targetKind, targetId, result, details, hash } = record;
  return {
    sequence,
    eventTime: timestampOf(eventTime),
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
    hash: hexOf(hash),
  };
}

export function verifiedMessageOf(verified: Verified): VerifyAuditLogResponse {
  const { intact, count, lastSequence, lastHash, brokenSequence, isEnd } = verified;
  return {
    intact,
    verifiedCount: count,
    lastSequence,
    lastHash: hexOf(lastHash),
    brokenSequence: brokenSequence ?? 0,
    endReached: intact && isEnd,
  };
}

function hexOf(digest: Digest): string {
  return Buffer.from(digest).toString('hex');
}
