/** How many attempts to send a message ended how, since the start. */
import type { Channel, MessageState } from '../core/tables/messages.ts';

export interface OutboxCount {
  readonly channel: Channel;
  /** `retried`: it failed, and is tried again later. */
  readonly outcome: 'sent' | 'failed' | 'retried';
  attempts: number;
}

export class OutboxCounts {
  readonly #counts = new Map<string, OutboxCount>();

  /** `state`: what the message is in after the attempt. */
  add(channel: Channel, state: MessageState): void {
    const outcome = state === 'pending' ? 'retried' : state;
    const key = `${channel} ${outcome}`;
    const count = this.#counts.get(key) ?? { channel, outcome, attempts: 0 };
    count.attempts += 1;
    this.#counts.set(key, count);
  }

  all(): readonly OutboxCount[] {
    return [...this.#counts.values()];
  }
}
