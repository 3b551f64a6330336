/** Opening a database: reaching it, asking what it is, and bringing it to this version's schema. */

import pg, { type ClientBase } from 'pg';
import { reasonOf } from '../../core/reason.ts';
import { PROGRESS_TABLE, UNFINISHED } from '../rows/unfinished.ts';
import type { Cluster } from './cluster.ts';
import { abandon, clientConfig, TimeLimit } from './connections.ts';
import { SchemaError } from './faults.ts';
import { migrate } from './migrations.ts';
import type { PostgresOptions } from './options.ts';
import { placeOf } from './place.ts';
import { requireOwnProcess } from './pooler.ts';

/** Thrown with a message for the operator. */
export class OpenError extends Error {
  override readonly name = 'OpenError';
}

export async function openDatabase(options: PostgresOptions, cluster: Cluster): Promise<void> {
  const client = new pg.Client(clientConfig(options));
  client.on('error', () => undefined);
  const limit = new TimeLimit(options.answerTimeoutMs);
  try {
    await limit.race(reach(client, cluster, options));
    limit.clear();
    await migrate(client);
    await client.end();
  } catch (error) {
    abandon(client);
    throw new OpenError(
      `can't open the store at ${placeOf(options.url)}: ${reasonOf(error)}. Put that right, or name another with --store (or SYMBOLON_STORE)`,
      { cause: error },
    );
  } finally {
    limit.clear();
  }
}

async function reach(client: pg.Client, cluster: Cluster, options: PostgresOptions): Promise<void> {
  await client.connect();
  // Before anything is set, which would stay with a connection that others share.
  await requireOwnProcess(client, clientConfig(options));
  await cluster.askPrimary(client, options);
  await requireFinished(client);
}

/** Refuses a copy that was begun and not verified. */
export async function requireFinished(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ found: boolean }>('SELECT to_regclass($1) IS NOT NULL AS found', [
    PROGRESS_TABLE,
  ]);
  if (rows[0]?.found !== false) {
    throw new SchemaError(UNFINISHED);
  }
}
