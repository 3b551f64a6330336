/** The other servers of a store, by their heartbeats. The threads of a process write each their own: together they are one server. */
import { MAX_WAIT_MS } from '../../core/verifiers.ts';
import type { Statement } from './batch.ts';
import type { Lease } from './lease.ts';
import type { Primary } from './primary.ts';

/** Of the process and, where it is a thread of it, of that. */
export function nodeIdOf(processId: string, threadId?: string): string {
  return threadId === undefined ? processId : `${processId}/${threadId}`;
}

const PROCESS = "split_part(node_id, '/', 1)";

/** Long after a node lost its lease. */
const OTHER_NODES: Statement = [
  'count_other_nodes',
  `SELECT count(DISTINCT ${PROCESS}) FROM heartbeat
    WHERE ${PROCESS} <> $1 AND beat > 0 AND beat_time > clock_timestamp() - interval '5 seconds'`,
];

/** Those that ended in order too. */
const NODES_SINCE: Statement = [
  'read_nodes_since',
  `SELECT DISTINCT ${PROCESS} FROM heartbeat
    WHERE ${PROCESS} <> $1 AND beat_time > clock_timestamp() - make_interval(secs => $2)`,
];

/** What the database's clock may be set forward by between two heartbeats. */
const MAX_CLOCK_STEP_MS = 1_000;

export async function countOtherNodes(primary: Primary, processId: string): Promise<number> {
  const { rows } = await primary.read((session) => session.query(OTHER_NODES, [processId]));
  return Number(rows[0]?.[0]);
}

/**
 * The processes that may have a verifier which is open by what they answered: a node answers by what it read under its lease, so one
 * that answered lately wrote a heartbeat a lease before that, or later. Undefined: nobody knows.
 */
export async function readOthers(
  primary: Primary,
  { leaseMs, answersFrom }: Lease,
  processId: string,
): Promise<readonly string[] | undefined> {
  const ms = MAX_WAIT_MS + leaseMs;
  // The last heartbeats of an older timeline were written by the clock of another machine.
  if (answersFrom > 0 && performance.now() < answersFrom + ms) {
    return undefined;
  }
  const values = [processId, (ms + MAX_CLOCK_STEP_MS) / 1_000];
  const { rows } = await primary.read((session) => session.query(NODES_SINCE, values));
  return rows.map(([id]) => String(id));
}
