/** Where the reads of families go: to the primary, or to a replica for those who put up with its staleness. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { IntrospectionReading, ReadBounds } from '../../core/services/store.ts';
import { FamilyOrigins } from '../rows/family-readings.ts';
import type { Cluster } from './cluster.ts';
import { type Lookup, lookupOf, readFamilies, readFamiliesAtOnce } from './family-reader.ts';
import type { Lease } from './lease.ts';
import type { PostgresOptions } from './options.ts';
import type { Primary } from './primary.ts';
import { ReadBatches } from './read-batches.ts';
import { Replica } from './replica.ts';

const REPLICA_RETRY_MS = 20;

export class FamilyReads {
  readonly #options: PostgresOptions;
  readonly #primary: Primary;
  readonly #origins = new FamilyOrigins();
  readonly #replica: Replica | undefined;
  readonly #families: ReadBatches<Lookup, IntrospectionReading>;
  #isEnded = false;

  constructor(options: PostgresOptions, cluster: Cluster, lease: Lease, primary: Primary) {
    const { replica } = options;
    this.#options = options;
    this.#primary = primary;
    this.#replica = replica && new Replica(replica, options, cluster, lease, this.#origins);
    this.#families = new ReadBatches((lookups) =>
      primary.read((session) => readFamilies(session, this.#origins, lookups)),
    );
  }

  read(tenantId: string | null, familyId: string, bounds?: ReadBounds): Promise<IntrospectionReading> {
    const lookup = lookupOf(tenantId, familyId);
    return bounds === undefined || this.#replica === undefined
      ? this.#families.read(lookup)
      : this.#within(
          bounds,
          (replica) => replica.readFamily(lookup, bounds),
          () => this.#families.read(lookup),
        );
  }

  /** All of one moment. `onTurn` is told before the primary is asked. */
  readMany(
    tenantId: string | null,
    familyIds: readonly string[],
    bounds?: ReadBounds,
    onTurn?: () => void,
  ): Promise<readonly IntrospectionReading[]> {
    const lookups = familyIds.map((familyId) => lookupOf(tenantId, familyId));
    const read = () =>
      this.#primary.read((session) => {
        onTurn?.();
        return readFamiliesAtOnce(session, this.#origins, lookups);
      });
    return bounds === undefined || this.#replica === undefined
      ? read()
      : this.#within(bounds, (replica) => replica.readFamilies(lookups, bounds), read);
  }

  async end(): Promise<void> {
    this.#isEnded = true;
    await this.#replica?.end();
  }

  /** From the replica where it is within the bounds, else from the primary; waits for either while there is time. */
  async #within<T>(
    bounds: ReadBounds,
    readReplica: (replica: Replica) => Promise<T | undefined>,
    readPrimary: () => Promise<T>,
  ): Promise<T> {
    const deadline = bounds.deadline ?? Date.now() + this.#options.answerTimeoutMs;
    for (;;) {
      const reading = this.#replica && (await readReplica(this.#replica));
      if (reading !== undefined) {
        return reading;
      }
      try {
        return await readPrimary();
      } catch (error) {
        if (this.#isEnded || Date.now() + REPLICA_RETRY_MS >= deadline) {
          throw error;
        }
        await sleep(REPLICA_RETRY_MS);
      }
    }
  }
}
