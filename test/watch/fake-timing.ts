import type { Timing } from '../../src/watch/timing.ts';

interface Timer {
  readonly at: number;
  readonly call: () => void;
}

/** A clock that the test moves. `rate`: how much faster than real time it goes. */
export class FakeTiming implements Timing {
  readonly #rate: number;
  #now = 0;
  #timers = new Set<Timer>();

  constructor(rate = 1) {
    this.#rate = rate;
  }

  readonly now = () => this.#now * this.#rate;

  readonly after = (ms: number, call: () => void) => {
    const timer = { at: this.#now + ms / this.#rate, call };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  };

  get pending(): number {
    return this.#timers.size;
  }

  /** Goes on by real milliseconds, from timer to timer; those who wait for a promise are let run after each. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      const [next] = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) {
        this.#now = end;
        return;
      }
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.call();
      await settled();
    }
  }
}

/** Everything that needs no time has been done. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) {
    await Promise.resolve();
  }
}
