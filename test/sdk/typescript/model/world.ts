/** Real time, in milliseconds, and everything that waits for it. */

interface Waiting {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

export class World {
  now = 0;
  /** What is to be looked at after everything that happens. */
  watch: () => void = () => {};
  readonly #delays: readonly number[];
  readonly #waiting: Waiting[] = [];
  #order = 0;
  #drawn = 0;

  constructor(delays: readonly number[]) {
    this.#delays = delays;
  }

  /** How long the next thing takes. */
  delay(): number {
    this.#drawn += 1;
    return this.#delays[this.#drawn % this.#delays.length] ?? 0;
  }

  after(ms: number, run: () => void): void {
    this.at(this.now + ms, run);
  }

  /** What is to be at one time is in the order in which it was said. */
  at(at: number, run: () => void): void {
    this.#order += 1;
    const waiting = { at: Math.max(at, this.now), order: this.#order, run };
    let index = this.#waiting.length;
    while (index > 0 && (this.#waiting[index - 1]?.at ?? 0) > waiting.at) {
      index -= 1;
    }
    this.#waiting.splice(index, 0, waiting);
  }

  runUntil(end: number): void {
    for (let next = this.#waiting[0]; next !== undefined && next.at <= end; next = this.#waiting[0]) {
      this.#waiting.shift();
      this.now = next.at;
      next.run();
      this.watch();
    }
    this.now = end;
  }
}

/** A line that keeps the order of what is on it, and takes any time. */
export class Line {
  readonly #world: World;
  #last = 0;

  constructor(world: World) {
    this.#world = world;
  }

  carry(deliver: () => void): void {
    this.#last = Math.max(this.#last, this.#world.now + this.#world.delay());
    this.#world.at(this.#last, deliver);
  }
}
