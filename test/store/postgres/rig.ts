/** A server with an empty store's database, and stores on it that end with the test. */

import { SymbolonError } from '../../../src/core/errors.ts';
import { NoAnswer } from '../../../src/store/postgres/faults.ts';
import type { PostgresOptions } from '../../../src/store/postgres/options.ts';
import { PostgresStore } from '../../../src/store/postgres/store.ts';
import { PostgresServer } from '../../postgres.ts';
import { BRIEF_LEASE, PATIENT, postgresOptions } from './options.ts';

export class Rig implements AsyncDisposable {
  readonly server: PostgresServer;
  readonly database: string;
  readonly #owned: AsyncDisposable[] = [];
  #hasReplica = true;

  private constructor(server: PostgresServer, database: string) {
    this.server = server;
    this.database = database;
  }

  static async start(): Promise<Rig> {
    const server = await PostgresServer.start();
    return new Rig(server, await server.createDatabase());
  }

  get url(): string {
    return this.server.urlOf(this.database);
  }

  /** One that puts up with a machine that stands still, unless it is told otherwise. */
  async open(options: Partial<PostgresOptions> = {}): Promise<PostgresStore> {
    const all = { ...postgresOptions(this.url), ...PATIENT, ...options };
    const store = await persistently(() => PostgresStore.open(all), isLate);
    this.owns({ [Symbol.asyncDispose]: () => store.close() });
    return store;
  }

  /** What a test begins with, made by a node that has time and is gone afterwards. */
  async prepare<T>(work: (store: PostgresStore) => Promise<T>): Promise<T> {
    const store = await PostgresStore.open({ ...postgresOptions(this.url), ...PATIENT });
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  }

  /** Ends it with the rig, before what was owned earlier. */
  owns<T extends AsyncDisposable>(thing: T): T {
    this.#owned.unshift(thing);
    return thing;
  }

  /** Runs statements as the database's administrator. */
  async sql<T extends Record<string, unknown>>(text: string, server: PostgresServer = this.server): Promise<T[]> {
    const client = await server.connect(this.database);
    try {
      return (await client.query<T>(text)).rows;
    } finally {
      await client.end();
    }
  }

  async setting(name: string, value: string): Promise<void> {
    await this.sql(`ALTER SYSTEM SET ${name} = '${value}'`);
    await this.sql('SELECT pg_reload_conf()');
    await until(`${name} to be ${value}`, async () => {
      const [row] = await this.sql<{ value: string }>(`SELECT current_setting('${name}') AS value`);
      return row?.value === value;
    });
  }

  /** From then on every commit waits for a replica that is not there. The processes of the server learn of it one after the other. */
  async loseReplica(): Promise<void> {
    this.#hasReplica = false;
    await this.setting('synchronous_standby_names', 'nobody');
    await until('commits to wait', () => this.#isCommitWaiting());
  }

  async #isCommitWaiting(): Promise<boolean> {
    const client = await this.server.connect(this.database);
    // Whatever the server's default is.
    await client.query('SET synchronous_commit = on');
    const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
    const { pid } = rows[0];
    let isOver = false;
    const commit = client.query(`SELECT pg_logical_emit_message(true, 'probe', '')`).finally(() => {
      isOver = true;
    });
    let isWaiting = false;
    await until('a commit to wait or to be over', async () => {
      const waiting = await this.sql(`SELECT FROM pg_stat_activity WHERE pid = ${pid} AND wait_event = 'SyncRep'`);
      isWaiting = waiting.length > 0;
      return isWaiting || isOver;
    });
    await this.sql(`SELECT pg_cancel_backend(${pid})`);
    await commit;
    await client.end();
    return isWaiting;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // A patient node would wait for its last words to be replicated.
    if (!this.#hasReplica) {
      await this.setting('synchronous_standby_names', '');
    }
    for (const each of this.#owned) {
      await each[Symbol.asyncDispose]();
    }
    await this.server[Symbol.asyncDispose]();
  }
}

const PATIENCE_MS = 30_000;

/** Waits for a condition. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (performance.now() > end) {
      throw new Error(`waited in vain for ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/**
 * For what shall be answered by a node whose lease is brief: done again as long as the store is not available, since a machine that stands
 * still costs the lease too. Only for what may be done twice.
 */
export function answered<T>(work: () => Promise<T>): Promise<T> {
  return persistently(work, (error) => error instanceof SymbolonError && error.code === 'store_unavailable');
}

/** For good: a heartbeat that was acknowledged before this is called may renew a brief lease that was over already. */
export async function untilLeaseLost(store: PostgresStore, { leaseMs } = BRIEF_LEASE): Promise<void> {
  const end = performance.now() + leaseMs;
  await until('the lease to be lost', () => !store.isReadable() && performance.now() > end);
}

/** A node does not start when its first heartbeat, or what it asks before, takes too long. */
function isLate(error: unknown): boolean {
  return error instanceof NoAnswer || (error instanceof Error && error.cause instanceof NoAnswer);
}

async function persistently<T>(work: () => Promise<T>, isWorthAnother: (error: unknown) => boolean): Promise<T> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isWorthAnother(error) || performance.now() > end) {
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
