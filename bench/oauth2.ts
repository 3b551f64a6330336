/**
 * Claims, with the server on one core: introspection over HTTP, with connections that stay open, answers at least 0.6 of the calls of
 * Introspect, and the token endpoint at least 0.5 of those of Issue.
 */
import { grantingOverHttp, introspecting, introspectingOverHttp, issuing } from './contenders.ts';
import { ONE_WORKER, startSymbolon } from './processes.ts';
import { runRounds } from './rounds.ts';
import { type Row, row, times } from './rows.ts';

const SERVER_CPU = 0;
const LOAD_CPU = 1;
/** In flight, by either way. */
const CALLS = 32;

export async function benchOAuth2(): Promise<readonly Row[]> {
  const symbolon = await startSymbolon(SERVER_CPU, 'sqlite', ONE_WORKER);
  console.log('The standard endpoints by HTTP/1.1 against the RPCs; the server on core 0, the load on core 1:');
  const introspection = await runRounds(
    [await introspecting('Introspect', symbolon), await introspectingOverHttp(symbolon, CALLS)],
    LOAD_CPU,
  );
  const tokens = await runRounds([issuing(symbolon, CALLS / 4), grantingOverHttp(symbolon, CALLS)], LOAD_CPU);
  await symbolon.stop();
  const [asked, granted] = [introspection('POST introspect'), tokens('POST token')];
  return [
    row(
      'POST /oauth2/introspect against the RPC: calls a second; processor time',
      'at least 0.6',
      `${times(asked.callsPerSecond)}; ${times(asked.cpuPerCallUs)}`,
    ),
    row(
      'POST /oauth2/token against Issue, durable: calls a second; processor time',
      'at least 0.5',
      `${times(granted.callsPerSecond)}; ${times(granted.cpuPerCallUs)}`,
    ),
  ];
}
