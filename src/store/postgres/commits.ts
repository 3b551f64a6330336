/** How long the transactions take that write, and how many commands share one. */
import { GROUP_SIZES, Histogram, SECONDS } from '../../core/histogram.ts';

export class Commits {
  readonly seconds = new Histogram(SECONDS);
  readonly size = new Histogram(GROUP_SIZES);

  /** Runs a transaction on a connection; `sizeOf` tells of what came of it how many commands it has committed. */
  async measure<T>(run: () => Promise<T>, sizeOf: (result: T) => number): Promise<T> {
    const begin = performance.now();
    const result = await run();
    const size = sizeOf(result);
    if (size > 0) {
      this.seconds.record((performance.now() - begin) / 1_000);
      this.size.record(size);
    }
    return result;
  }
}
