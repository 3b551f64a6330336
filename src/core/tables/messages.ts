import type { Instant } from '../model.ts';
import { bytes, integer, type List, table, text } from '../table.ts';
import type { CodePurpose } from './codes.ts';

/** How a message reaches a person. */
export type Channel = 'email' | 'sms';

/** What is told without a code: that an address shall be replaced by another, and that addresses were changed. */
export const NOTICES = ['address_change_asked', 'address_changed'] as const;
export type Notice = (typeof NOTICES)[number];

export type MessagePurpose = CodePurpose | Notice;

export function isNotice(purpose: MessagePurpose): purpose is Notice {
  return NOTICES.some((notice) => notice === purpose);
}

export type MessageState = 'pending' | 'sent' | 'failed';

/** A message to a person, kept until it was handed to a sender, and for a while after, so that it can be shown. */
export interface Message {
  readonly messageId: string;
  readonly tenantId: string;
  readonly subjectId: string;
  readonly channel: Channel;
  readonly purpose: MessagePurpose;
  readonly address: string;
  /** The code, sealed under the server's key; null where there is none, and once the message was sent or given up. */
  readonly sealed: Uint8Array | null;
  readonly state: MessageState;
  readonly attempts: number;
  readonly nextAttemptTime: Instant;
  /** Why the last attempt failed, for people; holds no code. */
  readonly lastError: string | null;
  readonly createTime: Instant;
  /** When its code expires, or sending it is of no use any more. */
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
    purpose: text<MessagePurpose>(),
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

/** Of all tenants, as they come due: for counting. */
export const MESSAGES_BY_DUE: List<Message> = {
  table: MESSAGE,
  by: ['state'],
  order: ['nextAttemptTime', 'messageId'],
};
