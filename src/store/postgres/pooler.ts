/**
 * A pooler between this node and PostgreSQL is fine as long as each of our connections has a server process of its own: what is set,
 * prepared and locked belongs to that process. One that shares them between transactions is refused.
 */
import pg, { type ClientBase, type ClientConfig } from 'pg';
import { abandon } from './connections.ts';
import { ServerError } from './faults.ts';

export const SHARED =
  'a pooler shares connections between transactions there, and what a session has set, prepared or locked gets lost. Give Symbolon ' +
  'connections of its own (pool_mode = session of PgBouncer), or the address of PostgreSQL itself';

/**
 * PostgreSQL tells a new connection the number of its process, and a pooler makes one up. Where they differ, a second connection begins
 * a transaction: if connections are shared, it gets the process that the first one had, or the first one gets another.
 */
export async function requireOwnProcess(client: pg.Client, config: ClientConfig): Promise<void> {
  const pid = await pidOf(client);
  if (pid === (client as unknown as { processID: number }).processID) {
    return;
  }
  const other = new pg.Client(config);
  other.on('error', () => undefined);
  try {
    await other.connect();
    const isShared = await isRefused(other.query('BEGIN'));
    const pids = isShared ? [] : [await pidOf(other), await pidOf(client), await pidOf(client)];
    if (isShared || pids[0] === pid || pids[1] !== pid || pids[2] !== pid) {
      throw new ServerError(SHARED);
    }
  } finally {
    abandon(other);
  }
}

/** One that shares connections between statements allows no transaction. */
async function isRefused(query: Promise<unknown>): Promise<boolean> {
  try {
    await query;
    return false;
  } catch (error) {
    if (error instanceof Error && /pooling/.test(error.message)) {
      return true;
    }
    throw error;
  }
}

async function pidOf(client: ClientBase): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_catalog.pg_backend_pid() AS pid');
  return rows[0]?.pid ?? 0;
}
