/** What a new connection leads to. It is asked once: of which database cluster, whether a primary, on which timeline. */
import type { ClientBase } from 'pg';
import { NotThePrimary, ServerError } from './faults.ts';
import { findSchema, readPath } from './search-path.ts';
import { type Limits, notKept, readingBack, setAll } from './settings.ts';

const MIN_VERSION = 150_000;
/** 32 bits of hexadecimal digits at the start of a WAL file's name. */
const ASK = `SELECT current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding,
  current_setting('fsync') AS fsync, current_setting('session_replication_role') AS role,
  current_setting('default_transaction_read_only') AS read_only, pg_backend_pid() AS pid,
  (SELECT system_identifier FROM pg_control_system())::text AS system,
  CASE WHEN pg_is_in_recovery() THEN 0
    ELSE ('x' || substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))::bit(32)::int END AS timeline`;

interface Server {
  readonly version: number;
  readonly encoding: string;
  readonly fsync: string;
  readonly role: string;
  readonly read_only: string;
  /** Of the process that answers. */
  readonly pid: number;
  readonly system: string;
  readonly timeline: number;
}

/** The server that a connection leads to. */
export interface ReachedPrimary {
  /** Of its database cluster. */
  readonly system: string;
  readonly timeline: number;
  /** Of the process that answers. */
  readonly pid: number;
}

/** The database cluster that this node is on: the first that it was led to. Another one's commits vouch for nothing here. */
export class Cluster {
  #system: string | undefined;
  #schema: string | undefined;

  /**
   * Sets what a session must have, and answers where it is. Refuses a standby, another cluster, and a server
   * that is too old, can't keep what it acknowledges, or would change the meaning of what we write.
   */
  async askPrimary(client: ClientBase, limits: Limits): Promise<ReachedPrimary> {
    const { system, timeline, read_only, pid } = await this.#ask(client, limits);
    if (timeline === 0) {
      throw new NotThePrimary('the address leads to a standby, which can’t be written');
    }
    if (read_only !== 'off') {
      throw new ServerError(
        'the database takes no writes, for default_transaction_read_only is on. Turn it off where it was set: the server, ALTER ' +
          'DATABASE or ALTER ROLE',
      );
    }
    return { system, timeline, pid };
  }

  /** Refuses a standby of another cluster. */
  async askStandby(client: ClientBase, limits: Limits): Promise<void> {
    await this.#ask(client, limits);
  }

  async #ask(client: ClientBase, limits: Limits): Promise<Server> {
    const path = this.#schema === undefined ? await readPath(client) : [];
    let set = await setAll(client, limits, this.#schema);
    if (this.#schema === undefined) {
      this.#schema = await findSchema(client, path);
      set = await setAll(client, limits, this.#schema);
    }
    const { rows } = await client.query<Server & Record<string, unknown>>(`${ASK}, ${readingBack(set)}`);
    const server = rows[0] as Server & Record<string, unknown>;
    requireFit(server);
    const lost = notKept(set, server);
    if (lost !== undefined) {
      throw new ServerError(
        `the setting ${lost} does not stay as it was set. A pooler that shares connections between transactions does so; give ` +
          'Symbolon connections of its own (pool_mode=session of PgBouncer)',
      );
    }
    this.#system ??= server.system;
    if (server.system !== this.#system) {
      throw new NotThePrimary('the address leads to another database cluster than when this node was started');
    }
    return server;
  }
}

function requireFit({ version, encoding, fsync, role }: Server): void {
  if (version < MIN_VERSION) {
    throw new ServerError(`the server is PostgreSQL ${Math.floor(version / 10_000)}; Symbolon needs 15 or newer`);
  }
  if (encoding !== 'UTF8') {
    throw new ServerError(
      `the database keeps its texts in ${encoding}, and Symbolon needs UTF8. Make another: createdb --encoding=UTF8 --locale=C ` +
        '--template=template0 --owner=<user> <name>',
    );
  }
  if (fsync !== 'on') {
    throw new ServerError('the server has fsync off, and loses what it acknowledged when it crashes. Turn it on');
  }
  if (role !== 'origin') {
    throw new ServerError(
      `session_replication_role is ${role}, which turns references between tables off. Take it away from the role and the database: ` +
        'ALTER ROLE … RESET session_replication_role',
    );
  }
}
