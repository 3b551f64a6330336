/** Stores to copy between, and looks into them past all that is tested. */
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type pg from 'pg';
import type { Store } from '../../../src/core/services/store.ts';
import { TABLES } from '../../../src/core/tables/index.ts';
import type { Place } from '../../../src/store/copy/end.ts';
import { Cluster } from '../../../src/store/postgres/cluster.ts';
import { openDatabase } from '../../../src/store/postgres/open.ts';
import { PostgresStore } from '../../../src/store/postgres/store.ts';
import { SqliteStore } from '../../../src/store/sqlite/store.ts';
import { PostgresServer } from '../../postgres.ts';
import { TestClock, temporaryDirectory } from '../../support.ts';
import { fillStore, type Refreshed } from '../full-store.ts';
import { PATIENT, postgresOptions } from '../postgres/options.ts';

export const NAMES = TABLES.map(({ name }) => name);

export type SqlitePlace = Extract<Place, { kind: 'sqlite' }>;
export type PostgresPlace = Extract<Place, { kind: 'postgres' }>;
type Rows = Record<string, unknown[]>;

export class CopyBed implements AsyncDisposable {
  readonly #server: PostgresServer;
  readonly #directory = temporaryDirectory();
  readonly clock = new TestClock();
  /** A SQLite store with rows of every table. */
  readonly full = this.newDirectory();
  readonly refreshed: Refreshed = fillStore(join(this.full.directory, 'symbolon.db'), this.clock.now);

  private constructor(server: PostgresServer) {
    this.#server = server;
  }

  static async open(): Promise<CopyBed> {
    return new CopyBed(await PostgresServer.start());
  }

  /** One that holds nothing, and is there. */
  newDirectory(): SqlitePlace {
    const directory = join(this.#directory.path, randomUUID());
    mkdirSync(directory);
    return { kind: 'sqlite', directory };
  }

  async newDatabase(): Promise<PostgresPlace> {
    return { kind: 'postgres', url: this.#server.urlOf(await this.#server.createDatabase()) };
  }

  /** As `symbolon init` leaves it, but for the heartbeat. */
  async newEmptyStore(): Promise<PostgresPlace> {
    const place = await this.newDatabase();
    await openDatabase({ ...postgresOptions(place.url), ...PATIENT }, new Cluster());
    return place;
  }

  openSqlite(place: SqlitePlace): Promise<Store> {
    return SqliteStore.open({ path: join(place.directory, 'symbolon.db'), clock: this.clock.read });
  }

  openPostgres(place: PostgresPlace): Promise<Store> {
    return PostgresStore.open({ ...postgresOptions(place.url), ...PATIENT, clock: this.clock.read });
  }

  openStore(place: Place): Promise<Store> {
    return place.kind === 'sqlite' ? this.openSqlite(place) : this.openPostgres(place);
  }

  /** Runs statements past the store. */
  async alter(place: Place, ...statements: string[]): Promise<void> {
    if (place.kind === 'sqlite') {
      const database = new Database(join(place.directory, 'symbolon.db'));
      for (const statement of statements) {
        database.exec(statement);
      }
      database.close();
      return;
    }
    await this.withClient(place, async (client) => {
      for (const statement of statements) {
        await client.query(statement);
      }
    });
  }

  async withClient<T>(place: PostgresPlace, work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = await this.#server.connect(new URL(place.url).pathname.slice(1));
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
    this.#directory.remove();
  }
}

/** All that a SQLite store holds. */
export function rowsOf(place: SqlitePlace): Rows {
  const database = new Database(join(place.directory, 'symbolon.db'), { readonly: true });
  try {
    return Object.fromEntries(
      NAMES.map((name) => [name, database.prepare(`SELECT * FROM ${name}`).safeIntegers().all()]),
    );
  } finally {
    database.close();
  }
}

export function countsOf(rows: Rows): Record<string, number> {
  return Object.fromEntries(Object.entries(rows).map(([name, { length }]) => [name, length]));
}
