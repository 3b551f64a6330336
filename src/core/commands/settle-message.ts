import { answer, set } from '../changes.ts';
import { rule } from '../rules/rule.ts';
import { MESSAGE, type Message } from '../tables/messages.ts';

/** What came of an attempt to send. */
export interface SettleMessage
  extends Pick<Message, 'messageId' | 'state' | 'attempts' | 'nextAttemptTime' | 'lastError'> {
  readonly kind: 'settle_message';
}

export const settleMessage = rule<SettleMessage>()({
  kind: 'settle_message',
  plan: () => ({ locks: [], reads: {} }),
  // Only a pending one: a sender whose lease ran out may tell of it after another has sent it. What was sealed is gone then.
  decide: (_state, { messageId, state, attempts, nextAttemptTime, lastError }) =>
    answer({}, [
      set(
        MESSAGE,
        { messageId, state: 'pending' },
        { state, attempts, nextAttemptTime, lastError, ...(state === 'pending' ? {} : { sealed: null }) },
      ),
    ]),
});
