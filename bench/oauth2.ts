/**
 * Claims, with the server on one core: introspection over HTTP, with connections that stay open, answers at least 0.6 of the calls of
 * Introspect, and the token call of the code flow at least 0.5 of those of Issue.
 */
import { rmSync } from 'node:fs';
import { writeCodes } from './codes.ts';
import { introspecting, introspectingOverHttp, issuing, redeemingOverHttp } from './contenders.ts';
import { newDataDir, ONE_WORKER, startSymbolonIn } from './processes.ts';
import { runRounds } from './rounds.ts';
import { type Row, row, times } from './rows.ts';

const SERVER_CPU = 0;
const LOAD_CPU = 1;
/** In flight, by either way. */
const CALLS = 32;
/** Enough for the warm-up and some seconds. */
const CODES_OF_ROUND = 15_000;
const ROUNDS = 3;
const REDEEM = 'POST token, by code';

export async function benchOAuth2(): Promise<readonly Row[]> {
  const dataDir = newDataDir();
  const start = () => startSymbolonIn(dataDir, SERVER_CPU, 'sqlite', ONE_WORKER);
  const first = await start();
  await first.stop();
  const codes = await writeCodes(dataDir, first.demo, CODES_OF_ROUND * ROUNDS);
  const symbolon = await start();
  console.log('The standard endpoints by HTTP/1.1 against the RPCs; the server on core 0, the load on core 1:');
  const introspection = await runRounds(
    [await introspecting('Introspect', symbolon), await introspectingOverHttp(symbolon, CALLS)],
    LOAD_CPU,
  );
  const tokens = await runRounds(
    [issuing(symbolon, CALLS / 4), redeemingOverHttp(symbolon, codes, CALLS, CODES_OF_ROUND)],
    LOAD_CPU,
  );
  await symbolon.stop();
  rmSync(dataDir, { recursive: true, force: true });
  const [asked, redeemed] = [introspection('POST introspect'), tokens(REDEEM)];
  return [
    row(
      'POST /oauth2/introspect against the RPC: calls a second; processor time',
      'at least 0.6',
      `${times(asked.callsPerSecond)}; ${times(asked.cpuPerCallUs)}`,
    ),
    row(
      'the token call of the code flow against Issue, durable: calls a second; processor time',
      'at least 0.5',
      `${times(redeemed.callsPerSecond)}; ${times(redeemed.cpuPerCallUs)}`,
    ),
  ];
}
