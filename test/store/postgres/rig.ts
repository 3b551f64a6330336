/** A server with an empty store's database, and stores on it that end with the test. */

import type { PostgresOptions } from '../../../src/store/postgres/options.ts';
import { PostgresStore } from '../../../src/store/postgres/store.ts';
import { PostgresServer } from '../../postgres.ts';
import { postgresOptions } from './options.ts';

export class Rig implements AsyncDisposable {
  readonly server: PostgresServer;
  readonly database: string;
  readonly #owned: AsyncDisposable[] = [];

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

  async open(options: Partial<PostgresOptions> = {}): Promise<PostgresStore> {
    const store = await PostgresStore.open({ ...postgresOptions(this.url), ...options });
    this.owns({ [Symbol.asyncDispose]: () => store.close() });
    return store;
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
