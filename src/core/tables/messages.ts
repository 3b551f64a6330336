import type { Instant } from '../model.ts';
import { bytes, integer, type List, table, text } from '../table.ts';
import type { CodePurpose } from './codes.ts';

/** How a message reaches a person. */
export type Channel = 'email' | 'sms';

export type MessageState = 'pending' | 'sent' | 'failed';

/** A message to a person, kept until it was handed to a sender, and for a while after, so that it can be shown. */
export interface Message {
  readonly messageId: string;
  readonly tenantId: string;
  readonly subjectId: string;
  readonly channel: Channel;
  readonly purpose: CodePurpose;
  readonly address: string;
  /** The code, sealed under the server's key; null once the message was sent or given up. */
  readonly sealed: Uint8Array | null;
  readonly state: MessageState;
  readonly attempts: number;
  readonly nextAttemptTime: Instant;
  /** Why the last attempt failed, for people; holds no code. */
  readonly lastError: string | null;
  readonly createTime: Instant;
  /** When its code expires, and sending it is of no use any more. */
  readonly expireTime: Instant;
  /** Until when it can be shown. */
  readonly keepUntil: Instant;
}

export const MESSAGE = table<Message>(
  'message',
  {
    messageId: text(),
    tenantId: text(),
    subjectId: text(),
    channel: text<Channel>(),
    purpose: text<CodePurpose>(),
    address: text(),
    sealed: bytes<Uint8Array | null>(),
    state: text<MessageState>(),
    attempts: integer(),
    nextAttemptTime: integer(),
    lastError: text<string | null>(),
    createTime: integer(),
    expireTime: integer(),
    keepUntil: integer(),
  },
  { key: ['messageId'], forget: { by: 'keepUntil' } },
);

export const MESSAGES: List<Message> = { table: MESSAGE, by: ['tenantId'], order: ['createTime', 'messageId'] };
