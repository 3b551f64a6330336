/** The outbox: messages are queued by what they are about, and leased to whoever sends them. */
import type { Change, Decision } from '../changes.ts';
import type { NewCode, SettleMessage, TakeMessages } from '../directory-commands.ts';
import type { Message } from '../directory-model.ts';
import type { Instant } from '../model.ts';
import type { State } from '../state.ts';

/** For how long a message can be shown after its code has expired. */
const SHOWN_MS = 7 * 24 * 3_600_000;

export function queueMessage(
  code: NewCode,
  to: { readonly tenantId: string; readonly subjectId: string; readonly address: string },
  now: Instant,
  expireTime: Instant,
): Change {
  const message: Message = {
    messageId: code.messageId,
    ...to,
    channel: code.channel,
    purpose: code.purpose,
    sealed: code.sealed,
    state: 'pending',
    attempts: 0,
    nextAttemptTime: now,
    lastError: null,
    createTime: now,
    expireTime,
    keepUntil: expireTime + SHOWN_MS,
  };
  return { change: 'insert_message', message };
}

/** Nobody else takes them until the lease ends; a sender that dies meanwhile has them sent again. */
export function takeMessages(state: State, { leaseMs }: TakeMessages, now: Instant): Decision<TakeMessages> {
  const messages = state.dueMessages ?? [];
  const changes = messages.map(
    ({ messageId, attempts, lastError }): Change => ({
      change: 'set_message_state',
      messageId,
      state: 'pending',
      attempts,
      nextAttemptTime: now + leaseMs,
      lastError,
    }),
  );
  return { changes, outcome: { answer: { messages } } };
}

export function settleMessage(command: SettleMessage): Decision<SettleMessage> {
  const { messageId, state, attempts, nextAttemptTime, lastError } = command;
  const change = { change: 'set_message_state', messageId, state, attempts, nextAttemptTime, lastError } as const;
  return { changes: [change], outcome: { answer: {} } };
}
