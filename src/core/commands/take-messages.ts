import { answer, set } from '../changes.ts';
import { due } from '../plan.ts';
import { rule } from '../rules/rule.ts';
import { MESSAGE } from '../tables/messages.ts';

/** Leases messages that are due to who sends them. */
export interface TakeMessages {
  readonly kind: 'take_messages';
  readonly limit: number;
  /** For how long nobody else takes them; a sender that dies meanwhile has them sent again. */
  readonly leaseMs: number;
}

export const takeMessages = rule<TakeMessages>()({
  kind: 'take_messages',
  plan: ({ limit }) => ({
    locks: [],
    reads: { messages: due(MESSAGE, { state: 'pending' }, 'nextAttemptTime', limit) },
  }),
  decide: ({ messages }, { leaseMs }, now) =>
    answer(
      { messages },
      messages.map(({ messageId }) => set(MESSAGE, { messageId }, { nextAttemptTime: now + leaseMs })),
    ),
});
