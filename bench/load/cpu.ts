/** What processes use of a processor, from /proc; nothing where there is none. */
import { readFileSync } from 'node:fs';
import type { CpuUse } from './plan.ts';

/** Linux counts in hundredths (USER_HZ), whatever its own clock is. */
const TICKS_PER_SECOND = 100;

/** Processor seconds that a process has used, with all of its threads. */
export function cpuSeconds(pid: number): number {
  const [user = 0, system = 0] = timesOf(pid);
  return user + system;
}

/** The same with its children, those that have ended too. */
export function familyCpuSeconds(pid: number): number {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return sum(timesOf(pid)) + sum(childrenOf(pid).map(cpuSeconds));
}

export function childrenOf(pid: number): number[] {
  return read(`/proc/${pid}/task/${pid}/children`).trim().split(' ').filter(Boolean).map(Number);
}

/** Seconds as user and in the kernel, of the process and of its children that have ended. */
function timesOf(pid: number): number[] {
  const fields = read(`/proc/${pid}/stat`).split(') ')[1]?.split(' ') ?? [];
  return fields.slice(11, 15).map((ticks) => Number(ticks) / TICKS_PER_SECOND);
}

/** Seconds that its main thread was ready to run and was not let. */
function waitSeconds(pid: number): number {
  return Number(read(`/proc/${pid}/schedstat`).split(' ')[1] ?? 0) / 1e9;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Answers what was used since it was called. */
export function startCpuMeter(pid: number | undefined): () => CpuUse {
  if (pid === undefined) {
    return () => ({ busy: 0, waiting: 0 });
  }
  const [begin, cpu, wait] = [performance.now(), cpuSeconds(pid), waitSeconds(pid)];
  return () => {
    const seconds = (performance.now() - begin) / 1_000;
    return { busy: (cpuSeconds(pid) - cpu) / seconds, waiting: (waitSeconds(pid) - wait) / seconds };
  };
}
