import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command, Outcome } from '../../core/commands.ts';
import { SymbolonError } from '../../core/errors.ts';
import type { LoginHandle } from '../../core/handles.ts';
import type { TokenReading } from '../../core/liveness.ts';
import type { Digest, Instant, LoginFailures, Subject, Tenant } from '../../core/model.ts';
import type { ClientReading, ExecuteOptions, IntrospectionReading, ReadBounds, Store } from '../../core/store.ts';
import { Connections, type Session } from './connections.ts';
import { isConflict, NotThePrimary, storeError } from './faults.ts';
import { Lease } from './lease.ts';
import { openDatabase } from './open.ts';
import { type PostgresOptions, READ_POOL_SIZE } from './options.ts';
import { purge } from './purge.ts';
import { ReadBatches } from './read-batches.ts';
import * as reads from './reader.ts';
import { Replica } from './replica.ts';
import { type Lookup, readTokens } from './token-reader.ts';
import { type Executed, executeOnce, type Progress, requireTime } from './transaction.ts';

/** Attempts of a command that others are in the way of; the deadline ends them sooner. */
const MOST_ATTEMPTS = 20;
const LONGEST_PAUSE_MS = 100;
const REPLICA_RETRY_MS = 20;

/** The PostgreSQL engine: a node without state, beside others on the same database. */
export class PostgresStore implements Store {
  readonly #options: PostgresOptions;
  readonly #writers: Connections;
  readonly #readers: Connections;
  readonly #lease: Lease;
  readonly #replica: Replica | undefined;
  readonly #tokens: ReadBatches<Lookup, IntrospectionReading>;
  readonly #listeners: (() => void)[] = [];
  readonly #working = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

