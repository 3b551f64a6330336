/** (c) The revision counter of one tenant: one revocation at a time, each for as long as its commit takes. An M/D/1 queue. */
import { Chance, type Check } from './random.ts';

const ARRIVALS = 4_000_000;
const BUSY = [0.5, 0.8, 0.9];

/** What a revocation waits on average before its turn, in turns (Pollaczek and Khinchine). */
export function meanWait(busy: number): number {
  return busy / (2 * (1 - busy));
}

/** Which share waits no longer than `turns` (Erlang). */
function shareWithin(turns: number, busy: number): number {
  let sum = 0;
  let factorial = 1;
  for (let k = 0; k <= turns; k++) {
    factorial *= Math.max(1, k);
    sum += ((busy * (k - turns)) ** k / factorial) * Math.exp(-busy * (k - turns));
  }
  return (1 - busy) * sum;
}

export function waitOf(share: number, busy: number): number {
  let [low, high] = [0, 40];
  while (high - low > 1e-6) {
    const middle = (low + high) / 2;
    [low, high] = shareWithin(middle, busy) < share ? [middle, high] : [low, middle];
  }
  return high;
}

export function checkQueue(turnMs: number): Check[] {
  const chance = new Chance(3);
  return BUSY.flatMap((busy) => {
    const waits = new Float64Array(ARRIVALS);
    let wait = 0;
    let sum = 0;
    for (let i = 0; i < ARRIVALS; i++) {
      waits[i] = wait;
      sum += wait;
      // Lindley: the next one waits for what is left of this one's wait and turn.
      wait = Math.max(0, wait + 1 - chance.exponential(1 / busy));
    }
    waits.sort();
    const what = `${Math.round((busy * 1_000) / turnMs)} revocations/s of one tenant, turns of ${turnMs} ms`;
    return [
      { what: `${what}: mean wait, ms`, formula: meanWait(busy) * turnMs, simulated: (sum / ARRIVALS) * turnMs },
      {
        what: '  the same: p99 of the wait, ms',
        formula: waitOf(0.99, busy) * turnMs,
        simulated: (waits[Math.floor(ARRIVALS * 0.99)] as number) * turnMs,
      },
    ];
  });
}
