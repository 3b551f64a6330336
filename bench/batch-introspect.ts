/**
 * Claim: BatchIntrospect answers at least 150,000 tokens in a second of one processor, of 100,000 live ones that were all looked up before.
 * It is told too what tokens cost that were never looked up.
 */
import type { IssuedTokens } from '../gen/ts/symbolon/v1/token_service.ts';
import { BatchIntrospectRequest, BatchIntrospectResponse } from '../gen/ts/symbolon/v1/token_service.ts';
import { issue } from './compare/calls.ts';
import type { LoadPlan, LoadResult } from './load/plan.ts';
import { median, ONE_WORKER, runLoad, startSymbolon } from './processes.ts';
import { type Row, row } from './rows.ts';
import { verdictOf } from './saturation.ts';
import { basic } from './tokens.ts';

const BATCH = 1_000;
const LIVE = 100_000;
/** Others, so that the compiler is warm before the first of the live ones is looked up. */
const OTHERS = 10_000;
const ROUNDS = 3;
const SERVER_CPU = 0;
const LOAD_CPU = 1;

export async function benchBatchIntrospect(): Promise<readonly Row[]> {
  const server = await startSymbolon(SERVER_CPU, 'sqlite', ONE_WORKER);
  const { address, pid, demo } = server;
  const logins = await issue({ server, client: demo.service }, LIVE + OTHERS);
  const plan = {
    address,
    path: '/symbolon.v1.TokenService/BatchIntrospect',
    authorization: basic(demo.service),
    serverPid: pid,
    connections: 4,
    streams: 2,
    warmupSeconds: 3,
    seconds: 4,
  } as const;
  const live = batchesOf(shuffled(logins.slice(OTHERS)));
  console.log(`BatchIntrospect of ${LIVE} live tokens, ${BATCH} at once; the server on core 0, the load on core 1:`);
  await runLoad({ ...plan, messages: batchesOf(logins.slice(0, OTHERS)) }, LOAD_CPU);
  const once = { ...plan, messages: live, order: 'once', warmupSeconds: 0, seconds: 3_600 } as const;
  const cold = await runLoad({ ...once, keepAnswers: true }, LOAD_CPU);
  requireActive(cold);
  const coldRate = Math.round(print('cold', cold));
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const warm = await runLoad({ ...plan, messages: live } satisfies LoadPlan, LOAD_CPU);
    rates.push(print('warm', warm));
  }
  const warmRate = Math.round(median(rates));
  console.log(`  median warm ${warmRate} tokens a processor second (goal: at least 150,000)\n`);
  await server.stop();
  const what = `BatchIntrospect, tokens a second a core, ${LIVE} live tokens, warm; cold`;
  return [row(what, 'at least 150,000; told', `${warmRate}; ${coldRate}`)];
}

/** A fixed order, and not the store's own. */
function shuffled<T>(values: readonly T[]): T[] {
  const result = [...values];
  let seed = 1;
  for (let i = result.length - 1; i > 0; i--) {
    seed = (seed * 48_271) % 2_147_483_647;
    const j = seed % (i + 1);
    [result[i], result[j]] = [result[j] as T, result[i] as T];
  }
  return result;
}

function batchesOf(logins: readonly IssuedTokens[]): string[] {
  return Array.from({ length: logins.length / BATCH }, (_, i) => {
    const tokens = logins.slice(i * BATCH, (i + 1) * BATCH).map(({ accessToken }) => accessToken);
    return Buffer.from(BatchIntrospectRequest.encode(BatchIntrospectRequest.fromPartial({ tokens })).finish()).toString(
      'base64',
    );
  });
}

/** The load looks at the beginning of an answer alone. */
function requireActive({ answers }: LoadResult): void {
  const all = answers.flatMap((answer) => BatchIntrospectResponse.decode(Buffer.from(answer, 'base64')).answers);
  const active = all.filter((answer) => answer.active).length;
  if (active !== LIVE) {
    throw new Error(`${active} of ${all.length} tokens are live, and ${LIVE} must be`);
  }
}

/** Answers the tokens a processor second. */
function print(name: string, result: LoadResult): number {
  const { measuredCalls, seconds, server, p50Ms, p99Ms, failed } = result;
  const tokens = (measuredCalls * BATCH) / seconds;
  const rate = tokens / server.busy;
  const faults = failed === 0 ? '' : `, ${failed} FAILED`;
  console.log(
    `  ${name}: ${Math.round(rate)} tokens a processor second, ${Math.round(tokens)}/s, ` +
      `batches p50 ${p50Ms} ms, p99 ${p99Ms} ms; server ${Math.round(server.busy * 100)} %${faults}${verdictOf(result)}`,
  );
  return rate;
}
