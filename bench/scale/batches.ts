/** (d) Look-ups in batches, (e) caches that see a token again, (f) pages that are logged in full after a checkpoint. */
import { Chance, type Check } from './random.ts';

const CALLS = 1_000_000;
/** As in src/store/postgres/read-batches.ts. */
const MAX_IN_FLIGHT = 2;
const MAX_BATCH = 256;

/**
 * Statements a second of one node. As states: nothing in flight, one, two, two and some waiting; a call leads up, an answer down.
 * `a` is how many calls come in the time of one statement. Exact when that time is exponential.
 */
export function statementRate(callsPerSecond: number, statementMs: number): number {
  const a = (callsPerSecond * statementMs) / 1_000;
  return (((a + a ** 2 + a ** 3 / 2) / (1 + a + a ** 2 / 2 + a ** 3 / 4)) * 1_000) / statementMs;
}

function playBatches(callsPerSecond: number, statementMs: number, isSteady: boolean): number {
  const chance = new Chance(4);
  const duration = () => (isSteady ? statementMs : chance.exponential(statementMs));
  const gap = 1_000 / callsPerSecond;
  let nextCall = chance.exponential(gap);
  let calls = 0;
  let waiting = 0;
  let statements = 0;
  let now = 0;
  const ends: number[] = [];
  while (calls < CALLS) {
    const nextEnd = Math.min(...ends, Number.POSITIVE_INFINITY);
    if (nextCall <= nextEnd) {
      now = nextCall;
      nextCall += chance.exponential(gap);
      calls++;
      waiting++;
    } else {
      now = nextEnd;
      ends.splice(ends.indexOf(nextEnd), 1);
    }
    if (waiting > 0 && ends.length < MAX_IN_FLIGHT) {
      waiting -= Math.min(waiting, MAX_BATCH);
      statements++;
      ends.push(now + duration());
    }
  }
  return (statements * 1_000) / now;
}

export function checkBatches(): Check[] {
  const cases: [calls: number, ms: number, isSteady: boolean][] = [
    [500, 1, false],
    [2_000, 1, false],
    [6_000, 1, false],
    [6_000, 1, true],
    [6_000, 10, true],
  ];
  return cases.map(([calls, ms, isSteady]) => ({
    what: `statements/s of a node with ${calls} look-ups/s, ${isSteady ? 'each' : 'mean'} of ${ms} ms`,
    formula: statementRate(calls, ms),
    simulated: playBatches(calls, ms, isSteady),
  }));
}

/** The share of a token's uses that come to a node that has seen it, when any of `nodes` may get each. */
export function hitShare(uses: number, nodes: number): number {
  return 1 - (nodes * (1 - (1 - 1 / nodes) ** uses)) / uses;
}

export function checkCaches(uses: number): Check[] {
  const chance = new Chance(5);
  const tokens = 20_000;
  return [3, 30].map((nodes) => {
    let hits = 0;
    for (let token = 0; token < tokens; token++) {
      const seen = new Set<number>();
      for (let use = 0; use < uses; use++) {
        seen.add(chance.below(nodes));
      }
      hits += uses - seen.size;
    }
    return {
      what: `hits of a cache, ${uses} uses of a token over ${nodes} nodes`,
      formula: hitShare(uses, nodes),
      simulated: hits / tokens / uses,
    };
  });
}

/** Pages that are touched at least once by `touches` at random: each is logged in full once. */
export function distinctPages(pages: number, touches: number): number {
  return pages * (1 - Math.exp(-touches / pages));
}

export function checkPages(): Check[] {
  const chance = new Chance(6);
  return [
    [1_000_000, 100_000],
    [100_000, 200_000],
  ].map(([pages = 0, touches = 0]) => {
    const touched = new Uint8Array(pages);
    for (let i = 0; i < touches; i++) {
      touched[chance.below(pages)] = 1;
    }
    return {
      what: `pages logged in full, ${touches} changes in an index of ${pages} pages`,
      formula: distinctPages(pages, touches),
      simulated: touched.reduce((sum, each) => sum + each, 0),
    };
  });
}
