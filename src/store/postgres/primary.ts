/** The primary as a node may use it: under the lease, and on the newest timeline that was seen. */
import type { ClientBase } from 'pg';
import { SymbolonError } from '../../core/errors.ts';
import type { Cluster } from './cluster.ts';
import { Commits } from './commits.ts';
import { Connections, type Session } from './connections.ts';
import { NotThePrimary, storeError } from './faults.ts';
import type { Lease } from './lease.ts';
import { type PostgresOptions, READ_POOL_SIZE } from './options.ts';
import { Trouble } from './trouble.ts';

export class Primary {
  readonly commits = new Commits();
  readonly #reading: Trouble;
  readonly #writing: Trouble;
  readonly #lease: Lease;
  readonly #writers: Connections;
  readonly #readers: Connections;

  constructor(options: PostgresOptions, cluster: Cluster, lease: Lease) {
    const ask = async (client: ClientBase) => {
      const { timeline } = await cluster.askPrimary(client, options);
      lease.observe(timeline);
      return timeline;
    };
    this.#reading = new Trouble('reads', options);
    this.#writing = new Trouble('writes', options);
    this.#lease = lease;
    this.#writers = new Connections(options, options.poolSize, ask);
    this.#readers = new Connections(options, options.readPoolSize ?? READ_POOL_SIZE, ask);
  }

  /** What was read is believed only when the lease still holds afterwards. */
  async read<T>(work: (session: Session) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        this.requireLease();
        return await this.#readers.use(async (session) => {
          this.#requireCurrent(session);
          const result = await work(session);
          this.requireLease(session.timeline);
          this.#reading.succeeded();
          return result;
        });
      } catch (error) {
        if (!(error instanceof NotThePrimary) || attempt > READ_POOL_SIZE) {
          throw refusalOf(error, true, this.#reading);
        }
      }
    }
  }

  /**
   * As `read`, and the lease held when the reading began, on the timeline on which it ended. By what it tells, others will answer for
   * longer than a lease: nobody may have left this node out of account by then (decision 0134).
   */
  readThroughout<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.read((session) => {
      this.requireLease(session.timeline);
      return work(session);
    });
  }

  /** A node that has lost its lease begins no write: it would wait in the server for a replica that is not there. */
  write<T>(work: (session: Session) => Promise<T>): Promise<T> {
    this.requireLease();
    return this.#writers.use(async (session) => {
      this.#requireCurrent(session);
      const result = await work(session);
      this.#writing.succeeded();
      return result;
    });
  }

  /** Resolves when a write that was committed on this timeline may be answered. */
  untilAnswerable(timeline: number): Promise<void> {
    return this.#lease.untilAnswerable(timeline);
  }

  requireLease(timeline = this.#lease.timeline): void {
    if (!this.#lease.holds(timeline)) {
      throw new SymbolonError('store_unavailable', 'The store’s primary is not known to be the primary now', {
        retryAfterMs: 1_000,
      });
    }
  }

  /** What a caller is told of a write that failed; what it was goes to the log. */
  refusal(error: unknown, isOutcomeKnown: boolean): SymbolonError {
    return refusalOf(error, isOutcomeKnown, this.#writing);
  }

  figures() {
    return { write: this.#writers.figures(), read: this.#readers.figures() };
  }

  async end(): Promise<void> {
    await Promise.all([this.#writers.end(), this.#readers.end()]);
  }

  /** A connection to a primary that was replaced is given up, and another is taken. */
  #requireCurrent({ timeline }: Session): void {
    if (timeline < this.#lease.timeline) {
      throw new NotThePrimary(`the connection is on timeline ${timeline}, and ${this.#lease.timeline} has begun`);
    }
  }
}

function refusalOf(error: unknown, isOutcomeKnown: boolean, trouble: Trouble): SymbolonError {
  const refusal = storeError(error, isOutcomeKnown);
  if (refusal !== error && refusal.cause instanceof Error) {
    trouble.failed(refusal.cause.message);
  }
  return refusal;
}
