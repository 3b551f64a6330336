/**
 * Claim: after 10 million calls of Introspect one worker has at most 100 MiB more than a grpc-js server that does nothing, and has had it
 * for long. `INTROSPECTIONS=1000000 npm run bench memory` is shorter.
 */
import { doingNothing, introspecting } from './contenders.ts';
import { ONE_WORKER, rssMib, runLoad, type Started, startNoOp, startSymbolon } from './processes.ts';
import type { Contender } from './rounds.ts';
import { type Row, row } from './rows.ts';

const CALLS = Number(process.env.INTROSPECTIONS ?? 10_000_000);
/** Of the server that does nothing: it grows no more after the first minute. */
const CALLS_OF_NO_OP = Math.min(CALLS, 1_000_000);
const SECONDS = 5;
const LOOK_MS = 200;
const PARTS = 10;
const SERVER_CPU = 0;
const LOAD_CPU = 1;

export async function benchMemory(): Promise<readonly Row[]> {
  console.log(
    'Memory of a server on core 0 under Introspect, the load on core 1; the most in each tenth of the calls, MiB:',
  );
  const noOp = await startNoOp(SERVER_CPU);
  const nothing = await measure(noOp, doingNothing(noOp), CALLS_OF_NO_OP);
  await noOp.stop();
  const server = await startSymbolon(SERVER_CPU, 'sqlite', ONE_WORKER);
  const own = await measure(server, await introspecting('symbolon', server), CALLS);
  await server.stop();
  const more = Math.round((own.at(-1) ?? 0) - (nothing.at(-1) ?? 0));
  const grown = Math.round((own.at(-1) ?? 0) - (own[PARTS / 2 - 1] ?? 0));
  console.log('');
  const what = `memory with one worker after ${CALLS} introspections, against the no-op's; in their second half`;
  return [row(what, 'at most 100 MiB more; flat', `${more} MiB more (${Math.round(own.at(-1) ?? 0)}); ${grown} MiB`)];
}

/** The most that was seen in each part of so many calls. */
async function measure({ pid }: Started, { name, plan }: Contender, calls: number): Promise<number[]> {
  const most: number[] = [];
  let done = 0;
  const looks = setInterval(() => {
    const part = Math.min(PARTS - 1, Math.floor((done / calls) * PARTS));
    most[part] = Math.max(most[part] ?? 0, rssMib(pid));
  }, LOOK_MS);
  const asked = { ...(await plan()), warmupSeconds: 0, seconds: SECONDS };
  while (done < calls) {
    done += (await runLoad(asked, LOAD_CPU)).calls;
  }
  clearInterval(looks);
  // A part may be shorter than the time between two looks.
  const known = Array.from(
    { length: PARTS },
    (_, i) => most.slice(0, i + 1).findLast((each) => each !== undefined) ?? 0,
  );
  console.log(`  ${name}, ${done} calls: ${known.map(Math.round).join(' ')}`);
  return known;
}
