/** Checks that memory can't answer: what misses together is asked together. */
import type { Sending } from './state.ts';

/** How many tokens go out in one call. Their answers stay below what a message may have, with every scope that a token can carry. */
export const MAX_BATCH = 250;

/** Who waits for an answer. */
export interface Asker<Told> {
  answer(told: Told): void;
  fail(error: unknown): void;
}

/** A call that is sent. */
export interface Batch<Told> extends Sending {
  /** Or what else is asked about, by its key. */
  readonly tokens: readonly string[];
  readonly askers: readonly (readonly Asker<Told>[])[];
}

/** What keeps answers: a verifier's state. */
export interface Keeps<Told, Given> {
  sending(): Sending;
  /** Answers what is told of it. */
  keep(token: string, sending: Sending, given: Given): Told;
}

export class Asks<Told, Given> {
  readonly #state: Keeps<Told, Given>;
  readonly #unsent = new Map<string, Asker<Told>[]>();

  constructor(state: Keeps<Told, Given>) {
    this.#state = state;
  }

  /**
   * Joins what is not sent yet, and nothing else: a call that was sent before may have been read before a revocation that was answered
   * before this check began. True: the first of a call that is to be sent now.
   */
  ask(token: string, asker: Asker<Told>): boolean {
    const others = this.#unsent.get(token);
    if (others !== undefined) {
      others.push(asker);
      return false;
    }
    this.#unsent.set(token, [asker]);
    return this.#unsent.size === 1;
  }

  /** Whether it is among what is not sent yet. */
  isAsked(token: string): boolean {
    return this.#unsent.has(token);
  }

  /** The calls that are to be sent now. Their time is taken here, before they are. */
  send(): readonly Batch<Told>[] {
    const all = [...this.#unsent];
    this.#unsent.clear();
    const batches: Batch<Told>[] = [];
    for (let begin = 0; begin < all.length; begin += MAX_BATCH) {
      const some = all.slice(begin, begin + MAX_BATCH);
      const tokens = some.map(([token]) => token);
      batches.push({ ...this.#state.sending(), tokens, askers: some.map(([, askers]) => askers) });
    }
    return batches;
  }

  /** One answer for each token, in their order. */
  answer(batch: Batch<Told>, answers: readonly Given[]): void {
    const { tokens, askers } = batch;
    if (answers.length !== tokens.length) {
      this.fail(batch, new RangeError(`The server gave ${answers.length} answers for ${tokens.length} tokens`));
      return;
    }
    for (const [index, token] of tokens.entries()) {
      const answer = answers[index];
      if (answer === undefined) {
        continue;
      }
      const told = this.#state.keep(token, batch, answer);
      for (const asker of askers[index] ?? []) {
        asker.answer(told);
      }
    }
  }

  fail(batch: Batch<Told>, error: unknown): void {
    for (const asker of batch.askers.flat()) {
      asker.fail(error);
    }
  }
}
