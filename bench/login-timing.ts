/**
 * Claim: nobody learns from the time that an answer takes whether a guess was right, or whether a user exists. It takes about half an
 * hour, for each call is a hash. `LOGIN_TIMING_HASHES=small` makes hashes of a millisecond, which hide less and so show more.
 */
import { median, startSymbolon } from './processes.ts';
import { type Pair, Pairs, type Timed } from './timing/pairs.ts';
import { rankTest } from './timing/rank-test.ts';

const CALLS = 2_000;
const SMALL_HASHES = ['--argon2-memory-kib', '1024', '--argon2-passes', '1'];
/** One pair of ten is beyond 3 by chance in one run of forty. */
const MAX_Z = 3;

/** `only`: a pattern of names. */
export async function benchLoginTiming(only = process.env.LOGIN_TIMING ?? ''): Promise<void> {
  const hashes = process.env.LOGIN_TIMING_HASHES === 'small' ? SMALL_HASHES : [];
  const symbolon = await startSymbolon(undefined, 'sqlite', hashes);
  const pairs = new Pairs(symbolon.demo);
  await pairs.prepare(CALLS);
  console.log(`Answers over gRPC, one at a time, in turn, ${CALLS} of each; the rank test of Mann and Whitney:`);
  for (const pair of pairs.list().filter(({ name }) => new RegExp(only).test(name))) {
    await compare(pair);
  }
  console.log('');
  pairs.close();
  await symbolon.stop();
}

async function compare({ name, one, other }: Pair): Promise<void> {
  const times: [number[], number[]] = [[], []];
  for (let i = 0; i < CALLS; i++) {
    // The first of two may find the server warmer or colder.
    const order = i % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const);
    for (const which of order) {
      times[which].push(await timeOf(which === 0 ? one : other, i));
    }
  }
  const { z, p } = rankTest(...times);
  const [ones, others] = times.map((each) => median(each).toFixed(3));
  const verdict = Math.abs(z) <= MAX_Z ? 'not distinguishable' : 'DISTINGUISHABLE';
  console.log(`  ${name}: medians ${ones} and ${others} ms, z ${z.toFixed(2)}, p ${p.toFixed(3)}: ${verdict}`);
}

async function timeOf(call: Timed, i: number): Promise<number> {
  const begin = performance.now();
  await call(i);
  return performance.now() - begin;
}
