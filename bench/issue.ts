/**
 * Claims, each call durable before it is answered, against a grpc-js server that does nothing: Issue answers at least 0.33 of its calls
 * a second with the server on one core, and 0.45 on both beside the load; Refresh 0.3 and 0.4. POST /api/oauth2/token answers at
 * least 0.6 of the calls of Issue.
 */
import { doingNothing, issuing, postingForTokens, refreshing } from './contenders.ts';
import { startNoOp, startSymbolon } from './processes.ts';
import { runRounds } from './rounds.ts';

const SERVER_CPU = 0;
const LOAD_CPU = 1;
const STREAMS = 32;
const CONNECTIONS = 128;

export async function benchIssue(): Promise<void> {
  for (const isOnOneCore of [true, false]) {
    const cpu = isOnOneCore ? SERVER_CPU : undefined;
    const noOp = await startNoOp(cpu);
    const symbolon = await startSymbolon(cpu);
    const where = isOnOneCore ? 'the server on core 0, the load on core 1' : 'the server and the load on both cores';
    console.log(`Issue by client credentials and Refresh, synchronous=FULL; ${where}:`);
    const contenders = [
      doingNothing(noOp),
      issuing(symbolon, STREAMS),
      refreshing(symbolon, STREAMS),
      postingForTokens(symbolon, CONNECTIONS),
    ];
    await runRounds(contenders, isOnOneCore ? LOAD_CPU : undefined);
    await Promise.all([noOp.stop(), symbolon.stop()]);
  }
}