  private constructor(options: PostgresOptions) {
    this.#options = options;
    this.#writers = new Connections(options, options.poolSize);
    this.#readers = new Connections(options, READ_POOL_SIZE);
    this.#lease = new Lease(randomUUID(), options, () => {
      for (const listener of this.#listeners) {
        listener();
      }
    });
    this.#replica =
      options.replicaUrl === undefined ? undefined : new Replica(options.replicaUrl, options, this.#lease);
    this.#tokens = new ReadBatches((lookups) => this.#read((session) => readTokens(session, lookups)));
  }

  /** Connects and migrates. Rejects with a message for the operator, which holds no password. */
  static async open(options: PostgresOptions): Promise<PostgresStore> {
    await openDatabase(options);
    const store = new PostgresStore(options);
    try {
      await store.#lease.start();
    } catch (error) {
      await store.close();
      throw error;
    }
    return store;
  }

  execute<C extends Command>(command: C, options: ExecuteOptions = {}): Promise<Outcome<C>> {
    return this.#track(() => this.#execute(command, options.deadline) as Promise<Outcome<C>>);
  }

  readToken(tenantId: string, digest: Digest, bounds?: ReadBounds): Promise<IntrospectionReading> {
    const lookup = { tenantId, digest };
    return bounds === undefined || this.#replica === undefined
      ? this.#tokens.read(lookup)
      : this.#readWithin(this.#replica, lookup, bounds);
  }

  async readBearer(digest: Digest): Promise<TokenReading | undefined> {
    return (await this.#tokens.read({ tenantId: null, digest })).reading;
  }

  readClient(clientId: string): Promise<ClientReading | undefined> {
    return this.#read((session) => reads.readClient(session, clientId));
  }

  readTenant(tenantId: string): Promise<Tenant | undefined> {
    return this.#read((session) => reads.readTenant(session, tenantId));
  }

  findSubject(tenantId: string, handle: LoginHandle): Promise<Subject | undefined> {
    return this.#read((session) => reads.findSubject(session, tenantId, handle));
  }

  readLoginFailures(tenantId: string, keys: readonly string[]): Promise<readonly LoginFailures[]> {
    return this.#read((session) => reads.readLoginFailures(session, tenantId, keys));
  }

  purgeExpired(limit: number): Promise<number> {
    return this.#track(() => this.#write((session) => purge(session, this.#options.clock(), limit)));
  }

  isWritable(): boolean {
    return this.#lease.isHeld;
  }

  isReadable(): boolean {
    return this.#lease.isHeld;
  }

  onStandingChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await Promise.allSettled(this.#working);
    await this.#lease.stop();
    await Promise.all([this.#writers.end(), this.#readers.end(), this.#replica?.end()]);
  }

  /** What was begun is finished before the store closes, and nothing is begun after. */
  async #track<T>(work: () => Promise<T>): Promise<T> {
    this.#requireOpen();
    const working = work();
    this.#working.add(working);
    try {
      return await working;
    } finally {
      this.#working.delete(working);
    }
  }

  async #execute(command: Command, deadline: Instant | undefined): Promise<Outcome<Command>> {
    let isTenantChanging = false;
    for (let attempt = 1; ; attempt++) {
      requireTime(deadline);
      const progress: Progress = { isCommitting: false };
      try {
        return (await this.#attempt(command, progress, isTenantChanging)).outcome;
      } catch (error) {
        const canRepeat = !progress.isCommitting || isConflict(error);
        if (attempt === MOST_ATTEMPTS || !canRepeat || !(isConflict(error) || error instanceof NotThePrimary)) {
          throw this.#refusal(error, !progress.isCommitting);
        }
        isTenantChanging ||= isConflict(error);
        await sleep(Math.random() * Math.min(LONGEST_PAUSE_MS, 2 ** attempt));
      }
    }
  }

  async #attempt(command: Command, progress: Progress, isTenantChanging: boolean): Promise<Executed> {
    let timeline = 0;
    const executed = await this.#write((session) => {
      timeline = session.timeline;
      return executeOnce(session, command, this.#options.clock(), progress, isTenantChanging);
    });
    if (executed.wrote) {
      await this.#lease.untilAnswerable(timeline);
    } else {
      // Nothing was written, so nothing waited for the replica: what was read is worth what the lease is.
      this.#requireLease(timeline);
    }
    return executed;
  }

  /** A node that has lost its lease begins no write: it would wait in the server for a replica that is not there. */
  #write<T>(work: (session: Session) => Promise<T>): Promise<T> {
    this.#requireLease();
    return this.#writers.use((session) => {
      this.#requireCurrent(session);
      return work(session);
    });
  }

  async #read<T>(read: (session: Session) => Promise<T>): Promise<T> {
    this.#requireOpen();
    for (let attempt = 1; ; attempt++) {
      try {
        this.#requireLease();
        return await this.#readers.use(async (session) => {
          this.#requireCurrent(session);
          const result = await read(session);
          this.#requireLease(session.timeline);
          return result;
        });
      } catch (error) {
        if (!(error instanceof NotThePrimary) || attempt > READ_POOL_SIZE) {
          throw this.#refusal(error, true);
        }
      }
    }
  }

  /** From the replica where it is within the bounds, else from the primary; waits for either while there is time. */
  async #readWithin(replica: Replica, lookup: Lookup, bounds: ReadBounds): Promise<IntrospectionReading> {
    const deadline = bounds.deadline ?? Date.now() + this.#options.answerTimeoutMs;
    for (;;) {
      const reading = await replica.readToken(lookup, bounds);
      if (reading !== undefined) {
        return reading;
      }
      try {
        return await this.#tokens.read(lookup);
      } catch (error) {
        this.#requireOpen();
        if (Date.now() + REPLICA_RETRY_MS >= deadline) {
          throw error;
        }
        await sleep(REPLICA_RETRY_MS);
      }
    }
  }

  /** A connection to a primary that was replaced is given up, and another is taken. */
  #requireCurrent({ timeline }: Session): void {
    if (timeline < this.#lease.timeline) {
      throw new NotThePrimary(`the connection is on timeline ${timeline}, and ${this.#lease.timeline} has begun`);
    }
  }

  #requireLease(timeline = this.#lease.timeline): void {
    if (!this.#lease.holds(timeline)) {
      throw new SymbolonError('store_unavailable', 'The store’s primary is not known to be the primary now', {
        retryAfterMs: 1_000,
      });
    }
  }

  #requireOpen(): void {
    if (this.#closing !== undefined) {
      throw new SymbolonError('store_unavailable', 'The store is closed');
    }
  }

  #refusal(error: unknown, isOutcomeKnown: boolean): SymbolonError {
    const refusal = storeError(error, isOutcomeKnown);
    if (refusal.cause instanceof Error) {
      this.#options.onFault?.(refusal.cause.message);
    }
    return refusal;
  }
}
