/** From when each token must be denied, and which checks said otherwise. One clock: that of the process that checks. */

/** B. A check looks at the clock after it was stamped, so a wrong one is late by that alone; timers are rounded. */
const BOUND_MS = 1_010;

export interface Lie {
  readonly verifier: number;
  readonly how: string;
  /** How long after it must be denied the check began. */
  readonly lateMs: number;
}

export class Judge {
  readonly #ends = new Map<string, { readonly from: number; readonly how: string }>();
  readonly lies: Lie[] = [];

  /** The end of the token was answered just now; `isWaited`: to who waits for verifiers. */
  ended(token: string, how: string, isWaited = false): void {
    const from = performance.now() + (isWaited ? 0 : BOUND_MS);
    const before = this.#ends.get(token);
    if (before === undefined || from < before.from) {
      this.#ends.set(token, { from, how });
    }
  }

  /** Its end is lost with the store that had it. */
  forgive(token: string): void {
    this.#ends.delete(token);
  }

  /** A check that began then said that the token is live. */
  saidActive(verifier: number, token: string, begun: number): void {
    const end = this.#ends.get(token);
    if (end !== undefined && begun > end.from) {
      this.lies.push({ verifier, how: end.how, lateMs: Math.round(begun - end.from) });
    }
  }
}
