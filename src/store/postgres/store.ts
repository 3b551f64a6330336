import { randomUUID } from 'node:crypto';
import type { ClientBase } from 'pg';
import type { Outcome } from '../../core/changes.ts';
import type { AnswerOf, Command } from '../../core/commands/index.ts';
import { SymbolonError } from '../../core/errors.ts';
import type { Instant } from '../../core/model.ts';
import type { Reads, StateOf } from '../../core/plan.ts';
import type { LogPosition, LogReading } from '../../core/services/revocation-log.ts';
import type {
  ClientReading,
  ExecuteOptions,
  IntrospectionReading,
  ReadBounds,
  Store,
} from '../../core/services/store.ts';
import type { StoreFigures } from '../../core/services/store-figures.ts';
import type { List, Page, Where } from '../../core/table.ts';
import { Asking } from './asking.ts';
import type { Statement } from './batch.ts';
import { readClients } from './client-reader.ts';
import { Cluster } from './cluster.ts';
import { Executor } from './executor.ts';
import { FamilyReads } from './family-reads.ts';
import { Lease } from './lease.ts';
import { readLogs } from './log-reader.ts';
import { openDatabase } from './open.ts';
import type { PostgresOptions } from './options.ts';
import { countOtherNodes, nodeIdOf } from './other-nodes.ts';
import { Primary } from './primary.ts';
import { purge } from './purge.ts';
import { ReadBatches } from './read-batches.ts';
import { RowReader } from './row-reader.ts';
import { STEPS } from './schema.ts';
import { listStep, send } from './statements.ts';

/** Milliseconds, as everywhere. */
const TIME: Statement = ['read_time', 'SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint'];

/** The planner's own estimate, which vacuuming and ANALYZE keep: counting would read all of it. -1: there was neither yet. */
const FAMILIES: Statement = [
  'estimate_families',
  `SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = 'family'::regclass`,
];

/** The PostgreSQL engine: a node without state, beside others on the same database. */
export class PostgresStore implements Store {
  readonly #options: PostgresOptions;
  readonly #lease: Lease;
  readonly #processId: string;
  readonly others: Asking;
  readonly #primary: Primary;
  readonly #rows: RowReader;
  readonly #executor: Executor;
  readonly #families: FamilyReads;
  readonly #clients: ReadBatches<string, ClientReading | undefined>;
  readonly #listeners: (() => void)[] = [];
  readonly #working = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

  private constructor(options: PostgresOptions, cluster: Cluster) {
    this.#options = options;
    const { processId = randomUUID(), isThread = false } = options;
    this.#processId = processId;
    const nodeId = nodeIdOf(processId, isThread ? randomUUID() : undefined);
    const onChange = () => {
      for (const listener of this.#listeners) {
        listener();
      }
    };
    // For a thread the main thread of its process speaks.
    const onConnect = async (client: ClientBase) => (isThread ? undefined : this.others.listen(client));
    this.#lease = new Lease({ nodeId, onChange, onConnect }, options, cluster);
    const primary = new Primary(options, cluster, this.#lease);
    this.#primary = primary;
    this.others = new Asking(primary, this.#lease, processId);
    this.#families = new FamilyReads(options, cluster, this.#lease, primary);
    this.#rows = new RowReader(primary, options.clock);
    this.#executor = new Executor(primary, this.#rows, options);
    this.#clients = new ReadBatches((ids) => primary.read((session) => readClients(session, ids)));
  }

  /** Connects and migrates. Rejects with a message for the operator, which holds no password. */
  static async open(options: PostgresOptions): Promise<PostgresStore> {
    const cluster = new Cluster();
    await openDatabase(options, cluster);
    const store = new PostgresStore(options, cluster);
    try {
      await store.#lease.start();
    } catch (error) {
      await store.close();
      throw error;
    }
    return store;
  }

  execute<C extends Command>(command: C, options: ExecuteOptions = {}): Promise<Outcome<AnswerOf<C>>> {
    return this.#track(() => this.#executor.execute(command, options.deadline) as Promise<Outcome<AnswerOf<C>>>);
  }

  async readFamily(tenantId: string | null, familyId: string, bounds?: ReadBounds): Promise<IntrospectionReading> {
    this.#requireOpen();
    return this.#families.read(tenantId, familyId, bounds);
  }

  async readFamilies(
    tenantId: string | null,
    familyIds: readonly string[],
    bounds?: ReadBounds,
    onTurn?: () => void,
  ): Promise<readonly IntrospectionReading[]> {
    this.#requireOpen();
    return this.#families.readMany(tenantId, familyIds, bounds, onTurn);
  }

  async readClient(clientId: string): Promise<ClientReading | undefined> {
    this.#requireOpen();
    return this.#clients.read(clientId);
  }

  async read<R extends Reads>(reads: R): Promise<StateOf<R>> {
    this.#requireOpen();
    const { state } = await this.#rows.read({ locks: [], reads });
    return state as StateOf<R>;
  }

  async list<T>(list: List<T>, by: Where<T>, page: Page): Promise<readonly T[]> {
    this.#requireOpen();
    const step = listStep(list, by, page);
    const { rows } = await this.#primary.read((session) => send(session, step));
    return rows.map((row) => list.table.fromRow(row));
  }

  async readRevocations(positions: readonly LogPosition[], limit: number): Promise<readonly LogReading[]> {
    this.#requireOpen();
    return this.#primary.readThroughout((session) => readLogs(session, positions, limit));
  }

  purgeExpired(limit: number, horizon: Instant = this.#options.clock()): Promise<number> {
    return this.#track(async () => {
      try {
        return await this.#primary.write((session) => purge(session, horizon, limit));
      } catch (error) {
        throw this.#primary.refusal(error, false);
      }
    });
  }

  async readTime(): Promise<Instant> {
    this.#requireOpen();
    return Number((await this.#primary.read((session) => session.query(TIME))).rows[0]?.[0]);
  }

  figures(): StoreFigures {
    const { commits } = this.#primary;
    return {
      engine: 'postgres',
      schema: STEPS.length,
      commitSeconds: commits.seconds,
      commitSize: commits.size,
      pendingWrites: this.#working.size,
      postgres: {
        pools: this.#primary.figures(),
        leaseAge: this.#lease.age / 1_000,
        leasesLost: this.#lease.losses,
      },
    };
  }

  async countOtherNodes(): Promise<number> {
    this.#requireOpen();
    return countOtherNodes(this.#primary, this.#processId);
  }

  untilAnswerable(): Promise<void> {
    return this.#primary.untilAnswerable(this.#lease.timeline);
  }

  async estimateFamilies(): Promise<number> {
    this.#requireOpen();
    return Number((await this.#primary.read((session) => session.query(FAMILIES))).rows[0]?.[0]);
  }

  isWritable(): boolean {
    return this.#lease.isHeld;
  }

  isReadable(): boolean {
    return this.#lease.isHeld;
  }

  onHealthChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await Promise.allSettled(this.#working);
    await this.#lease.stop();
    await Promise.all([this.#primary.end(), this.#families.end()]);
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

  #requireOpen(): void {
    if (this.#closing !== undefined) {
      throw new SymbolonError('store_unavailable', 'The store is closed');
    }
  }
}
