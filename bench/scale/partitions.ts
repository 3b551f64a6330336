/** What deleting expired rows one by one costs a shard, against dropping the partition that holds them. */
import { ASSUMED, DAY, type Load, PAGE } from './load.ts';

/** Of a login's row, in its three indexes: `node bench/scale.ts bytes`. */
export const INDEX_BYTES_PER_LOGIN = 176;
/** autovacuum_vacuum_scale_factor: PostgreSQL's default. */
const DEAD_SHARE = 0.2;
/** What a vacuum reads of its indexes a second. An assumption. */
const SCAN_BYTES = 200e6;
/** A dead row's address, of which PostgreSQL before 17 remembers at most 1 GB at a time. */
const ADDRESS_BYTES = 6;
const REMEMBERED_BYTES = 2 ** 30;
const PARTITION_DAYS = 7;

export interface Purging {
  readonly rows: number;
  readonly deadRows: number;
  readonly daysBetween: number;
  readonly scanHours: number;
  /** Times that all indexes are read, before PostgreSQL 17. */
  readonly passes: number;
  readonly indexGigabytes: number;
  /** WAL of the deletes of all shards, MB/s, when each row lies on a page that nothing else touched lately. */
  readonly deleteWal: number;
  readonly partitions: number;
}

export function purgingOf(load: Load, shards: number): Purging {
  const rows = load.familyRows / shards;
  const expiring = load.logins;
  const deadRows = rows * DEAD_SHARE;
  const indexBytes = rows * INDEX_BYTES_PER_LOGIN;
  return {
    rows,
    deadRows,
    daysBetween: (deadRows * shards) / expiring / DAY,
    scanHours: indexBytes / SCAN_BYTES / 3_600,
    passes: Math.ceil((deadRows * ADDRESS_BYTES) / REMEMBERED_BYTES),
    indexGigabytes: indexBytes / 1e9,
    deleteWal: (expiring * PAGE) / 1e6,
    partitions: Math.ceil(ASSUMED.familyDays / PARTITION_DAYS) + 1,
  };
}
