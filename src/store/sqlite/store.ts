import type { Outcome } from '../../core/changes.ts';
import type { AnswerOf, Command } from '../../core/commands/index.ts';
import { SymbolonError } from '../../core/errors.ts';
import { GROUP_SIZES, Histogram, SECONDS } from '../../core/histogram.ts';
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
import { faultOf } from './faults.ts';
import { ReadHealth } from './read-health.ts';
import { Reader } from './reader.ts';
import { STEPS } from './schema.ts';
import { Turns } from './turns.ts';
import { WriterClient } from './writer-client.ts';
import { type TakesPort, type WriterOptions, WriterOwner } from './writer-owner.ts';

/** Commits are measured by the thread that started the writer. */
const NONE_TIMED = new Histogram(SECONDS);
const NONE_SIZED = new Histogram(GROUP_SIZES);

/** The SQLite engine. Its port is asynchronous because other engines are; most of its reads are not. */
export class SqliteStore implements Store {
  readonly #reader: Reader;
  readonly #writer: WriterClient;
  /** Undefined where another thread of this process has started the writer. */
  readonly #owner: WriterOwner | undefined;
  readonly #readHealth: ReadHealth;
  readonly #clock: () => Instant;
  readonly #turns = new Turns();
  #isClosed = false;

  private constructor(
    writer: WriterClient,
    owner: WriterOwner | undefined,
    { path, clock }: Pick<WriterOptions, 'path' | 'clock'>,
  ) {
    this.#reader = new Reader(path);
    this.#writer = writer;
    this.#owner = owner;
    this.#readHealth = new ReadHealth(path);
    this.#clock = clock;
    if (owner !== undefined) {
      this.#reader.keepRows(owner.marks);
    }
    writer.onMarks((marks) => this.#reader.keepRows(marks));
  }

  /** Opens the file, creating or migrating it. Rejects with a message for the operator when it can't. */
  static async open(options: WriterOptions): Promise<SqliteStore> {
    const owner = await WriterOwner.start(options);
    return new SqliteStore(owner.client, owner, options);
  }

  /** Opens it in one more thread of a process that has it open. `take` has to be called with each port that `admit` gives there. */
  static beside(options: Pick<WriterOptions, 'path' | 'clock'>): { store: SqliteStore; take: TakesPort } {
    const writer = new WriterClient(options.clock);
    return { store: new SqliteStore(writer, undefined, options), take: (port) => writer.connectBy(port) };
  }

  /** Gives another thread ports to the writer: one now, and another whenever it was started again. Answers how to forget that thread. */
  admit(takes: TakesPort): () => void {
    return this.#owner?.admit(takes) ?? unexpected();
  }

  async execute<C extends Command>(command: C, options: ExecuteOptions = {}): Promise<Outcome<AnswerOf<C>>> {
    return (await this.#writer.execute(command, options.deadline)) as Outcome<AnswerOf<C>>;
  }

  readFamily(tenantId: string | null, familyId: string): Promise<IntrospectionReading> {
    return this.#reader.readFamily(tenantId, familyId).then(
      (reading) => this.#answered(reading),
      (error: unknown) => this.#refuse(error),
    );
  }

  /** What is kept and is as the store has it, so that nobody has to wait; undefined where it has to be read. */
  findFamily(tenantId: string | null, familyId: string): IntrospectionReading | undefined {
    return this.#isClosed ? undefined : this.#reader.findFamily(tenantId, familyId);
  }

  async readFamilies(
    tenantId: string | null,
    familyIds: readonly string[],
    _bounds?: ReadBounds,
    onTurn?: () => void,
  ): Promise<readonly IntrospectionReading[]> {
    // Of many batches that come together, one is read in each turn: others are answered in between.
    await this.#turns.next();
    onTurn?.();
    return this.#read(() => this.#reader.readFamilies(tenantId, familyIds));
  }

  async readClient(clientId: string): Promise<ClientReading | undefined> {
    return this.#read(() => this.#reader.readClient(clientId));
  }

  async read<R extends Reads>(reads: R): Promise<StateOf<R>> {
    return this.#read(() => this.#reader.read(reads, this.#clock()));
  }

  async list<T>(list: List<T>, by: Where<T>, page: Page): Promise<readonly T[]> {
    // Who reads page after page lets others in between, and so do many at once.
    await this.#turns.next();
    return this.#read(() => this.#reader.list(list, by, page));
  }

  async readRevocations(positions: readonly LogPosition[], limit: number): Promise<readonly LogReading[]> {
    return this.#read(() => this.#reader.readRevocations(positions, limit));
  }

  onRevocations(listener: (tenantIds: readonly string[]) => void): void {
    this.#writer.logFollowers.add(listener);
  }

  purgeExpired(limit: number, horizon?: Instant): Promise<number> {
    return this.#writer.purge(limit, horizon);
  }

  figures(): StoreFigures {
    const { pendingWrites, walBytes, checkpointFailures } = this.#writer;
    const { commitSeconds = NONE_TIMED, commitSize = NONE_SIZED } = this.#owner ?? {};
    const common = { engine: 'sqlite', schema: STEPS.length, commitSeconds, commitSize, pendingWrites } as const;
    return { ...common, sqlite: { walBytes, checkpointFailures } };
  }

  estimateFamilies(): Promise<number> {
    return this.#reader.countFamilies(this.#clock()).catch((error: unknown) => this.#refuse(error));
  }

  isWritable(): boolean {
    return this.#writer.isWritable;
  }

  isReadable(): boolean {
    return !this.#isClosed && this.#readHealth.isReadable;
  }

  onHealthChange(listener: () => void): void {
    this.#writer.onWritableChange(listener);
    this.#readHealth.onChange(listener);
  }

  async close(): Promise<void> {
    // The writer is the last to close, for only a connection that can write empties the WAL.
    this.#isClosed = true;
    this.#readHealth.stop();
    this.#reader.close();
    await (this.#owner?.close() ?? this.#writer.finish());
  }

  #read<T>(read: () => T): T {
    try {
      return this.#answered(read());
    } catch (error) {
      return this.#refuse(error);
    }
  }

  #answered<T>(answer: T): T {
    this.#readHealth.succeeded();
    return answer;
  }

  /** Driver text goes to the log alone. */
  #refuse(error: unknown): never {
    if (this.#isClosed) {
      throw new SymbolonError('store_unavailable', 'The store is closed');
    }
    const { code, message, detail } = faultOf(error);
    if (code === 'store_unavailable') {
      this.#readHealth.failed();
    }
    throw new SymbolonError(code, message, { cause: new Error(detail) });
  }
}

function unexpected(): never {
  throw new Error('only the thread that started the writer gives ports to it');
}
