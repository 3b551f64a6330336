/** Connections that are asked what they lead to when they are new, waited for no longer than is bearable, and given up when in doubt. */
import type { Duplex } from 'node:stream';
import pg, { type ClientBase, type ClientConfig, type PoolClient } from 'pg';
import type { PoolFigures } from '../../core/services/store-figures.ts';
import { Batches, type Result, type Statement } from './batch.ts';
import { isUsable, NoAnswer } from './faults.ts';
import type { PostgresOptions } from './options.ts';

/** One connection, while it is used. */
export interface Session {
  /** Grows with each promotion of a standby. */
  readonly timeline: number;
  /** Whether the server keeps more for it than it should. */
  readonly isWorn: boolean;
  /** What is asked without waiting in between is sent together, and is one transaction where there is none around it. */
  query(statement: Statement, values?: readonly unknown[]): Promise<Result>;
}

/** What a session has set is not here: settings.ts. */
export function clientConfig(options: PostgresOptions): ClientConfig {
  return {
    connectionString: options.url,
    ...(options.tls === undefined ? {} : { ssl: options.tls }),
    application_name: 'symbolon',
    client_encoding: 'UTF8',
    connectionTimeoutMillis: options.answerTimeoutMs,
    keepAlive: true,
  };
}

export class Connections {
  readonly #pool: pg.Pool;
  readonly #sessions = new WeakMap<ClientBase, Session>();
  readonly #answerTimeoutMs: number;

  /** `ask` tells of a new connection on which timeline it is, or refuses it. */
  constructor(options: PostgresOptions, size: number, ask: (client: ClientBase) => Promise<number>) {
    this.#answerTimeoutMs = options.answerTimeoutMs;
    this.#pool = new pg.Pool({
      ...clientConfig(options),
      max: size,
      idleTimeoutMillis: 0,
      onConnect: async (client) => {
        // While it is in use, what waits for its answer is told too; without a listener the process would end.
        client.on('error', () => undefined);
        this.#sessions.set(client, await this.#begin(client, ask));
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
      giveBack(client, this.#sessions.get(client)?.isWorn === false);
      return result;
    } catch (error) {
      if (client !== undefined) {
        giveBack(client, isUsable(error));
      }
      throw error;
    } finally {
      limit.clear();
    }
  }

  figures(): PoolFigures {
    const { totalCount, idleCount: idle, waitingCount: waiting, options } = this.#pool;
    return { inUse: totalCount - idle, idle, waiting, max: options.max };
  }

  end(): Promise<void> {
    return this.#pool.end();
  }

  /** The pool itself waits for the handshake only. */
  async #begin(client: ClientBase, ask: (client: ClientBase) => Promise<number>): Promise<Session> {
    const limit = new TimeLimit(this.#answerTimeoutMs);
    try {
      return sessionOf(client, await limit.race(ask(client)));
    } catch (error) {
      abandon(client);
      throw error;
    } finally {
      limit.clear();
    }
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
  return {
    timeline,
    get isWorn() {
      return batches.isWorn;
    },
    query: (statement, values = []) => batches.ask(statement, values),
  };
}

/** Inside a transaction no connection is given to the next: what that one writes would not be committed. */
function giveBack(client: PoolClient, isUsable: boolean): void {
  if (isUsable && client.getTransactionStatus() === 'I') {
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
  readonly #ms: number;
  #fail: (error: Error) => void = () => undefined;
  #timer: NodeJS.Timeout | undefined;
  isOver = false;

  constructor(ms: number) {
    this.#ms = ms;
    this.#over = new Promise((_, reject) => {
      this.#fail = reject;
    });
    this.#over.catch(() => undefined);
    this.restart();
  }

  /** Counts from now. One that is over stays over. */
  restart(ms = this.#ms): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.isOver = true;
      this.#fail(new NoAnswer(`no answer within ${ms} ms`));
    }, ms);
  }

  race<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#over]);
  }

  clear(): void {
    clearTimeout(this.#timer);
  }
}
