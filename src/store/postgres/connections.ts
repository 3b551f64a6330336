/**
 * Connections to the primary. Each is asked once, when it is new, whether it leads to a primary and on which timeline: a server
 * that was replaced by another goes on answering on an older one.
 */
import type { Duplex } from 'node:stream';
import pg, { type ClientBase, type ClientConfig, type PoolClient } from 'pg';
import { Batches, type Result, type Statement } from './batch.ts';
import { isUsable, NoAnswer, NotThePrimary } from './faults.ts';
import type { PostgresOptions } from './options.ts';

/** One connection, while it is used. */
export interface Session {
  /** Grows with each promotion of a standby. */
  readonly timeline: number;
  /** What is asked without waiting in between is sent together, and is one transaction where there is none around it. */
  query(statement: Statement, values?: readonly unknown[]): Promise<Result>;
}

const OLDEST_VERSION = 150_000;
/** 32 bits of hexadecimal digits at the start of a WAL file's name. */
const ASK_SERVER = `SELECT current_setting('server_version_num')::int AS version, current_setting('synchronous_commit') AS commits,
  current_setting('fsync') AS fsync,
  CASE WHEN pg_is_in_recovery() THEN 0
    ELSE ('x' || substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))::bit(32)::int END AS timeline`;
/**
 * Every statement here finds rows by their keys. The planner must not decide otherwise from the statistics of a table that was empty
 * a moment ago: the plan of a prepared statement stays.
 */
const PLANNER = ['enable_seqscan', 'enable_hashjoin', 'enable_mergejoin', 'jit']
  .map((each) => `-c ${each}=off`)
  .join(' ');

interface Server {
  readonly version: number;
  readonly commits: string;
  readonly fsync: string;
  readonly timeline: number;
}

export function clientConfig(options: PostgresOptions): ClientConfig {
  return {
    connectionString: options.url,
    ...(options.tls === undefined ? {} : { ssl: options.tls }),
    application_name: 'symbolon',
    statement_timeout: options.statementTimeoutMs,
    // A node that dies between two statements must not keep its locks.
    idle_in_transaction_session_timeout: options.answerTimeoutMs,
    connectionTimeoutMillis: options.answerTimeoutMs,
    keepAlive: true,
    options: PLANNER,
  };
}

/** Asks a new connection what it leads to, and answers the timeline. A standby is refused, and a server that is too old. */
export async function requirePrimary(client: ClientBase): Promise<number> {
  const { rows } = await client.query<Server>(ASK_SERVER);
  const [server] = rows;
  if (server === undefined || server.timeline === 0) {
    throw new NotThePrimary('the address leads to a standby, which can’t be written');
  }
  if (server.version < OLDEST_VERSION) {
    throw new ServerError(
      `the server is PostgreSQL ${Math.floor(server.version / 10_000)}; Symbolon needs 15 or newer`,
    );
  }
  if (server.fsync !== 'on') {
    throw new ServerError('the server has fsync off, and loses what it acknowledged when it crashes. Turn it on');
  }
  if (server.commits === 'off' || server.commits === 'local') {
    // An answer that waits for less than the replica is lost with the primary.
    await client.query('SET synchronous_commit = on');
  }
  return server.timeline;
}

/** Thrown with a message for the operator. */
export class ServerError extends Error {
  override readonly name = 'ServerError';
}

export class Connections {
  readonly #pool: pg.Pool;
  readonly #sessions = new WeakMap<ClientBase, Session>();
  readonly #answerTimeoutMs: number;

  /** `ask` tells of a new connection on which timeline it is, or refuses it. */
  constructor(options: PostgresOptions, size: number, ask: (client: ClientBase) => Promise<number> = requirePrimary) {
    this.#answerTimeoutMs = options.answerTimeoutMs;
    this.#pool = new pg.Pool({
      ...clientConfig(options),
      max: size,
      idleTimeoutMillis: 0,
      onConnect: async (client) => {
        // While it is in use, what waits for its answer is told too; without a listener the process would end.
        client.on('error', () => undefined);
        this.#sessions.set(client, sessionOf(client, await ask(client)));
      },
    });
    // An idle connection that breaks is gone from the pool by then; the next use makes another.
    this.#pool.on('error', () => undefined);
  }

  /**
   * Runs `work` on one connection, for as long as the node waits for an answer at most. A connection that is not answering, or is
   * not usable any more, is given up.
   */
  async use<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const limit = new TimeLimit(this.#answerTimeoutMs);
    let client: PoolClient | undefined;
    try {
      client = await limit.race(this.#connect(limit));
      const result = await limit.race(work(this.#sessions.get(client) as Session));
      client.release();
      return result;
    } catch (error) {
      if (client !== undefined) {
        giveBack(client, error);
      }
      throw error;
    } finally {
      limit.clear();
    }
  }

  end(): Promise<void> {
    return this.#pool.end();
  }

  async #connect(limit: TimeLimit): Promise<PoolClient> {
    const client = await this.#pool.connect();
    if (limit.isOver) {
      client.release();
    }
    return client;
  }
}

function sessionOf(client: ClientBase, timeline: number): Session {
  const batches = new Batches(client);
  return { timeline, query: (statement, values = []) => batches.ask(statement, values) };
}

function giveBack(client: PoolClient, error: unknown): void {
  if (isUsable(error)) {
    client.release();
    return;
  }
  abandon(client);
  client.release(true);
}

/** Ends the socket at once: a polite end waits for the answer that does not come. */
export function abandon(client: ClientBase): void {
  (client as unknown as { connection: { stream: Duplex } }).connection.stream.destroy();
}

/** One limit for everything that happens before an answer. */
export class TimeLimit {
  readonly #over: Promise<never>;
  #timer: NodeJS.Timeout | undefined;
  isOver = false;

  constructor(ms: number) {
    this.#over = new Promise((_, reject) => {
      this.#timer = setTimeout(() => {
        this.isOver = true;
        reject(new NoAnswer(`no answer within ${ms} ms`));
      }, ms);
    });
    this.#over.catch(() => undefined);
  }

  race<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#over]);
  }

  clear(): void {
    clearTimeout(this.#timer);
  }
}
