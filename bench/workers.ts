/**
 * Claim: on the same two cores as the load, 2 workers answer at least 1.2 times the calls a second of Introspect that 1 worker does, and
 * at least 0.95 of its calls in a processor second of the server.
 */
import { introspecting } from './contenders.ts';
import { ONE_WORKER, startSymbolon, TWO_WORKERS } from './processes.ts';
import { runRounds } from './rounds.ts';
import { type Row, row, times } from './rows.ts';

/** Enough that each worker gets about half of the connections. */
const MANY = { connections: 16, streams: 4 };

export async function benchWorkers(): Promise<readonly Row[]> {
  const [one, two] = [
    await startSymbolon(undefined, 'sqlite', ONE_WORKER),
    await startSymbolon(undefined, 'sqlite', TWO_WORKERS),
  ];
  console.log('Introspect of 10,000 tokens in turn, by 1 worker and by 2; the server and the load on both cores:');
  const contenders = [
    await introspecting('1 worker', one, { changes: MANY }),
    await introspecting('2 workers', two, { changes: MANY }),
  ];
  const { cpuPerCallUs, callsPerSecond } = (await runRounds(contenders, undefined))('2 workers');
  await Promise.all([one.stop(), two.stop()]);
  const what = 'Introspect on 2 workers against 1: calls a processor second; calls a second';
  return [row(what, 'at least 0.95; at least 1.2', `${times(1 / cpuPerCallUs)}; ${times(callsPerSecond)}`)];
}
