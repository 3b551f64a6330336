/** What the threads of `kept-rows.threads.test.ts` share. */
import type { MessagePort } from 'node:worker_threads';

/** Cells: the newest revision that was answered to who revoked, the newest that anybody read, how many read from memory, whether it is over. */
export const [ANSWERED, SEEN, READY, STOP] = [0, 1, 2, 3] as const;
export const CELLS = 4;

export interface ReaderData {
  readonly path: string;
  /** To the writer. */
  readonly port: MessagePort;
  readonly cells: Int32Array;
  readonly tenantId: string;
  readonly familyIds: readonly string[];
}

export interface Counted {
  readings: number;
  fromMemory: number;
  /** Older than what was answered before it began. */
  stale: number;
  /** Older than what was read before it began. */
  backwards: number;
  /** Not of one moment. */
  mixed: number;
}
