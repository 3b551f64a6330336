/** Whether the load is faster than any server of grpc-js: of one that does nothing, the core has to be busy, and the load's not. */
import type { CpuUse, LoadPlan } from '../load/plan.ts';
import { runLoad, startNoOp } from '../processes.ts';
import { verdictOf } from '../saturation.ts';
import { introspectMessage } from '../tokens.ts';
import { callWithH2load, describeH2load } from './h2load.ts';
import { OTHERS_CPU, SERVER_CPU } from './side-store.ts';

const WARMUP_SECONDS = 2;

export async function printSaturation(seconds: number): Promise<void> {
  const server = await startNoOp(SERVER_CPU);
  const plan: LoadPlan = {
    address: server.address,
    path: '/symbolon.v1.TokenService/Introspect',
    authorization: 'Basic bm8tb3A6bm8tb3A=',
    messages: [introspectMessage('A'.repeat(43))],
    connections: 4,
    streams: 32,
    warmupSeconds: WARMUP_SECONDS,
    seconds,
    answerStart: '0801',
    serverPid: server.pid,
  };
  const { callsPerSecond, failed, load, server: cpu } = await runLoad(plan, OTHERS_CPU);
  const percent = (share: number) => `${Math.round(share * 100)} %`;
  const shares = ({ busy, waiting }: CpuUse) => `${percent(busy)} of its core (${percent(waiting)} waiting for it)`;
  console.log('The load against a grpc-js server that does nothing, each on a core of its own:');
  console.log(`  ${callsPerSecond}/s, ${failed} failed`);
  console.log(`  server ${shares(cpu)}, load ${shares(load)}${verdictOf({ server: cpu })}`);
  console.log(`  ${describeH2load(await callWithH2load(plan))}\n`);
  await server.stop();
}
