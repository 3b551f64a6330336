/** Long work in turns of the event loop, one piece in each: many of them at once take longer, and others are answered in between. */
export class Turns {
  readonly #nextTurn: () => Promise<unknown>;
  #last: Promise<unknown> = Promise.resolve();

  /** `nextTurn`: resolves when the loop has looked after others, such as setImmediate. */
  constructor(nextTurn: () => Promise<unknown>) {
    this.#nextTurn = nextTurn;
  }

  /** Resolves when it is this caller's turn, which lasts until it awaits something else. */
  async next(): Promise<void> {
    const turn = this.#last.then(this.#nextTurn);
    this.#last = turn;
    await turn;
  }
}
