/** From when each token must be denied, by the clock on the wall, which the runner and the drivers share. */

/** B. */
const BOUND_MS = 1_000;
/** Clocks are rounded, and `began_ms` is taken before the verifier looks at its own. */
const ROUNDING_MS = 10;

export class Judge {
  readonly #from = new Map<string, number>();

  /** The end of the token was answered just now. */
  ended(token: string): void {
    this.deniedFrom(token, Date.now() + BOUND_MS);
  }

  /** Nobody may take it for live in a check that begins later; `atMs`: now unless it is said. */
  deniedFrom(token: string, atMs = Date.now()): void {
    const from = atMs + ROUNDING_MS;
    this.#from.set(token, Math.min(from, this.#from.get(token) ?? from));
  }

  /** A check that began then said that it is live. @throws where it must not */
  saidActive(token: string, beganMs: number): void {
    const lateMs = beganMs - (this.#from.get(token) ?? beganMs);
    if (lateMs > 0) {
      throw new Error(`past the bound: a check said active that began ${Math.ceil(lateMs)} ms after it must be denied`);
    }
  }
}
