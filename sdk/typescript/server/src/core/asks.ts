/** Checks that memory can't answer: what misses together is asked together. */
import type { Answer, Ids } from './protocol.ts';
import type { Sending, VerifierState } from './state.ts';

/** How many tokens go out in one call. Their answers stay below what a message may have, with every scope that a token can carry. */
export const MAX_BATCH = 250;

/** Who waits for an answer. */
export interface Asker<Caller> {
  /** Undefined: the token is not live. */
  answer(caller: Caller | undefined): void;
  fail(error: unknown): void;
}

/** A call that is sent. */
export interface Batch<Caller> extends Sending {
  readonly tokens: readonly string[];
  readonly askers: readonly (readonly Asker<Caller>[])[];
}

export class Asks<Caller extends Ids> {
  readonly #state: VerifierState<Caller>;
  readonly #unsent = new Map<string, Asker<Caller>[]>();

  constructor(state: VerifierState<Caller>) {
    this.#state = state;
  }

  /**
   * Joins what is not sent yet, and nothing else: a call that was sent before may have been read before a revocation that was answered
   * before this check began. True: the first of a call that is to be sent now.
   */
  ask(token: string, asker: Asker<Caller>): boolean {
    const others = this.#unsent.get(token);
    if (others !== undefined) {
      others.push(asker);
      return false;
    }
    this.#unsent.set(token, [asker]);
    return this.#unsent.size === 1;
  }

  /** The calls that are to be sent now. Their time is taken here, before they are. */
  send(): readonly Batch<Caller>[] {
    const all = [...this.#unsent];
    this.#unsent.clear();
    const batches: Batch<Caller>[] = [];
    for (let begin = 0; begin < all.length; begin += MAX_BATCH) {
      const some = all.slice(begin, begin + MAX_BATCH);
      const tokens = some.map(([token]) => token);
      batches.push({ ...this.#state.sending(), tokens, askers: some.map(([, askers]) => askers) });
    }
    return batches;
  }

  /** One answer for each token, in their order. */
  answer(batch: Batch<Caller>, answers: readonly Answer<Caller>[]): void {
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
      this.#state.keep(token, batch, answer);
      for (const asker of askers[index] ?? []) {
        asker.answer(answer.live?.caller);
      }
    }
  }

  fail(batch: Batch<Caller>, error: unknown): void {
    for (const asker of batch.askers.flat()) {
      asker.fail(error);
    }
  }
}
