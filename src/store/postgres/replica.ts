/**
 * Reading a standby, for callers who put up with a bounded staleness. How far it is behind is known without comparing clocks: a
 * heartbeat of this node that the standby has replayed shows that it has all that was answered before the heartbeat was sent.
 */
import type { IntrospectionReading, ReadBounds } from '../../core/store.ts';
import type { Origins } from '../rows/token-readings.ts';
import type { Statement } from './batch.ts';
import { Connections, type Session } from './connections.ts';
import type { Lease } from './lease.ts';
import { together } from './load.ts';
import { type PostgresOptions, READ_POOL_SIZE } from './options.ts';
import { ReadBatches } from './read-batches.ts';
import { type Lookup, readTokens } from './token-reader.ts';

const LAST_BEAT: Statement = ['last_beat', 'SELECT beat FROM heartbeat WHERE node_id = $1'];

/** What a standby said, and since when at the latest it may have missed something: monotonic milliseconds. */
interface ReplicaReading {
  readonly reading: IntrospectionReading;
  readonly asOf: number;
}

export class Replica {
  readonly #lease: Lease;
  readonly #origins: Origins;
  readonly #connections: Connections;
  readonly #tokens: ReadBatches<Lookup, ReplicaReading>;

  constructor(url: string, options: PostgresOptions, lease: Lease, origins: Origins) {
    this.#lease = lease;
    this.#origins = origins;
    // A standby has no timeline of its own to tell; what it has replayed tells what it is worth.
    this.#connections = new Connections({ ...options, url }, READ_POOL_SIZE, async () => lease.timeline);
    this.#tokens = new ReadBatches((lookups) => this.#connections.use((session) => this.#read(session, lookups)));
  }

  /** Undefined when the standby is not within the bounds, or gives no answer. */
  async readToken(lookup: Lookup, bounds: ReadBounds): Promise<IntrospectionReading | undefined> {
    try {
      const { reading, asOf } = await this.#tokens.read(lookup);
      const isFresh = performance.now() - asOf <= bounds.maxStalenessMs;
      return isFresh && reading.revision >= bounds.atLeastRevision ? reading : undefined;
    } catch {
      return undefined;
    }
  }

  end(): Promise<void> {
    return this.#connections.end();
  }

  /** The heartbeat first: what is read after it is at least as new. */
  async #read(session: Session, lookups: readonly Lookup[]): Promise<ReplicaReading[]> {
    const [beats, readings] = await together([
      session.query(LAST_BEAT, [this.#lease.nodeId]),
      readTokens(session, this.#origins, lookups),
    ]);
    const asOf = this.#lease.sentTime(Number(beats.rows[0]?.[0] ?? 0)) ?? Number.NEGATIVE_INFINITY;
    return readings.map((reading) => ({ reading, asOf }));
  }
}
