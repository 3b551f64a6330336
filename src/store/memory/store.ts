import type { Outcome } from '../../core/changes.ts';
import { decide, nextReadsOf, planOf } from '../../core/commands/decide.ts';
import type { AnswerOf, Command } from '../../core/commands/index.ts';
import { SymbolonError } from '../../core/errors.ts';
import type { Instant } from '../../core/model.ts';
import type { Reads, StateOf } from '../../core/plan.ts';
import type { LogPosition, LogReading } from '../../core/services/revocation-log.ts';
import type { ClientReading, ExecuteOptions, IntrospectionReading, Store } from '../../core/services/store.ts';
import type { List, Page, Where } from '../../core/table.ts';
import { grownLogsOf, LogFollowers } from '../rows/grown-logs.ts';
import { readClient, readFamily, readLog } from './readings.ts';
import { answerList, answerReads } from './reads.ts';
import { MemoryTables } from './tables.ts';

export interface MemoryOptions {
  readonly clock: () => Instant;
}

/** An engine that keeps nothing. Each call is done before it returns, so all of them take effect in the order of the calls. */
export class MemoryStore implements Store {
  readonly #clock: () => Instant;
  readonly #listeners: (() => void)[] = [];
  readonly #followers = new LogFollowers();
  #tables = new MemoryTables();
  #isClosed = false;

  constructor({ clock }: MemoryOptions) {
    this.#clock = clock;
  }

  async execute<C extends Command>(command: C, { deadline }: ExecuteOptions = {}): Promise<Outcome<AnswerOf<C>>> {
    return this.#use(() => {
      if (deadline !== undefined && deadline < Date.now()) {
        throw new SymbolonError('deadline_exceeded', 'The deadline passed before the write was begun');
      }
      return this.#execute(command) as Outcome<AnswerOf<C>>;
    });
  }

  async readFamily(tenantId: string | null, familyId: string): Promise<IntrospectionReading> {
    return this.#use(() => readFamily((reads) => this.#read(reads), tenantId, familyId));
  }

  async readFamilies(tenantId: string | null, familyIds: readonly string[]): Promise<readonly IntrospectionReading[]> {
    return this.#use(() => familyIds.map((familyId) => readFamily((reads) => this.#read(reads), tenantId, familyId)));
  }

  async readClient(clientId: string): Promise<ClientReading | undefined> {
    return this.#use(() => readClient((reads) => this.#read(reads), clientId));
  }

  async read<R extends Reads>(reads: R): Promise<StateOf<R>> {
    return this.#use(() => this.#read(reads));
  }

  async list<T>(list: List<T>, by: Where<T>, page: Page): Promise<readonly T[]> {
    return this.#use(() => answerList(this.#tables, list, by, page));
  }

  async readRevocations(positions: readonly LogPosition[], limit: number): Promise<readonly LogReading[]> {
    return this.#use(() =>
      positions.map((position) => readLog(this.#tables, (reads) => this.#read(reads), position, limit)),
    );
  }

  onRevocations(listener: (tenantIds: readonly string[]) => void): void {
    this.#followers.add(listener);
  }

  async purgeExpired(limit: number, horizon: Instant = this.#clock()): Promise<number> {
    return this.#use(() => this.#tables.purge(horizon, limit));
  }

  isWritable(): boolean {
    return !this.#isClosed;
  }

  isReadable(): boolean {
    return !this.#isClosed;
  }

  onHealthChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  async close(): Promise<void> {
    if (this.#isClosed) {
      return;
    }
    this.#isClosed = true;
    this.#tables = new MemoryTables();
    for (const listener of this.#listeners) {
      listener();
    }
  }

  #execute(command: Command): Outcome<unknown> {
    const moment = { now: this.#clock(), timeline: 0 };
    const first = answerReads(this.#tables, planOf(command).reads, moment.now);
    const then = answerReads(this.#tables, nextReadsOf(command, first, moment), moment.now);
    const { changes, outcome } = decide(command, { ...first, ...then }, moment);
    this.#tables.apply(changes);
    this.#followers.tell(grownLogsOf(changes));
    return outcome;
  }

  #read<R extends Reads>(reads: R): StateOf<R> {
    return answerReads(this.#tables, reads, this.#clock());
  }

  #use<T>(work: () => T): T {
    if (this.#isClosed) {
      throw new SymbolonError('store_unavailable', 'The store is closed');
    }
    try {
      return work();
    } catch (error) {
      throw error instanceof SymbolonError
        ? error
        : new SymbolonError('internal', 'The store failed', { cause: error });
    }
  }
}
