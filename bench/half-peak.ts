/** Claim: while Issue runs at half its peak, Introspect's p99 is at most 3 times what it is without. */
import { introspecting, issuing } from './contenders.ts';
import type { LoadResult } from './load/plan.ts';
import { median, runLoad, startSymbolon } from './processes.ts';
import { type Row, row, times } from './rows.ts';

const ROUNDS = 3;
const STREAMS = 32;
/** Calls of Introspect a second, each counted from when it was due. */
const RATE = 1_000;
const SECONDS = 6;
/** Issue begins before Introspect is measured, and ends after. */
const MARGIN_SECONDS = 2;

export async function benchHalfPeak(): Promise<readonly Row[]> {
  const server = await startSymbolon();
  const [introspect, issue] = [await introspecting('Introspect', server), issuing(server, STREAMS)];
  console.log(
    `${RATE} Introspects a second, alone and while Issue runs at half its peak; the server and the load on both cores:`,
  );
  const peak = (await runLoad(await issue.plan())).callsPerSecond;
  console.log(`  Issue's peak: ${peak}/s`);
  const paced = { ...(await introspect.plan()), rate: RATE, seconds: SECONDS };
  const issues = {
    ...(await issue.plan()),
    rate: peak / 2,
    seconds: SECONDS + MARGIN_SECONDS,
    warmupSeconds: MARGIN_SECONDS,
  };
  const ratios: number[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    const alone = await runLoad(paced);
    const [during, issued] = await Promise.all([runLoad(paced), runLoad(issues)]);
    print(`${round} alone`, alone);
    print(`${round} beside ${issued.callsPerSecond} Issues/s`, during);
    ratios.push(during.p99Ms / alone.p99Ms);
  }
  await server.stop();
  console.log(`  p99 beside Issue against alone: ${ratios.map(times).join(' ')}\n`);
  return [
    row("Introspect's p99 while Issue runs at half its peak, against idle", 'at most 3 times', times(median(ratios))),
  ];
}

function print(name: string, { callsPerSecond, p50Ms, p99Ms, failed, server, load }: LoadResult): void {
  const faults = failed === 0 ? '' : `, ${failed} FAILED`;
  const late = callsPerSecond < 0.98 * RATE ? ', NOT AS MANY AS WANTED' : '';
  const use = `server ${Math.round(server.busy * 100)} % of a core, load ${Math.round(load.busy * 100)} %`;
  console.log(`  ${name}: p50 ${p50Ms} ms, p99 ${p99Ms} ms${faults}${late}; ${use}`);
}
