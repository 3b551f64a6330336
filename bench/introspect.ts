/** Claim: Introspect answers at least 0.80 of the calls per second of a grpc-js server that does nothing, on one core. */
import { credentials } from '@grpc/grpc-js';
import { IntrospectRequest, TokenServiceClient } from '../gen/ts/symbolon/v1/token_service.ts';
import type { LoadPlan, LoadResult } from './load.ts';
import { cpuSeconds, median, runLoad, type Started, startNoOp, startSymbolon } from './processes.ts';
import { basic, issueTokens } from './tokens.ts';

const SERVER_CPU = 0;
const LOAD_CPU = 1;
const PAIRS = 5;
/** Enough that look-ups are not all of one row. */
const TOKENS = 2_000;

interface Measured extends LoadResult {
  /** How busy the server's core was; well below 1 the load was the limit and the figure says nothing. */
  readonly busy: number;
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
    messages: tokens.map((token) =>
      Buffer.from(IntrospectRequest.encode({ token, atLeastRevision: 0 }).finish()).toString('base64'),
    ),
    connections: 4,
    streams: 32,
    warmupSeconds: 1,
    seconds: 4,
  };
  const ratios: number[] = [];
  console.log('Introspect against a no-op grpc-js server, both on core 0, in turn:');
  for (let pair = 0; pair < PAIRS; pair++) {
    const ours = await measure(symbolon, plan);
    const nothing = await measure(noOp, plan);
    ratios.push(ours.callsPerSecond / nothing.callsPerSecond);
    console.log(`  ${describe('symbolon', ours)} | ${describe('no-op', nothing)} | ratio ${ratios.at(-1)?.toFixed(3)}`);
  }
  console.log(`  median ratio ${median(ratios).toFixed(3)} (goal: at least 0.80)\n`);
  await Promise.all([symbolon.stop(), noOp.stop()]);
}

async function measure(server: Started, plan: Omit<LoadPlan, 'address'>): Promise<Measured> {
  const before = cpuSeconds(server.pid);
  const result = await runLoad({ ...plan, address: server.address }, LOAD_CPU);
  return { ...result, busy: (cpuSeconds(server.pid) - before) / (plan.warmupSeconds + plan.seconds) };
}

function describe(name: string, { callsPerSecond, failed, p50Ms, p99Ms, busy }: Measured): string {
  const failures = failed === 0 ? '' : `, ${failed} FAILED`;
  return `${name} ${callsPerSecond}/s, p50 ${p50Ms} ms, p99 ${p99Ms} ms, core ${Math.round(busy * 100)} % busy${failures}`;
}
