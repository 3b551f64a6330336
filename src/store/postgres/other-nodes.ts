/** The other nodes of a store, by their heartbeats. */
import type { Statement } from './batch.ts';
import type { Lease } from './lease.ts';
import type { Primary } from './primary.ts';

/** Long after a node lost its lease. */
const OTHER_NODES: Statement = [
  'count_other_nodes',
  `SELECT count(*) FROM heartbeat
    WHERE node_id <> $1 AND beat > 0 AND beat_time > clock_timestamp() - interval '5 seconds'`,
];

/** Those that ended in order too. */
const NODES_SINCE: Statement = [
  'count_nodes_since',
  'SELECT count(*) FROM heartbeat WHERE node_id <> $1 AND beat_time > clock_timestamp() - make_interval(secs => $2)',
];

/** What the database's clock may be set forward by between two heartbeats. */
const MAX_CLOCK_STEP_MS = 1_000;

export async function countOtherNodes(primary: Primary, { nodeId }: Lease): Promise<number> {
  const { rows } = await primary.read((session) => session.query(OTHER_NODES, [nodeId]));
  return Number(rows[0]?.[0]);
}

/** A node answers by what it read under its lease, so one that answered lately wrote a heartbeat a lease before that, or later. */
export async function mayOthersHaveAnswered(primary: Primary, lease: Lease, withinMs: number): Promise<boolean> {
  const ms = withinMs + lease.leaseMs;
  // The last heartbeats of an older timeline were written by the clock of another machine.
  if (lease.answersFrom > 0 && performance.now() < lease.answersFrom + ms) {
    return true;
  }
  const values = [lease.nodeId, (ms + MAX_CLOCK_STEP_MS) / 1_000];
  const { rows } = await primary.read((session) => session.query(NODES_SINCE, values));
  return Number(rows[0]?.[0]) > 0;
}
