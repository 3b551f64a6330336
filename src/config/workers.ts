/** How many threads serve calls where nobody says: one for each core that the process may use, as far as its memory goes. */
import { availableParallelism, totalmem } from 'node:os';

/** Each has a heap of its own. */
export const MAX_WORKERS = 64;
/** What a thread may take under load. */
const WORKER_BYTES = 320 * 1_024 * 1_024;

export interface Machine {
  readonly platform: NodeJS.Platform;
  /** What affinity, and the quota of a container, leave. */
  readonly cores: number;
  /** Of the machine, or what a container may take. */
  readonly memoryBytes: number;
}

export function standardWorkers({ platform, cores, memoryBytes }: Machine = thisMachine()): number {
  // Elsewhere threads can't share a port.
  return platform === 'linux' ? Math.max(1, Math.min(cores, MAX_WORKERS, Math.floor(memoryBytes / WORKER_BYTES))) : 1;
}

function thisMachine(): Machine {
  // 0, or more than there is, where nothing is limited.
  const limit = process.constrainedMemory();
  const memoryBytes = limit > 0 ? Math.min(limit, totalmem()) : totalmem();
  return { platform: process.platform, cores: availableParallelism(), memoryBytes };
}
