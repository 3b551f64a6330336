/** How often what was measured lay between which bounds. It is kept by who measures, and read by who shows it. */

/** Upper bounds in seconds: from an answer out of memory to a call that is given up. */
export const SECONDS: readonly number[] = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];
/** Of a group that shares a commit. */
export const GROUP_SIZES: readonly number[] = [1, 2, 4, 8, 16, 32, 64, 128, 256];

export class Histogram {
  readonly bounds: readonly number[];
  /** One more than there are bounds: the last is what lay above all. */
  readonly counts: number[];
  sum = 0;
  count = 0;

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.counts = new Array<number>(bounds.length + 1).fill(0);
  }

  record(value: number): void {
    let bucket = 0;
    while (bucket < this.bounds.length && value > (this.bounds[bucket] as number)) {
      bucket += 1;
    }
    this.counts[bucket] = (this.counts[bucket] as number) + 1;
    this.sum += value;
    this.count += 1;
  }
}
