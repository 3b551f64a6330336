/** The row of a node: what it writes several times a second, and at its end when it ends in order. */
import type { ClientBase } from 'pg';
import { TimeLimit } from './connections.ts';

/** Not prepared: where a pooler shares connections, it shall be told by its process, and not fail for want of a statement. */
export const BEAT = {
  // One that was held up on its way takes nothing back.
  text: `INSERT INTO heartbeat (node_id, beat, beat_time) VALUES ($1, $2, clock_timestamp())
    ON CONFLICT (node_id) DO UPDATE SET beat = greatest(heartbeat.beat, excluded.beat), beat_time = excluded.beat_time
    RETURNING pg_backend_pid() AS pid`,
};

/** A server's row stays: verifiers that watched there may answer from memory for a moment yet. */
const FORGET = 'UPDATE heartbeat SET beat = 0, beat_time = clock_timestamp() WHERE node_id = $1';
/** Nobody watches at a command. Were its row left, revocations would wait for its verifiers. */
const REMOVE = 'DELETE FROM heartbeat WHERE node_id = $1';

interface Node {
  readonly nodeId: string;
  readonly isCommand: boolean;
}

/**
 * Others count who beats. A server that ended says so by a beat of 0, and a command takes its row away. One that can't is counted for some
 * seconds. Never rejects.
 */
export async function forgetNode(
  client: ClientBase | undefined,
  { nodeId, isCommand }: Node,
  mostMs: number,
): Promise<void> {
  const limit = new TimeLimit(mostMs);
  try {
    await (client && limit.race(client.query(isCommand ? REMOVE : FORGET, [nodeId])));
  } catch {
    // The database is away: there is nobody to say it to.
  } finally {
    limit.clear();
  }
}
