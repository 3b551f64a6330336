/** What a PostgreSQL end is, as a source or a target: one connection on which rows are read in the order of their keys. */

import pg, { type QueryConfig, type QueryResult } from 'pg';
import { reasonOf } from '../../core/reason.ts';
import type { AnyTable, ColumnKind } from '../../core/table.ts';
import { Cluster } from '../postgres/cluster.ts';
import { clientConfig } from '../postgres/connections.ts';
import { requireOwnProcess } from '../postgres/pooler.ts';
import { columnList } from '../rows/sql.ts';
import { CopyError, describePlace, type End, type Place, refuseMissing } from './end.ts';
import { type Key, keyColumnsOf, type Row, type Value } from './rows.ts';

export type PostgresPlace = Extract<Place, { kind: 'postgres' }>;

export const TYPES: Record<ColumnKind, string> = { text: 'text', integer: 'bigint', flag: 'boolean', bytes: 'bytea' };

const CONNECT_TIMEOUT_MS = 10_000;
const BIGINT = 20;
const WHO = `SELECT system_identifier || '/' || (SELECT oid FROM pg_database WHERE datname = current_database()) || '/' ||
  current_schema() AS identity, to_regclass('schema_version') IS NOT NULL AS is_store FROM pg_control_system()`;

/** All of a number's bits. */
const READ_TYPES = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === BIGINT ? BigInt : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
};

export class PostgresEnd implements End {
  readonly client: pg.Client;
  /** Of the server with its replicas, the database in it, and the schema. */
  readonly identity: string;
  /** Whether there is a store in the database. */
  readonly isStore: boolean;

  constructor(client: pg.Client, identity: string, isStore: boolean) {
    this.client = client;
    this.identity = identity;
    this.isStore = isStore;
  }

  async read(table: AnyTable, after: Key | null, limit: number): Promise<readonly Row[]> {
    const keys = table.keyColumns.join(', ');
    const values = keyColumnsOf(table).map(({ kind }, i) => `$${i + 2}::${TYPES[kind]}`);
    const later = after === null ? '' : `WHERE (${keys}) > (${values.join(', ')})`;
    const query = {
      name: `read ${table.name} ${after !== null}`,
      text: `SELECT ${columnList(table)} FROM ${table.name} ${later} ORDER BY ${keys} LIMIT $1`,
      values: [limit, ...(after ?? [])],
      rowMode: 'array',
    };
    const { rows } = (await this.client.query(query as QueryConfig)) as unknown as QueryResult<Value[]>;
    return rows;
  }

  async count(table: AnyTable): Promise<number> {
    const { rows } = await this.client.query<{ count: bigint }>(`SELECT count(*) AS count FROM ${table.name}`);
    return Number(rows[0]?.count);
  }

  async close(): Promise<void> {
    await this.client.end().catch(() => undefined);
  }
}

/** Connects to a primary, and lets `work` make an end of it. */
export async function openPostgres<T>(place: PostgresPlace, work: (end: PostgresEnd) => Promise<T>): Promise<T> {
  const config = clientConfig({
    url: place.url,
    ...(place.tls === undefined ? {} : { tls: place.tls }),
    poolSize: 1,
    statementTimeoutMs: 0,
    answerTimeoutMs: CONNECT_TIMEOUT_MS,
    clock: Date.now,
  });
  const client = new pg.Client({ ...config, types: READ_TYPES });
  // What it was used for fails by itself.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await requireOwnProcess(client, config);
    // A node's limits are meant for short transactions.
    await new Cluster().askPrimary(client, { statementTimeoutMs: 0, answerTimeoutMs: 0 });
    const { rows } = await client.query<{ identity: string; is_store: boolean }>(WHO);
    return await work(new PostgresEnd(client, `postgres:${rows[0]?.identity}`, rows[0]?.is_store === true));
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error instanceof CopyError
      ? error
      : new CopyError(`can't open ${describePlace(place)}: ${reasonOf(error)}`, { cause: error });
  }
}

export function requireStore(end: PostgresEnd, place: Place): void {
  if (!end.isStore) {
    throw refuseMissing(place);
  }
}
