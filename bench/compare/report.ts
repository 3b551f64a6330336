/** What was measured, in lines for people. */
import type { LoadResult } from '../load/plan.ts';
import { median } from '../processes.ts';
import { METHODS } from './calls.ts';
import { NAMES, type Pair, type Rates } from './rates.ts';

/** Answers how many calls failed. */
export function printRates(rates: Rates): number {
  let failed = 0;
  for (const method of METHODS) {
    const results = rates[method];
    console.log(`  ${method}`);
    for (const name of NAMES) {
      console.log(`    ${name.padEnd(6)} ${describe(results[name])}`);
      failed += failuresOf(results[name]);
    }
    const calls = describeRatios(ratios(results, ({ callsPerSecond }) => callsPerSecond));
    const cpu = describeRatios(ratios(results, perCpuSecond));
    console.log(`    after/before ${calls}; by the server's processor time ${cpu}`);
  }
  return failed;
}

function describe(results: readonly LoadResult[]): string {
  const of = (value: (result: LoadResult) => number) => median(results.map(value));
  const percent = (value: (result: LoadResult) => number) => `${Math.round(of(value) * 100)} %`;
  const failures = failuresOf(results);
  const store = results.some(({ storeBusy }) => storeBusy > 0) ? `, store ${percent((r) => r.storeBusy)}` : '';
  return [
    `${Math.round(of((r) => r.callsPerSecond))}/s`,
    `p50 ${of((r) => r.p50Ms).toFixed(1)} ms`,
    `p99 ${of((r) => r.p99Ms).toFixed(1)} ms`,
    `server ${percent((r) => r.server.busy)} of its core (${percent((r) => r.server.waiting)} waiting for it)${store}`,
    `load ${percent((r) => r.load.busy)}`,
    failures === 0 ? '0 failed' : `${failures} FAILED`,
  ].join(', ');
}

function failuresOf(results: readonly LoadResult[]): number {
  return results.reduce((sum, { failed }) => sum + failed, 0);
}

/** What no other process can take away. */
function perCpuSecond({ callsPerSecond, server }: LoadResult): number {
  return callsPerSecond / server.busy;
}

/** Of the two measurements of each round, which ran one after the other. */
function ratios(results: Pair<LoadResult[]>, value: (result: LoadResult) => number): number[] {
  return results.before.flatMap((before, round) => {
    const after = results.after[round];
    return after === undefined ? [] : value(after) / value(before);
  });
}

/** The median, and all of them from the least to the most: that is how far to believe it. */
export function describeRatios(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b).map((value) => value.toFixed(3));
  return `${median(values).toFixed(3)} (${sorted.join(' ')})`;
}

export function ratioOf(values: Pair<number>): string {
  return (values.after / values.before).toFixed(3);
}
