/** What a new connection leads to. It is asked once: of which database cluster, whether a primary, on which timeline. */
import type { ClientBase } from 'pg';
import { NotThePrimary } from './faults.ts';

const MIN_VERSION = 150_000;
/** 32 bits of hexadecimal digits at the start of a WAL file's name. */
const ASK = `SELECT current_setting('server_version_num')::int AS version, current_setting('synchronous_commit') AS commits,
  current_setting('fsync') AS fsync, (SELECT system_identifier FROM pg_control_system())::text AS system,
  CASE WHEN pg_is_in_recovery() THEN 0
    ELSE ('x' || substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))::bit(32)::int END AS timeline`;
/** Settings of synchronous_commit under which an answer has waited for a replica's disk. */
const WAITING = ['on', 'remote_apply'];

interface Server {
  readonly version: number;
  readonly commits: string;
  readonly fsync: string;
  readonly system: string;
  readonly timeline: number;
}

/** Thrown with a message for the operator. */
export class ServerError extends Error {
  override readonly name = 'ServerError';
}

/** The database cluster that this node is on: the first that it was led to. Another one's commits vouch for nothing here. */
export class Cluster {
  #system: string | undefined;

  /** Answers the timeline. Refuses a standby, another cluster, and a server that is too old or can't keep what it acknowledges. */
  async askPrimary(client: ClientBase): Promise<number> {
    const server = await this.#ask(client);
    if (server.timeline === 0) {
      throw new NotThePrimary('the address leads to a standby, which can’t be written');
    }
    // Said aloud even where it is so by default: a default may be changed while the connection is open.
    const commits = WAITING.includes(server.commits) ? server.commits : 'on';
    await client.query(`SET synchronous_commit = ${commits}`);
    return server.timeline;
  }

  /** Refuses a standby of another cluster. */
  async askStandby(client: ClientBase): Promise<void> {
    await this.#ask(client);
  }

  async #ask(client: ClientBase): Promise<Server> {
    const { rows } = await client.query<Server>(ASK);
    const server = rows[0] as Server;
    if (server.version < MIN_VERSION) {
      throw new ServerError(
        `the server is PostgreSQL ${Math.floor(server.version / 10_000)}; Symbolon needs 15 or newer`,
      );
    }
    if (server.fsync !== 'on') {
      throw new ServerError('the server has fsync off, and loses what it acknowledged when it crashes. Turn it on');
    }
    this.#system ??= server.system;
    if (server.system !== this.#system) {
      throw new NotThePrimary('the address leads to another database cluster than when this node was started');
    }
    return server;
  }
}
