/** Claim: 1,000 watchers of one tenant with 500 revocations a second take at most 200 MiB more, and one core with all that is done. */
import { setTimeout as sleep } from 'node:timers/promises';
import { issue, revokeMessage } from './compare/calls.ts';
import type { LoadPlan, LoadResult } from './load/plan.ts';
import { ONE_WORKER, rssMib, runLoad, type Symbolon, startSymbolon } from './processes.ts';
import { type Row, row } from './rows.ts';
import { basic } from './tokens.ts';

const CONNECTIONS = 8;
const WATCHERS = 1_000;
const EVENTS_PER_SECOND = 500;
const WARMUP_SECONDS = 5;
const SECONDS = 15;
/** Until the watches are open, and after the last event. */
const MARGIN_SECONDS = 4;
const EVENTS = EVENTS_PER_SECOND * (WARMUP_SECONDS + SECONDS);
const SERVER_CPU = 0;
const LOAD_CPU = 1;

export async function benchWatchers(): Promise<readonly Row[]> {
  const server = await startSymbolon(SERVER_CPU, 'sqlite', ONE_WORKER);
  const logins = await issue({ server, client: server.demo.service }, 2 * EVENTS);
  const messages = logins.map(revokeMessage);
  const what = `${WATCHERS} watchers of one tenant over ${CONNECTIONS} connections, ${EVENTS_PER_SECOND} revocations a second`;
  console.log(`${what}; one worker on core 0, the load on core 1:`);
  const without = await measureMemory(server, revoke(server, messages.slice(0, EVENTS)));
  print('without watchers', without.result, without.mib);
  const watching = watch(server);
  await sleep(MARGIN_SECONDS * 1_000);
  const during = await measureMemory(server, revoke(server, messages.slice(EVENTS)));
  print('with watchers', during.result, during.mib);
  const { p50Ms, p99Ms, failed, failures, events, load } = await watching;
  await server.stop();
  const faults = failed === 0 ? '' : `, ${failed} FAILED: ${failures.join('; ')}`;
  const told =
    events === WATCHERS * EVENTS ? 'each was told all events' : `told ${events} of ${WATCHERS * EVENTS} EVENTS`;
  const beats = `heartbeats answered in p50 ${p50Ms} ms, p99 ${p99Ms} ms`;
  console.log(`  ${told}; ${beats}${faults}; their load ${percent(load.busy)}\n`);
  const more = Math.round(during.mib - without.mib);
  const busy = `${during.result.server.busy.toFixed(2)} cores, of which the watchers ${(during.result.server.busy - without.result.server.busy).toFixed(2)}`;
  return [row(`${what}: memory, processor`, '200 MiB more, one core', `${more} MiB more; ${busy}`)];
}

function revoke(server: Symbolon, messages: readonly string[]): LoadPlan {
  const times = { order: 'once', rate: EVENTS_PER_SECOND, warmupSeconds: WARMUP_SECONDS, seconds: SECONDS } as const;
  return { ...called(server, 'Revoke'), ...times, messages, connections: 4, streams: 32 };
}

function watch(server: Symbolon): Promise<LoadResult> {
  const streams = WATCHERS / CONNECTIONS;
  const times = { warmupSeconds: MARGIN_SECONDS, seconds: WARMUP_SECONDS + SECONDS + MARGIN_SECONDS };
  const plan = { ...called(server, 'WatchRevocations'), ...times, messages: [], connections: CONNECTIONS, streams };
  return runLoad({ ...plan, protocol: 'watch' }, LOAD_CPU);
}

function called({ address, pid, demo }: Symbolon, method: string) {
  return { address, path: `/symbolon.v1.TokenService/${method}`, authorization: basic(demo.service), serverPid: pid };
}

/** The most that was seen of it. */
async function measureMemory({ pid }: Symbolon, plan: LoadPlan): Promise<{ result: LoadResult; mib: number }> {
  let mib = 0;
  const looks = setInterval(() => {
    mib = Math.max(mib, rssMib(pid));
  }, 100);
  const result = await runLoad(plan, LOAD_CPU);
  clearInterval(looks);
  return { result, mib };
}

function print(name: string, { callsPerSecond, p50Ms, p99Ms, failed, server, load }: LoadResult, mib: number): void {
  const late = callsPerSecond < 0.98 * EVENTS_PER_SECOND ? ' (NOT AS MANY AS WANTED)' : '';
  const times = `p50 ${p50Ms} ms, p99 ${p99Ms} ms, ${failed} failed`;
  const waiting = server.waiting > 0.1 ? `, NOT ALONE: waited for its core for ${percent(server.waiting)}` : '';
  const use = `server ${percent(server.busy)} of a core${waiting}, at most ${Math.round(mib)} MiB; load ${percent(load.busy)}`;
  console.log(`  ${name}: ${callsPerSecond} revocations/s${late}, ${times}; ${use}`);
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;
