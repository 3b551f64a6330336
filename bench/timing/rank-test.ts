/** Whether two samples come from one distribution: the rank test of Mann and Whitney, which no few slow calls can decide. */

export interface Verdict {
  /** Standard deviations from what chance does. */
  readonly z: number;
  /** How likely chance does at least this, two-sided. */
  readonly p: number;
}

/** Of samples of at least twenty each, by the normal approximation. */
export function rankTest(ones: readonly number[], others: readonly number[]): Verdict {
  const all = [...ones.map((value) => ({ value, of: 0 })), ...others.map((value) => ({ value, of: 1 }))];
  all.sort((a, b) => a.value - b.value);
  let rankSum = 0;
  for (let i = 0; i < all.length; ) {
    let end = i;
    while (end < all.length && all[end]?.value === all[i]?.value) {
      end += 1;
    }
    // Equal values share the middle of their ranks.
    const rank = (i + 1 + end) / 2;
    rankSum += all.slice(i, end).filter(({ of }) => of === 0).length * rank;
    i = end;
  }
  const [n, m] = [ones.length, others.length];
  const u = rankSum - (n * (n + 1)) / 2;
  const z = (u - (n * m) / 2) / Math.sqrt((n * m * (n + m + 1)) / 12);
  return { z, p: 2 * (1 - normal(Math.abs(z))) };
}

/** The normal distribution, by Abramowitz and Stegun 26.2.17: off by less than 1e-7. */
function normal(x: number): number {
  const t = 1 / (1 + 0.2316419 * x);
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  const terms = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429];
  return 1 - density * terms.reduceRight((sum, term) => (sum + term) * t, 0);
}
