/**
 * Reading a standby, for callers who put up with a bounded staleness. How far it is behind is known without comparing clocks: a
 * heartbeat of this node that the standby has replayed shows that it has all that was answered before the heartbeat was sent.
 */
import type { IntrospectionReading, ReadBounds } from '../../core/services/store.ts';
import type { FamilyOrigins } from '../rows/family-readings.ts';
import { type Statement, together } from './batch.ts';
import type { Cluster } from './cluster.ts';
import { Connections, type Session } from './connections.ts';
import { type Lookup, readFamilies, readFamiliesAtOnce } from './family-reader.ts';
import type { Lease } from './lease.ts';
import { type PostgresOptions, READ_POOL_SIZE, type ReplicaAddress } from './options.ts';
import { ReadBatches } from './read-batches.ts';
import { Trouble } from './trouble.ts';

/** The primary answers sooner than a standby that hangs. */
const ANSWER_TIMEOUT_MS = 250;
/** For how long a standby that failed is left alone. */
const REST_MS = 1_000;
const LAST_BEAT: Statement = ['last_beat', 'SELECT beat FROM heartbeat WHERE node_id = $1'];

/** What a standby said, and since when at the latest it may have missed something: monotonic milliseconds. */
interface ReplicaReading {
  readonly reading: IntrospectionReading;
  readonly asOf: number;
}

export class Replica {
  readonly #lease: Lease;
  readonly #origins: FamilyOrigins;
  readonly #connections: Connections;
  readonly #trouble: Trouble;
  #restsUntil = 0;
  readonly #families: ReadBatches<Lookup, ReplicaReading>;

  constructor(
    replica: ReplicaAddress,
    options: PostgresOptions,
    cluster: Cluster,
    lease: Lease,
    origins: FamilyOrigins,
  ) {
    this.#lease = lease;
    this.#origins = origins;
    this.#trouble = new Trouble('replica', options);
    const { tls: _, ...others } = options;
    const own = { ...others, ...replica, answerTimeoutMs: Math.min(ANSWER_TIMEOUT_MS, options.answerTimeoutMs) };
    // A standby has no timeline of its own to tell; what it has replayed tells what it is worth.
    this.#connections = new Connections(own, options.readPoolSize ?? READ_POOL_SIZE, async (client) => {
      await cluster.askStandby(client, own);
      return lease.timeline;
    });
    this.#families = new ReadBatches((lookups) =>
      this.#connections.use((session) => this.#read(session, lookups, readFamilies)),
    );
  }

  /** Undefined when the standby is not within the bounds, or gives no answer soon. */
  async readFamily(lookup: Lookup, bounds: ReadBounds): Promise<IntrospectionReading | undefined> {
    const readings = await this.#within(bounds, async () => [await this.#families.read(lookup)]);
    return readings?.[0];
  }

  /** The same for many, of one moment. */
  readFamilies(lookups: readonly Lookup[], bounds: ReadBounds): Promise<IntrospectionReading[] | undefined> {
    return this.#within(bounds, () =>
      this.#connections.use((session) => this.#read(session, lookups, readFamiliesAtOnce)),
    );
  }

  end(): Promise<void> {
    return this.#connections.end();
  }

  async #within(
    bounds: ReadBounds,
    read: () => Promise<readonly ReplicaReading[]>,
  ): Promise<IntrospectionReading[] | undefined> {
    if (performance.now() < this.#restsUntil) {
      return undefined;
    }
    try {
      const readings = await read();
      this.#trouble.succeeded();
      return readings.every((each) => isWithin(each, bounds)) ? readings.map(({ reading }) => reading) : undefined;
    } catch (error) {
      this.#restsUntil = performance.now() + REST_MS;
      this.#trouble.failed(`the replica gave no answer: ${String(error)}`);
      return undefined;
    }
  }

  /** The heartbeat first: what is read after it is at least as new. */
  async #read(session: Session, lookups: readonly Lookup[], read: typeof readFamilies): Promise<ReplicaReading[]> {
    const [beats, readings] = await together([
      session.query(LAST_BEAT, [this.#lease.nodeId]),
      read(session, this.#origins, lookups),
    ]);
    const asOf = this.#lease.sentTime(Number(beats.rows[0]?.[0] ?? 0)) ?? Number.NEGATIVE_INFINITY;
    return readings.map((reading) => ({ reading, asOf }));
  }
}

/** Where even the tenant is not there yet, nothing of it is. */
function isWithin({ reading, asOf }: ReplicaReading, { maxStalenessMs, atLeastRevision }: ReadBounds): boolean {
  const isFresh = performance.now() - asOf <= maxStalenessMs;
  return isFresh && reading.clientVersion >= 0 && reading.revision >= atLeastRevision;
}
