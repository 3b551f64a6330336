/**
 * Claim: while Issue runs at half its peak, Introspect's p99 is at most 3 times what it is without. A server that does nothing is asked the
 * same beside it, at half its own peak: what it needs there is Node's and the machine's.
 */
import { doingNothing, introspecting, issuing } from './contenders.ts';
import type { LoadResult } from './load/plan.ts';
import { median, runLoad, startNoOp, startSymbolon } from './processes.ts';
import type { Contender } from './rounds.ts';
import { type Row, row, times } from './rows.ts';

const ROUNDS = 3;
const STREAMS = 32;
/** Calls of Introspect a second, each counted from when it was due. */
const RATE = 1_000;
const SECONDS = 6;
/** The other calls begin before Introspect is measured, and end after. */
const MARGIN_SECONDS = 2;

interface Side {
  readonly name: string;
  readonly paced: Contender;
  readonly beside: Contender;
}

export async function benchHalfPeak(): Promise<readonly Row[]> {
  console.log(
    `${RATE} Introspects a second, alone and beside calls at half their peak; the server and the load on both cores:`,
  );
  const symbolon = await startSymbolon();
  const introspect = await introspecting('Introspect', symbolon);
  const ours = await ratioOf({ name: 'Issue', paced: introspect, beside: issuing(symbolon, STREAMS) });
  await symbolon.stop();
  const noOp = await startNoOp();
  const nothing = doingNothing(noOp);
  const manyAtOnce = { name: nothing.name, plan: async () => ({ ...(await nothing.plan()), streams: STREAMS }) };
  const its = await ratioOf({ name: 'no-op', paced: nothing, beside: manyAtOnce });
  await noOp.stop();
  return [
    row(
      "Introspect's p99 while Issue runs at half its peak, against idle; a no-op's beside itself",
      'at most 3 times',
      `${times(ours)}; ${times(its)}`,
    ),
  ];
}

async function ratioOf({ name, paced, beside }: Side): Promise<number> {
  const besidePlan = await beside.plan();
  const peak = (await runLoad(besidePlan)).callsPerSecond;
  console.log(`  The peak of ${name}: ${peak}/s`);
  const pacedPlan = { ...(await paced.plan()), rate: RATE, seconds: SECONDS };
  const half = { rate: peak / 2, seconds: SECONDS + MARGIN_SECONDS, warmupSeconds: MARGIN_SECONDS };
  const ratios: number[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    const alone = await runLoad(pacedPlan);
    const [during, others] = await Promise.all([runLoad(pacedPlan), runLoad({ ...besidePlan, ...half })]);
    print(`${round} alone`, alone);
    print(`${round} beside ${others.callsPerSecond} ${name}/s`, during);
    ratios.push(during.p99Ms / alone.p99Ms);
  }
  console.log(`  p99 beside ${name} against alone: ${ratios.map(times).join(' ')}\n`);
  return median(ratios);
}

function print(name: string, { callsPerSecond, p50Ms, p99Ms, failed, server, load }: LoadResult): void {
  const faults = failed === 0 ? '' : `, ${failed} FAILED`;
  const late = callsPerSecond < 0.98 * RATE ? ', NOT AS MANY AS WANTED' : '';
  const use = `server ${Math.round(server.busy * 100)} % of a core, load ${Math.round(load.busy * 100)} %`;
  console.log(`  ${name}: p50 ${p50Ms} ms, p99 ${p99Ms} ms${faults}${late}; ${use}`);
}
