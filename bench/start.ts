/** Claim: on an existing store, `symbolon ready` comes at most 0.6 s after the start. */
import { rmSync } from 'node:fs';
import { issue } from './compare/calls.ts';
import { median, newDataDir, ONE_WORKER, startSymbolonIn } from './processes.ts';
import { type Row, row } from './rows.ts';

const STARTS = 11;
const LOGINS = 10_000;

export async function benchStart(): Promise<readonly Row[]> {
  const directory = newDataDir();
  const first = await startSymbolonIn(directory);
  await issue({ server: first, client: first.demo.service }, LOGINS);
  await first.stop();
  const times = { one: [] as number[], all: [] as number[] };
  for (let i = 0; i < STARTS; i++) {
    times.one.push(await startOnce(directory, ONE_WORKER));
    times.all.push(await startOnce(directory, []));
  }
  rmSync(directory, { recursive: true, force: true });
  console.log(`From the start to \`symbolon ready\`, a store of ${LOGINS} logins, ${STARTS} starts of each in turn:`);
  console.log(`  one worker: ${figures(times.one)}`);
  console.log(`  as many workers as it starts by itself: ${figures(times.all)}\n`);
  const reached = `${seconds(median(times.one))}; ${seconds(median(times.all))}`;
  return [row('start to `symbolon ready`, existing store, one worker; by itself', 'at most 0.6 s', reached)];
}

async function startOnce(directory: string, args: readonly string[]): Promise<number> {
  const server = await startSymbolonIn(directory, undefined, 'sqlite', args);
  await server.stop();
  return server.startMs;
}

function figures(times: readonly number[]): string {
  return `median ${seconds(median(times))} (${seconds(Math.min(...times))} to ${seconds(Math.max(...times))})`;
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`;
