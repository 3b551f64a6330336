/** Claim: Introspect answers at least 0.80 of the calls per second of a grpc-js server that does nothing, on one core. */
import { credentials } from '@grpc/grpc-js';
import { TokenServiceClient } from '../gen/ts/symbolon/v1/token_service.ts';
import type { LoadPlan, LoadResult } from './load/plan.ts';
import { median, runLoad, type Started, startNoOp, startSymbolon } from './processes.ts';
import { basic, introspectMessage, issueTokens } from './tokens.ts';

const SERVER_CPU = 0;
const LOAD_CPU = 1;
const PAIRS = 5;
/** Enough that look-ups are not all of one row. */
const TOKENS = 2_000;

interface Measured extends LoadResult {
  /** Calls in one second of the server's processor time: what it could answer with the core to itself. */
  readonly callsPerCpuSecond: number;
}

export async function benchIntrospect(): Promise<void> {
  const symbolon = await startSymbolon(SERVER_CPU);
  const noOp = await startNoOp(SERVER_CPU);
  const client = new TokenServiceClient(symbolon.address, credentials.createInsecure());
  const tokens = await issueTokens(client, symbolon.demo.service, TOKENS);
  client.close();
  const plan = {
    path: '/symbolon.v1.TokenService/Introspect',
    authorization: basic(symbolon.demo.service),
    messages: tokens.map(introspectMessage),
    connections: 4,
    streams: 32,
    // The first seconds are the compiler's.
    warmupSeconds: 3,
    seconds: 4,
  };
  const ratios: number[] = [];
  const cpuRatios: number[] = [];
  console.log('Introspect against a no-op grpc-js server, both on core 0, in turn:');
  for (let pair = 0; pair < PAIRS; pair++) {
    const ours = await measure(symbolon, plan);
    const nothing = await measure(noOp, plan);
    const ratio = ours.callsPerSecond / nothing.callsPerSecond;
    const cpuRatio = ours.callsPerCpuSecond / nothing.callsPerCpuSecond;
    ratios.push(ratio);
    cpuRatios.push(cpuRatio);
    console.log(`  ${describe('symbolon', ours)}`);
    console.log(
      `  ${describe('no-op   ', nothing)}; ratio ${ratio.toFixed(3)}, by processor time ${cpuRatio.toFixed(3)}`,
    );
  }
  const [ratio, cpuRatio] = [ratios, cpuRatios].map((each) => median(each).toFixed(3));
  console.log(`  median ratio ${ratio} (goal: at least 0.80), by processor time ${cpuRatio}\n`);
  await Promise.all([symbolon.stop(), noOp.stop()]);
}

async function measure(server: Started, plan: Omit<LoadPlan, 'address'>): Promise<Measured> {
  const result = await runLoad({ ...plan, address: server.address, serverPid: server.pid }, LOAD_CPU);
  return { ...result, callsPerCpuSecond: Math.round(result.callsPerSecond / result.server.busy) };
}

function describe(name: string, { callsPerSecond, callsPerCpuSecond, failed, p50Ms, p99Ms, server }: Measured): string {
  const failures = failed === 0 ? '' : `, ${failed} FAILED`;
  const core = `core ${Math.round(server.busy * 100)} % busy, ${callsPerCpuSecond} per cpu second`;
  return `${name} ${callsPerSecond}/s, p50 ${p50Ms} ms, p99 ${p99Ms} ms, ${core}${failures}`;
}
