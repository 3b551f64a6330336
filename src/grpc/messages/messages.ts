/** The messages about what was sent to people. */
import {
  Channel as ChannelMessage,
  type Message as MessageMessage,
  MessagePurpose,
  MessageState as MessageStateMessage,
} from '../../../gen/ts/symbolon/v1/user_service.ts';
import { SymbolonError } from '../../core/errors.ts';
import type { Channel, Message, MessageState } from '../../core/tables/messages.ts';
import { missing } from './fields.ts';
import { toTimestamp } from './time.ts';

const CHANNELS = {
  email: ChannelMessage.EMAIL,
  sms: ChannelMessage.SMS,
} as const satisfies Record<Channel, ChannelMessage>;

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

export function parseChannel(channel: ChannelMessage): Channel {
  switch (channel) {
    case ChannelMessage.EMAIL:
      return 'email';
    case ChannelMessage.SMS:
      return 'sms';
    case ChannelMessage.UNSPECIFIED:
      throw missing('channel');
    default:
      throw new SymbolonError('invalid_argument', 'channel must be CHANNEL_EMAIL or CHANNEL_SMS');
  }
}

/** The code is left out, also sealed. */
export function toMessageMessage(message: Message): MessageMessage {
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
