/** What processes use of a processor, from /proc; nothing where there is none. */
import { readFileSync } from 'node:fs';

/** Linux counts in hundredths (USER_HZ), whatever its own clock is. */
const TICKS_PER_SECOND = 100;

/** Processor seconds that a process has used, with all of its threads. */
export function cpuSeconds(pid: number): number {
  const fields = read(`/proc/${pid}/stat`).split(') ')[1]?.split(' ') ?? [];
  const [user, system] = fields.slice(11, 13).map(Number);
  return ((user ?? 0) + (system ?? 0)) / TICKS_PER_SECOND;
}

export function childrenOf(pid: number): number[] {
  return read(`/proc/${pid}/task/${pid}/children`).trim().split(' ').filter(Boolean).map(Number);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
