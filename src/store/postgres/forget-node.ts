/** The end of a node that ends in order. */
import type { ClientBase } from 'pg';
import { TimeLimit } from './connections.ts';

/** Its row stays: verifiers that watched there may answer from memory for a moment yet. */
const FORGET = 'UPDATE heartbeat SET beat = 0, beat_time = clock_timestamp() WHERE node_id = $1';

/**
 * Others count who beats: a command that has ended is not a node, and a beat of 0 says so. One that can't say it is counted for some seconds.
 * Never rejects.
 */
export async function forgetNode(client: ClientBase | undefined, nodeId: string, mostMs: number): Promise<void> {
  const limit = new TimeLimit(mostMs);
  try {
    await (client && limit.race(client.query(FORGET, [nodeId])));
  } catch {
    // The database is away: there is nobody to say it to.
  } finally {
    limit.clear();
  }
}
