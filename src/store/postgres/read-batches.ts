/** Gathers what is asked while the server is busy with what was asked before. */

interface Waiting<Question, Answer> {
  readonly question: Question;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** Two, so that one is on its way while the other is being answered. */
const MAX_IN_FLIGHT = 2;
/** About what the server answers in a millisecond or two. */
const MAX_BATCH = 256;

export class ReadBatches<Question, Answer> {
  readonly #ask: (questions: readonly Question[]) => Promise<readonly Answer[]>;
  #waiting: Waiting<Question, Answer>[] = [];
  #inFlight = 0;
  #isScheduled = false;

  /** `ask` answers questions in their order. */
  constructor(ask: (questions: readonly Question[]) => Promise<readonly Answer[]>) {
    this.#ask = ask;
  }

  /** The answer was made after this call. */
  read(question: Question): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ question, resolve, reject });
      this.#schedule();
    });
  }

  /** What arrived in the same turn of the event loop goes together. */
  #schedule(): void {
    if (!this.#isScheduled && this.#inFlight < MAX_IN_FLIGHT && this.#waiting.length > 0) {
      this.#isScheduled = true;
      setImmediate(() => {
        this.#isScheduled = false;
        void this.#send();
      });
    }
  }

  async #send(): Promise<void> {
    const batch = this.#waiting.splice(0, MAX_BATCH);
    this.#inFlight += 1;
    this.#schedule();
    try {
      const answers = await this.#ask(batch.map(({ question }) => question));
      for (const [i, { resolve }] of batch.entries()) {
        resolve(answers[i] as Answer);
      }
    } catch (error) {
      for (const { reject } of batch) {
        reject(error);
      }
    } finally {
      this.#inFlight -= 1;
      this.#schedule();
    }
  }
}
