/** The rates of both sides on one kind of store. */
import { introspectMessage, issue, planOf, type Target } from './calls.ts';
import { callWithH2load, describeH2load } from './h2load.ts';
import type { Options } from './options.ts';
import { measureRates, NAMES, noRates, type Pair } from './rates.ts';
import { printRates } from './report.ts';
import type { SideStore } from './side-store.ts';
import type { Side } from './sides.ts';

/**
 * After so many rounds both sides begin anew, with a server and a store of their own: a process keeps for its life what the
 * compiler and the memory happened to make of it, and two of one commit differ by that.
 */
const ROUNDS_OF_A_SERVER = 2;

export interface Place {
  readonly title: string;
  /** What shares a core with the load. */
  readonly storePid?: number;
  make(side: Side): Promise<SideStore>;
}

export async function compareOn(place: Place, sides: Pair<Side>, { rounds, seconds }: Options): Promise<void> {
  const where = place.storePid === undefined ? 'load on another' : 'PostgreSQL and load on another';
  const how = `${rounds} rounds of ${seconds} s, in turn, new servers after every ${ROUNDS_OF_A_SERVER}`;
  console.log(`${place.title}, ${how}; medians; server on one core, ${where}:`);
  const rates = noRates();
  const h2load: string[] = [];
  for (let done = 0; done < rounds; done += ROUNDS_OF_A_SERVER) {
    const isLast = done + ROUNDS_OF_A_SERVER >= rounds;
    const count = Math.min(ROUNDS_OF_A_SERVER, rounds - done);
    await withServers(place, sides, async (targets) => {
      await measureRates(rates, targets, count, seconds);
      h2load.push(...(isLast ? await witness(targets, seconds) : []));
    });
  }
  const failed = printRates(rates);
  console.log(`${h2load.join('\n')}\n`);
  if (failed > 0) {
    console.log('  CALLS FAILED: these rates mean nothing\n');
    process.exitCode = 1;
  }
}

async function withServers(
  place: Place,
  sides: Pair<Side>,
  work: (targets: Pair<Target>) => Promise<void>,
): Promise<void> {
  const stores = { before: await place.make(sides.before), after: await place.make(sides.after) };
  const targets = { before: await serve(stores.before, place), after: await serve(stores.after, place) };
  await work(targets);
  for (const name of NAMES) {
    await targets[name].server.stop();
    await stores[name].remove();
  }
}

async function serve(store: SideStore, { storePid }: Place): Promise<Target> {
  return { server: await store.serve(), client: store.client, ...(storePid === undefined ? {} : { storePid }) };
}

async function witness(targets: Pair<Target>, seconds: number): Promise<string[]> {
  const lines: string[] = [];
  for (const name of NAMES) {
    const messages = (await issue(targets[name], 1)).map(introspectMessage);
    const rate = await callWithH2load(planOf(targets[name], 'Introspect', { messages, warmupSeconds: 1, seconds }));
    lines.push(`  Introspect ${name}, ${describeH2load(rate)}`);
  }
  return lines;
}
