/** What a store tells an operator about itself. All of it is known already, so telling it costs nothing and can't fail. */
import type { Histogram } from '../histogram.ts';

/** The connections of one pool. */
export interface PoolFigures {
  readonly inUse: number;
  readonly idle: number;
  /** Those who wait for one. */
  readonly waiting: number;
  readonly max: number;
}

export interface StoreFigures {
  readonly engine: 'sqlite' | 'postgres';
  /** The version of the schema. */
  readonly schema: number;
  /** Seconds from the beginning of a transaction that writes until it is on the disk. */
  readonly commitSeconds: Histogram;
  /** Commands that share a transaction. */
  readonly commitSize: Histogram;
  /** Writes that have not been answered. */
  readonly pendingWrites: number;
  readonly sqlite?: {
    /** As it was at the last checkpoint, about a second ago. */
    readonly walBytes: number;
    readonly checkpointFailures: number;
  };
  readonly postgres?: {
    readonly pools: { readonly write: PoolFigures; readonly read: PoolFigures };
    /** Seconds since the last heartbeat was sent that was acknowledged. */
    readonly leaseAge: number;
    /** How often the lease ran out. */
    readonly leasesLost: number;
  };
}
