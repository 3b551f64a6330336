/** The messages about what was sent to people. */
import {
  MessageChannel,
  MessagePurpose,
  MessageState as MessageStateMessage,
  type UserMessage,
} from '../../../gen/ts/symbolon/v1/user_service.ts';
import { SymbolonError } from '../../core/errors.ts';
import type { Channel, Message, MessageState } from '../../core/tables/messages.ts';
import { missing } from './fields.ts';
import { toTimestamp } from './time.ts';

const CHANNELS = {
  email: MessageChannel.EMAIL,
  sms: MessageChannel.SMS,
} as const satisfies Record<Channel, MessageChannel>;

const PURPOSES = {
  verify_email: MessagePurpose.VERIFY_EMAIL,
  verify_phone: MessagePurpose.VERIFY_PHONE,
  reset_password: MessagePurpose.RESET_PASSWORD,
  address_change_asked: MessagePurpose.ADDRESS_CHANGE_ASKED,
  address_changed: MessagePurpose.ADDRESS_CHANGED,
} as const satisfies Record<Message['purpose'], MessagePurpose>;

const STATES = {
  pending: MessageStateMessage.PENDING,
  sent: MessageStateMessage.SENT,
  failed: MessageStateMessage.FAILED,
} as const satisfies Record<MessageState, MessageStateMessage>;

export function parseChannel(channel: MessageChannel): Channel {
  switch (channel) {
    case MessageChannel.EMAIL:
      return 'email';
    case MessageChannel.SMS:
      return 'sms';
    case MessageChannel.UNSPECIFIED:
      throw missing('channel');
    default:
      throw new SymbolonError('invalid_argument', 'channel must be MESSAGE_CHANNEL_EMAIL or MESSAGE_CHANNEL_SMS');
  }
}

/** The code is left out, also sealed. */
export function toMessageMessage(message: Message): UserMessage {
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
    createTime: toTimestamp(message.createTime),
    nextAttemptTime: state === 'pending' ? toTimestamp(message.nextAttemptTime) : undefined,
    expireTime: toTimestamp(message.expireTime),
  };
}
