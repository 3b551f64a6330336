import { answer, set } from '../changes.ts';
import { due } from '../plan.ts';
import { rule } from '../rules/rule.ts';
import { MESSAGE, type Message } from '../tables/messages.ts';
import { CLOCK_TOLERANCE_MS, isOfFuture } from '../wrong-clock.ts';

/** Leases messages that are due to who sends them. */
export interface TakeMessages {
  readonly kind: 'take_messages';
  readonly limit: number;
  /** For how long nobody else takes them; a sender that dies meanwhile has them sent again. */
  readonly leaseMs: number;
}

/** The longest that a message waits for its next attempt. */
export const LONGEST_WAIT_MS = 300_000;

export const takeMessages = rule<TakeMessages>()({
  kind: 'take_messages',
  plan: ({ limit }) => ({
    locks: [],
    reads: {
      messages: due(MESSAGE, { state: 'pending' }, 'nextAttemptTime', limit, LONGEST_WAIT_MS + CLOCK_TOLERANCE_MS),
    },
  }),
  decide: ({ messages }, { leaseMs }, now) => {
    const isVoid = ({ createTime }: Message) => isOfFuture(createTime, now);
    return answer(
      { messages: messages.filter((message) => !isVoid(message)) },
      messages.map((message) =>
        set(MESSAGE, { messageId: message.messageId }, isVoid(message) ? VOID : { nextAttemptTime: now + leaseMs }),
      ),
    );
  },
});

/** Its code is as if it were not there. */
const VOID = { state: 'failed', sealed: null, lastError: 'it was made while the clock was ahead' } as const;
