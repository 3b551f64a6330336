/** Servers under the same load in turn, round after round: what each does against the first, which does nothing. */
import type { LoadPlan, LoadResult } from './load/plan.ts';
import { median, runLoad } from './processes.ts';
import { verdictOf } from './saturation.ts';

const ROUNDS = 3;

export interface Contender {
  readonly name: string;
  /** Anew for every round, for some messages serve once. */
  readonly plan: () => LoadPlan | Promise<LoadPlan>;
}

/** What it costs and gives, in the units of the ratios. */
interface Figures {
  readonly cpuPerCallUs: number;
  readonly callsPerSecond: number;
  readonly p99Ms: number;
}

/** Medians of the ratios to the first. */
export type Ratios = Figures;

/**
 * Prints every measurement, and the medians of the ratios to the first, which it answers by name. `loadCpu`: undefined lets the load run
 * beside the servers.
 */
export async function runRounds(
  contenders: readonly Contender[],
  loadCpu: number | undefined,
): Promise<(name: string) => Ratios> {
  const all = new Map<string, Figures[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 1; round <= ROUNDS; round++) {
    for (const { name, plan } of contenders) {
      const result = await runLoad(await plan(), loadCpu);
      all.get(name)?.push(figuresOf(result));
      console.log(`  ${round} ${name.padEnd(22)} ${describe(result)}${loadCpu === undefined ? '' : verdictOf(result)}`);
    }
  }
  const [first, ...others] = contenders.map(({ name }) => ({ name, figures: all.get(name) ?? [] }));
  const found = new Map<string, Ratios>();
  for (const { name, figures } of first === undefined ? [] : others) {
    const ratios = (value: (one: Figures) => number) => ratiosOf(figures.map(value), first?.figures.map(value) ?? []);
    const [cpu, calls, p99] = [ratios((f) => f.cpuPerCallUs), ratios((f) => f.callsPerSecond), ratios((f) => f.p99Ms)];
    console.log(
      `  ${name} against ${first?.name}: processor time ${told(cpu)}, calls a second ${told(calls)}, p99 ${told(p99)}`,
    );
    found.set(name, { cpuPerCallUs: median(cpu), callsPerSecond: median(calls), p99Ms: median(p99) });
  }
  console.log('');
  return (name) => found.get(name) ?? { cpuPerCallUs: Number.NaN, callsPerSecond: Number.NaN, p99Ms: Number.NaN };
}

function figuresOf({ callsPerSecond, server, storeBusy, p99Ms }: LoadResult): Figures {
  return { cpuPerCallUs: ((server.busy + storeBusy) / callsPerSecond) * 1e6, callsPerSecond, p99Ms };
}

function describe(result: LoadResult): string {
  const { callsPerSecond, p50Ms, p99Ms, failed, failures, server, load, storeBusy } = result;
  const percent = (share: number) => `${Math.round(share * 100)} %`;
  const store = storeBusy === 0 ? '' : `, store ${percent(storeBusy)}`;
  const faults = failed === 0 ? '' : `, ${failed} FAILED: ${failures.join('; ')}`;
  const cpu = figuresOf(result).cpuPerCallUs.toFixed(1);
  return `${callsPerSecond}/s, p50 ${p50Ms} ms, p99 ${p99Ms} ms, ${cpu} µs of processor a call; server ${percent(server.busy)}${store}, load ${percent(load.busy)}${faults}`;
}

/** Of each round. */
function ratiosOf(values: readonly number[], first: readonly number[]): number[] {
  return values.map((value, round) => value / (first[round] ?? Number.NaN));
}

function told(ratios: readonly number[]): string {
  return `${median(ratios).toFixed(2)} (${ratios.map((each) => each.toFixed(2)).join(' ')})`;
}
