/** The messages about what was sent to people. */
import {
  Channel as ChannelMessage,
  type Message as MessageMessage,
  MessagePurpose,
  MessageState as MessageStateMessage,
} from '../../../gen/ts/symbolon/v1/directory_service.ts';
import type { Channel, CodePurpose, Message, MessageState } from '../../core/directory-model.ts';
import { SymbolonError } from '../../core/errors.ts';
import { missing } from './fields.ts';
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

export function channelOf(channel: ChannelMessage): Channel {
  switch (channel) {
    case ChannelMessage.EMAIL:
      return 'email';
    case ChannelMessage.SMS:
      return 'sms';
    case ChannelMessage.UNSPECIFIED:
      throw missing('channel');
    default:
      throw new SymbolonError('invalid_argument', 'channel is no Channel');
  }
}

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
