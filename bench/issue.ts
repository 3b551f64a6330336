/**
 * Claims, each call durable before it is answered, against a grpc-js server that does nothing: Issue answers at least 0.33 of its calls
 * a second with the server on one core, and 0.45 on both beside the load; Refresh 0.3 and 0.4. POST /api/oauth2/token answers at
 * least 0.6 of the calls of Issue.
 */
import { doingNothing, issuing, postingForTokens, refreshing } from './contenders.ts';
import { ONE_WORKER, startNoOp, startSymbolon } from './processes.ts';
import { type Ratios, runRounds } from './rounds.ts';
import { type Row, row, times } from './rows.ts';

const POST = 'POST /api/oauth2/token';
const SERVER_CPU = 0;
const LOAD_CPU = 1;
const STREAMS = 32;
const CONNECTIONS = 128;

export async function benchIssue(): Promise<readonly Row[]> {
  const found: ((name: string) => Ratios)[] = [];
  for (const isOnOneCore of [true, false]) {
    const cpu = isOnOneCore ? SERVER_CPU : undefined;
    const noOp = await startNoOp(cpu);
    const symbolon = await startSymbolon(cpu, 'sqlite', isOnOneCore ? ONE_WORKER : []);
    const where = isOnOneCore ? 'the server on core 0, the load on core 1' : 'the server and the load on both cores';
    console.log(`Issue by client credentials and Refresh, synchronous=FULL; ${where}:`);
    const contenders = [
      doingNothing(noOp),
      issuing(symbolon, STREAMS),
      refreshing(symbolon, STREAMS),
      postingForTokens(symbolon, CONNECTIONS),
    ];
    found.push(await runRounds(contenders, isOnOneCore ? LOAD_CPU : undefined));
    await Promise.all([noOp.stop(), symbolon.stop()]);
  }
  const each = (value: (ratios: (name: string) => Ratios) => number) => found.map(value).map(times).join('; ');
  const calls = (name: string) => each((ratios) => ratios(name).callsPerSecond);
  const ofRpc = each((ratios) => ratios(POST).callsPerSecond / ratios('Issue').callsPerSecond);
  const where = 'against the no-op: server on one core; on both, beside the load';
  return [
    row(`Issue, durable, ${where}`, 'at least 0.33; 0.45', calls('Issue')),
    row(`Refresh, durable, ${where}`, 'at least 0.3; 0.4', calls('Refresh')),
    row(`${POST} against the RPC, the same`, 'at least 0.6', ofRpc),
  ];
}
