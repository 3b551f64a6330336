/** A PostgreSQL source: one transaction holds a lock on every table, with which all may read and nobody may write. */
import { TABLES } from '../../core/tables/index.ts';
import { migrate } from '../postgres/migrations.ts';
import { requireFinished } from '../postgres/open.ts';
import { CopyError, describePlace, type Source } from './end.ts';
import { openPostgres, type PostgresEnd, type PostgresPlace, requireStore } from './postgres-end.ts';
import { requireQuiet, requireQuietNow } from './postgres-nodes.ts';

const LOCK_TIMEOUT_MS = 5_000;
const LOCK_NOT_AVAILABLE = '55P03';
const LOCKED = [...TABLES.map(({ name }) => name), 'heartbeat'].join(', ');

export function openPostgresSource(place: PostgresPlace): Promise<Source> {
  return openPostgres(place, async (end) => {
    requireStore(end, place);
    await requireFinished(end.client);
    await requireQuiet(end.client, describePlace(place));
    await migrate(end.client);
    await lock(end, place);
    return end;
  });
}

/** Till the connection ends. A server that replaces this one does not know the lock, and ends the connection. */
async function lock({ client }: PostgresEnd, place: PostgresPlace): Promise<void> {
  await client.query('BEGIN');
  await client.query(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`);
  try {
    await client.query(`LOCK TABLE ${LOCKED} IN SHARE MODE`);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === LOCK_NOT_AVAILABLE) {
      throw new CopyError(`${describePlace(place)} is being written. Stop who writes it for the time of the copy`);
    }
    throw error;
  }
  await requireQuietNow(client, describePlace(place));
}
