/** The end of a node that ends in order. */
import type { ClientBase } from 'pg';
import { TimeLimit } from './connections.ts';

const FORGET = 'DELETE FROM heartbeat WHERE node_id = $1';

/** Others count who beats: a command that has ended is not a node. One that can't say so is counted for some seconds. Never rejects. */
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
